#include "core/sources/orchestrator/actionrequest.h"

#include "core/sources/orchestrator/remoteoperationcodec.h"

namespace vigie {

HttpRequest actionRequest(Action action, const InstanceId& id, const QString& reason,
                          const QByteArray& idempotencyKey) {
    HttpRequest request;
    QString path =
        QStringLiteral("/instances/") + QString::fromLatin1(QUrl::toPercentEncoding(id.value()));
    switch (action) {
    case Action::Terminate:
        request.method = "DELETE";
        break;
    case Action::Reinstall:
        request.method = "POST";
        path += QStringLiteral("/reinstall");
        break;
    case Action::Archive:
        request.method = "PUT";
        path += QStringLiteral("/archive");
        break;
    default:
        request.method = "POST";
        path = QStringLiteral("/actions");
        request.headers.emplaceBack("Content-Type", "application/json");
        request.body = encodeRemoteAction(action, {id}, reason);
        break;
    }
    request.url.setPath(path, QUrl::TolerantMode);
    request.headers.append({"X-Vigie-Reason", QUrl::toPercentEncoding(reason)});
    request.headers.append({"X-Correlation-Id", newUuid().toLatin1()});
    if (!idempotencyKey.isEmpty())
        request.headers.append({"Idempotency-Key", idempotencyKey});
    return request;
}

} // namespace vigie
