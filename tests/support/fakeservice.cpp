#include "tests/support/fakeservice.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

namespace {

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Fault error(int status, const QByteArray& sentence) {
    return faults::json(status, compact({{QStringLiteral("error"), QString::fromUtf8(sentence)}}));
}

QByteArray path(const FaultyRequest& request) {
    return request.target.split('?').first();
}

} // namespace

FakeService::FakeService() {
    m_server.setScript([this](const FaultyRequest& request) {
        if (m_faults.empty())
            return answer(request);
        Fault fault = m_faults.front();
        m_faults.pop_front();
        return fault;
    });
}

void FakeService::misbehave(std::vector<Fault> faults) {
    m_faults.assign(faults.begin(), faults.end());
}

int FakeService::received(const QByteArray& method) const {
    int count = 0;
    for (const FaultyRequest& request : m_server.requests())
        count += method.isEmpty() || request.method == method ? 1 : 0;
    return count;
}

Fault FakeOllama::answer(const FaultyRequest& request) {
    if (request.target == "/api/version")
        return faults::json(200, "{\"version\":\"0.5.1\"}");
    if (request.target == "/api/tags") {
        QJsonArray list;
        for (const QByteArray& name : models)
            list.append(QJsonObject{
                {QStringLiteral("name"), QString::fromUtf8(name)},
                {QStringLiteral("size"), 4661224676.0},
                {QStringLiteral("details"),
                 QJsonObject{{QStringLiteral("parameter_size"), QStringLiteral("8.0B")},
                             {QStringLiteral("quantization_level"), QStringLiteral("Q4_0")}}}});
        return faults::json(200, compact({{QStringLiteral("models"), list}}));
    }
    const bool isChat = request.target == "/api/chat";
    if (request.method != "POST" || (!isChat && request.target != "/api/generate"))
        return faults::answer(404, "404 page not found");
    const QJsonObject order = QJsonDocument::fromJson(request.body).object();
    const QByteArray model = order[QStringLiteral("model")].toString().toUtf8();
    if (!models.contains(model) && !models.contains(model + ":latest"))
        return error(404, "model '" + model + "' not found");
    const QString said =
        isChat ? order[QStringLiteral("messages")][0][QStringLiteral("content")].toString()
               : order[QStringLiteral("prompt")].toString();
    QJsonObject reply{{QStringLiteral("model"), QString::fromUtf8(model)},
                      {QStringLiteral("done"), true},
                      {QStringLiteral("done_reason"), QStringLiteral("stop")},
                      {QStringLiteral("prompt_eval_count"), 5},
                      {QStringLiteral("eval_count"), 7},
                      {QStringLiteral("total_duration"), 1500000000.0}};
    if (isChat)
        reply[QStringLiteral("message")] =
            QJsonObject{{QStringLiteral("role"), QStringLiteral("assistant")},
                        {QStringLiteral("content"), QStringLiteral("chat: ") + said}};
    else
        reply[QStringLiteral("response")] = QStringLiteral("echo: ") + said;
    return faults::json(200, compact(reply));
}

Fault FakePostgrest::answer(const FaultyRequest& request) {
    if (request.header("apikey") != key)
        return faults::json(401, "{\"message\":\"Invalid API key\",\"hint\":\"Double check it.\"}");
    if (request.header("Authorization") != QByteArray("Bearer ") + key)
        return faults::json(401, "{\"code\":\"PGRST301\",\"message\":\"JWSError\"}");
    if (path(request) == "/rest/v1/")
        return faults::json(200, "{\"swagger\":\"2.0\",\"info\":{\"version\":\"12.2.3\"},"
                                 "\"paths\":{},\"definitions\":{\"jobs\":{}}}");
    if (path(request) != "/rest/v1/jobs")
        return faults::json(404, "{\"code\":\"PGRST205\",\"message\":\"Could not find the table "
                                 "in the schema cache\",\"details\":null,\"hint\":null}");
    if (request.method == "GET") {
        QByteArrayList all;
        for (const QByteArray& row : rows)
            all.append(row);
        return faults::json(200, '[' + all.join(',') + ']');
    }
    const QJsonDocument body = QJsonDocument::fromJson(request.body);
    const QJsonArray list = body.isArray() ? body.array() : QJsonArray{body.object()};
    const bool merges = request.header("Prefer").contains("merge-duplicates");
    for (const QJsonValue& row : list) {
        const int id = row[QStringLiteral("id")].toInt();
        if (rows.contains(id) && !merges)
            return faults::json(409, "{\"code\":\"23505\",\"details\":\"Key (id) already "
                                     "exists.\",\"hint\":null,\"message\":\"duplicate key value "
                                     "violates unique constraint \\\"jobs_pkey\\\"\"}");
        rows[id] = compact(row.toObject());
    }
    return faults::json(201, QJsonDocument(list).toJson(QJsonDocument::Compact));
}

Fault FakeWhisper::answer(const FaultyRequest& request) {
    if (request.target == "/health" && hasHealth)
        return faults::json(200, "{\"status\":\"ok\"}");
    if (request.target == "/v1/models")
        return faults::json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}]}");
    if (request.method != "POST" || request.target != "/v1/audio/transcriptions")
        return faults::json(404, "{\"detail\":\"Not Found\"}");
    const QByteArray type = request.header("Content-Type");
    const QByteArray boundary = type.mid(type.indexOf("boundary=") + 9);
    const bool isWhole = type.startsWith("multipart/form-data;") && !boundary.isEmpty() &&
                         request.body.endsWith("\r\n--" + boundary + "--\r\n");
    const qsizetype file = request.body.indexOf("name=\"file\"; filename=\"");
    if (!isWhole || file < 0)
        return error(400, "no 'file' field in the request");
    if (!request.body.mid(file).contains("RIFF"))
        return error(400, "failed to read WAV file");
    return faults::json(200, "{\"text\":\"Bonjour.\",\"language\":\"fr\",\"duration\":1.5}");
}

} // namespace vigie
