#include "core/orchestrator/api/answer.h"

#include "core/model/errorcodec.h"

#include <algorithm>

namespace vigie::answer {

namespace {

int statusOf(FailureKind kind) {
    switch (kind) {
    case FailureKind::NotFound:
        return 404;
    case FailureKind::Conflict:
        return 409;
    case FailureKind::Invalid:
    case FailureKind::Malformed:
        return 400;
    case FailureKind::TooLarge:
        return 413;
    case FailureKind::Unauthorized:
        return 401;
    case FailureKind::Forbidden:
        return 403;
    case FailureKind::Unsupported:
        return 501;
    case FailureKind::RateLimited:
        return 429;
    case FailureKind::Storage:
    case FailureKind::Overloaded:
    case FailureKind::BreakerOpen:
    case FailureKind::Cancelled:
        return 503;
    case FailureKind::Timeout:
        return 504;
    case FailureKind::Network:
    case FailureKind::Tls:
    case FailureKind::OutcomeUnknown:
    case FailureKind::ServerError:
        return 502;
    case FailureKind::Internal:
        break;
    }
    return 500;
}

QString wordOf(const Failure& failure) {
    // One word for a store that is away, whichever database it is; other troubles keep theirs.
    const bool away = failure.code.isEmpty() || failure.code == u"database_away";
    if (failure.kind == FailureKind::Storage && away)
        return QStringLiteral("store_unavailable");
    if (!failure.code.isEmpty())
        return failure.code;
    switch (failure.kind) {
    case FailureKind::Invalid:
    case FailureKind::Malformed:
        return QStringLiteral("invalid_request");
    case FailureKind::Cancelled:
        return QStringLiteral("stopping");
    default:
        return toString(failure.kind);
    }
}

} // namespace

bool names(QByteArrayView ifNoneMatch, QByteArrayView etag) {
    const auto weak = [](QByteArrayView tag) { return tag.startsWith("W/") ? tag.sliced(2) : tag; };
    if (ifNoneMatch.trimmed() == "*")
        return true;
    for (const QByteArray& each : ifNoneMatch.toByteArray().split(',')) {
        if (weak(QByteArrayView(each).trimmed()) == weak(etag))
            return true;
    }
    return false;
}

ServerResponse error(int status, const QString& code, const QString& message) {
    return ServerResponse::json(status, encodeError({code, message, {}}));
}

ServerResponse failed(const Failure& failure) {
    ServerResponse response = error(statusOf(failure.kind), wordOf(failure), failure.message);
    if (response.status == 503)
        response.headers.emplaceBack("Retry-After", "5");
    return response;
}

ServerResponse json(QByteArray body, int status) {
    return ServerResponse::json(status, std::move(body));
}

ServerResponse tooManyRequests(const QString& caller, Duration wait) {
    const auto seconds = std::max<qint64>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
    ServerResponse response = error(
        429, QStringLiteral("too_many_requests"),
        QStringLiteral("%1 calls more often than [server] requests_per_second allows").arg(caller));
    response.headers.emplaceBack("Retry-After", QByteArray::number(seconds));
    return response;
}

ServerResponse unknownInstance(const QString& id) {
    return error(
        404, QStringLiteral("instance_not_found"),
        QStringLiteral("there is no instance %1 here; GET /instances lists them").arg(id.left(64)));
}

ServerResponse ledElsewhere(const QString& what, const QString& leader) {
    return error(
        409, QStringLiteral("led_elsewhere"),
        leader.isEmpty()
            ? QStringLiteral("%1 runs where the lead is, and nobody has it just now; "
                             "another orchestrator takes over soon")
                  .arg(what)
            : QStringLiteral("%1 runs where the lead is, at %2; ask there").arg(what, leader));
}

} // namespace vigie::answer
