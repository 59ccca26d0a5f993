#include "core/base/failure.h"

namespace vigie {

QString toString(FailureKind kind) {
    switch (kind) {
    case FailureKind::Cancelled:
        return QStringLiteral("cancelled");
    case FailureKind::Timeout:
        return QStringLiteral("timeout");
    case FailureKind::Network:
        return QStringLiteral("network");
    case FailureKind::Tls:
        return QStringLiteral("tls");
    case FailureKind::OutcomeUnknown:
        return QStringLiteral("outcome_unknown");
    case FailureKind::BreakerOpen:
        return QStringLiteral("breaker_open");
    case FailureKind::Overloaded:
        return QStringLiteral("overloaded");
    case FailureKind::RateLimited:
        return QStringLiteral("rate_limited");
    case FailureKind::Unauthorized:
        return QStringLiteral("unauthorized");
    case FailureKind::Forbidden:
        return QStringLiteral("forbidden");
    case FailureKind::NotFound:
        return QStringLiteral("not_found");
    case FailureKind::Conflict:
        return QStringLiteral("conflict");
    case FailureKind::Invalid:
        return QStringLiteral("invalid_request");
    case FailureKind::ServerError:
        return QStringLiteral("server_error");
    case FailureKind::Malformed:
        return QStringLiteral("malformed");
    case FailureKind::TooLarge:
        return QStringLiteral("too_large");
    case FailureKind::Storage:
        return QStringLiteral("storage");
    case FailureKind::Unsupported:
        return QStringLiteral("unsupported");
    case FailureKind::Internal:
        return QStringLiteral("internal");
    }
    return QStringLiteral("internal");
}

} // namespace vigie
