#include "core/providers/scaleway/scalewayfailure.h"

#include "core/base/timeformat.h"
#include "core/http/waitasked.h"
#include "core/providers/scaleway/scalewayerrorcodec.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

struct KnownType {
    const char* type;
    FailureKind kind;
    const char* code;
};

constexpr std::array knownTypes{
    KnownType{"invalid_arguments", FailureKind::Invalid, "invalid_arguments"},
    KnownType{"invalid_request_error", FailureKind::Invalid, "invalid_arguments"},
    KnownType{"resource_expired", FailureKind::Invalid, "resource_expired"},
    KnownType{"quotas_exceeded", FailureKind::Forbidden, "quota_exceeded"},
    KnownType{"permissions_denied", FailureKind::Forbidden, "permissions_denied"},
    KnownType{"denied_authentication", FailureKind::Unauthorized, "denied_authentication"},
    KnownType{"out_of_stock", FailureKind::Conflict, "out_of_stock"},
    KnownType{"locked", FailureKind::Conflict, "resource_locked"},
    KnownType{"transient_state", FailureKind::Conflict, "transient_state"},
    KnownType{"precondition_failed", FailureKind::Conflict, "precondition_failed"},
    KnownType{"conflict", FailureKind::Conflict, "conflict"},
    KnownType{"too_many_requests", FailureKind::RateLimited, "rate_limited"},
};

QString line(const QString& text) {
    QString tamed = text.simplified().left(300);
    tamed.removeIf([](QChar c) { return !c.isPrint(); });
    return tamed;
}

/// A reset is seconds from now or a time.
std::optional<Duration> waitOf(const HttpReply& reply, const QString& reset) {
    if (const auto asked = waitAsked(reply))
        return asked;
    constexpr double day = 86400;
    bool isNumber = false;
    const double seconds = reset.toDouble(&isNumber);
    if (isNumber && seconds >= 0 && seconds <= day)
        return fromSeconds(seconds);
    // In milliseconds: a date of another age is further away than nanoseconds reach.
    using std::chrono::milliseconds;
    if (const auto at = fromRfc3339(reset))
        return std::clamp(*at - reply.receivedAt, milliseconds(0), milliseconds(86'400'000));
    return {};
}

FailureKind kindOfStatus(int status) {
    switch (status) {
    case 401:
        return FailureKind::Unauthorized;
    case 403:
        return FailureKind::Forbidden;
    case 409:
    case 412:
    case 423:
        return FailureKind::Conflict;
    case 429:
        return FailureKind::RateLimited;
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
        return FailureKind::Invalid;
    default:
        return status >= 500 ? FailureKind::ServerError : FailureKind::Malformed;
    }
}

/// Proof of absence: of the right type, and about that very id.
bool provesAbsence(const ScalewayErrorBody& body, const QString& wantedId) {
    if (wantedId.isEmpty())
        return false;
    if (body.type == QLatin1String("not_found"))
        return body.resourceId == wantedId;
    return body.type == QLatin1String("unknown_resource") && body.message.contains(wantedId);
}

FailureKind kindOfMissing(const ScalewayErrorBody& body, const QString& wantedId) {
    if (provesAbsence(body, wantedId))
        return FailureKind::NotFound;
    // Something that the request names, such as its image, does not exist.
    const bool named = wantedId.isEmpty() && body.type == QLatin1String("not_found");
    return named ? FailureKind::Invalid : FailureKind::Malformed;
}

} // namespace

Failure scalewayFailure(const HttpReply& reply, const QString& what, const QString& wantedId) {
    const ScalewayErrorBody body = decodeScalewayError(reply.body);
    Failure failure;
    failure.httpStatus = reply.status;
    failure.kind = kindOfStatus(reply.status);
    failure.code = line(body.type);
    const auto type = std::ranges::find_if(knownTypes, [&body](const KnownType& each) {
        return body.type == QLatin1String(each.type);
    });
    // A gateway's own status says more than a type that does not fit it.
    if (type != knownTypes.end() && reply.status != 401 && reply.status != 429) {
        failure.kind = type->kind;
        failure.code = QLatin1String(type->code);
    }
    if (reply.status == 404)
        failure.kind = kindOfMissing(body, wantedId);
    if (failure.kind == FailureKind::RateLimited) {
        failure.code = QStringLiteral("rate_limited");
        failure.retryAfter = waitOf(reply, body.reset);
    } else {
        failure.retryAfter = waitAsked(reply);
    }
    QStringList said;
    for (const QString& each : {line(body.type), line(body.message), line(body.details)}) {
        if (!each.isEmpty())
            said.append(each);
    }
    failure.message = QStringLiteral("%1: answered %2").arg(what).arg(reply.status);
    if (said.isEmpty())
        failure.message += QStringLiteral(", without one of Scaleway's error bodies");
    else
        failure.message += QStringLiteral(": ") + said.join(QLatin1String(", "));
    return failure;
}

} // namespace vigie
