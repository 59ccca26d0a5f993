#include "core/worker/agentcodec.h"

#include "core/base/timeformat.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

namespace {

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

void put(QJsonObject& object, const char* key, const QString& value) {
    if (!value.isEmpty())
        object.insert(QLatin1String(key), value);
}

} // namespace

QByteArray encodeInfo(const WorkerInfo& info) {
    return compact({{QStringLiteral("agent_version"), info.agent.version},
                    {QStringLiteral("agent_build_date"), info.agent.buildDate},
                    {QStringLiteral("agent_checksum"), info.agent.checksum},
                    {QStringLiteral("worker_id"), info.workerId},
                    {QStringLiteral("instance_id"), info.instanceId.value()},
                    {QStringLiteral("model_id"), info.modelId},
                    {QStringLiteral("vllm_ready"), info.modelReady}});
}

QByteArray encodeEvents(const std::vector<WorkerEvent>& events, quint64 total,
                        const WorkerInfo& info) {
    QJsonArray rows;
    QJsonObject details;
    if (!info.correlationId.isEmpty())
        details.insert(QStringLiteral("correlation_id"), info.correlationId);
    for (const WorkerEvent& event : events)
        rows.append(QJsonObject{{QStringLiteral("timestamp"), toRfc3339(event.at)},
                                {QStringLiteral("event_type"), event.type},
                                {QStringLiteral("message"), event.message},
                                {QStringLiteral("worker_id"), info.workerId},
                                {QStringLiteral("instance_id"), info.instanceId.value()},
                                {QStringLiteral("details"), details}});
    return compact({{QStringLiteral("log_file"), QJsonValue::Null},
                    {QStringLiteral("total_events"), static_cast<qint64>(total)},
                    {QStringLiteral("events"), rows}});
}

QByteArray encodeStatus(const QString& word, const QString& message) {
    QJsonObject out{{QStringLiteral("status"), word}};
    put(out, "message", message);
    return compact(out);
}

bool isModelList(const QByteArray& body) {
    return QJsonDocument::fromJson(body).object().value(QLatin1String("data")).isArray();
}

} // namespace vigie
