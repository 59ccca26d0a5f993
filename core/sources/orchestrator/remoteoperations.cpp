#include "core/sources/orchestrator/remoteoperations.h"

#include "core/sources/orchestrator/remoteoperationcodec.h"

namespace vigie {

namespace {

HttpRequest posting(const QString& path, QByteArray body) {
    HttpRequest request;
    request.method = "POST";
    request.url.setPath(path, QUrl::TolerantMode);
    request.headers.emplaceBack("Content-Type", "application/json");
    request.headers.append({"X-Correlation-Id", newUuid().toLatin1()});
    request.body = std::move(body);
    return request;
}

QString pathOf(const QString& operation) {
    return QStringLiteral("/actions/") + QString::fromLatin1(QUrl::toPercentEncoding(operation));
}

const char* wordFor(command::OperationVerb verb) {
    switch (verb) {
    case command::OperationVerb::Pause:
        return "/pause";
    case command::OperationVerb::Resume:
        return "/resume";
    case command::OperationVerb::Abort:
        break;
    }
    return "/abort";
}

} // namespace

Task<Outcome<ActionPreview>> RemoteOperations::plan(Action action, std::vector<InstanceId> ids,
                                                    std::stop_token stop) {
    HttpRequest request =
        posting(QStringLiteral("/actions/plan"), encodeRemoteAction(action, ids, {}));
    const Outcome<HttpReply> reply = co_await m_session.send(std::move(request), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeRemotePlan(reply->body);
}

Task<Outcome<QString>> RemoteOperations::start(Action action, std::vector<InstanceId> ids,
                                               QString reason, QByteArray idempotencyKey,
                                               std::stop_token stop) {
    HttpRequest request =
        posting(QStringLiteral("/actions"), encodeRemoteAction(action, ids, reason));
    request.headers.append({"Idempotency-Key", idempotencyKey});
    const Outcome<HttpReply> reply = co_await m_session.send(std::move(request), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeOperationId(reply->body);
}

Task<Outcome<RemoteOperation>> RemoteOperations::follow(QString id,
                                                        std::optional<command::OperationVerb> verb,
                                                        std::stop_token stop) {
    if (verb) {
        HttpRequest request = posting(pathOf(id) + QLatin1String(wordFor(*verb)), {});
        const Outcome<HttpReply> reply =
            co_await m_session.send(std::move(request), std::move(stop));
        if (!reply)
            co_return fail(reply.error());
        co_return decodeRemoteOperation(reply->body);
    }
    const Outcome<HttpReply> reply = co_await m_session.get(pathOf(id), {}, std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeRemoteOperation(reply->body);
}

} // namespace vigie
