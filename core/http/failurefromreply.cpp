#include "core/http/httpclient.h"
#include "core/http/waitasked.h"
#include "core/model/errorcodec.h"

namespace vigie {

namespace {

FailureKind kindOf(int status) {
    switch (status) {
    case 401:
        return FailureKind::Unauthorized;
    case 403:
        return FailureKind::Forbidden;
    case 404:
    case 410:
        return FailureKind::NotFound;
    case 405:
        return FailureKind::Unsupported;
    case 408:
        return FailureKind::Timeout;
    case 409:
    case 412:
        return FailureKind::Conflict;
    case 429:
        return FailureKind::RateLimited;
    default:
        if (status >= 500)
            return FailureKind::ServerError;
        return status >= 400 ? FailureKind::Invalid : FailureKind::Malformed;
    }
}

QString words(int status) {
    switch (status) {
    case 400:
        return QStringLiteral("400, the request was not understood");
    case 401:
        return QStringLiteral("401, a valid token is needed");
    case 403:
        return QStringLiteral("403, this token may not do that");
    case 404:
        return QStringLiteral("404, there is no such thing there");
    case 405:
        return QStringLiteral("405, the server does not offer this");
    case 409:
        return QStringLiteral("409, it is not in a state that allows this");
    case 429:
        return QStringLiteral("429, too many requests");
    case 500:
        return QStringLiteral("500, the server failed");
    case 502:
    case 504:
        return QStringLiteral("%1, what is behind the server does not answer").arg(status);
    case 503:
        return QStringLiteral("503, the server can't serve now");
    default:
        if (status >= 300 && status < 400)
            return QStringLiteral("%1, a redirect where an answer was expected").arg(status);
        return QString::number(status);
    }
}

/// Text of the other side: one line, no control characters, not too long.
QString tamed(const QString& text) {
    QString line = text.simplified().left(300);
    line.removeIf([](QChar c) { return !c.isPrint(); });
    return line;
}

} // namespace

Failure failureFromReply(const HttpReply& reply, const QString& what) {
    const ErrorBody body = decodeError(reply.body);
    Failure failure;
    failure.kind = kindOf(reply.status);
    failure.httpStatus = reply.status;
    failure.code = tamed(body.code);
    failure.correlationId = tamed(body.correlationId);
    if (failure.correlationId.isEmpty())
        failure.correlationId = tamed(QString::fromUtf8(reply.header("X-Correlation-Id")));
    failure.retryAfter = waitAsked(reply);

    const QString said = tamed(body.message);
    failure.message = QStringLiteral("%1: answered %2").arg(what, words(reply.status));
    if (!said.isEmpty())
        failure.message += QStringLiteral(": ") + said;
    else if (!failure.code.isEmpty())
        failure.message += QStringLiteral(" (%1)").arg(failure.code);
    return failure;
}

} // namespace vigie
