#pragma once

#include "core/base/clock.h"

#include <QString>

#include <optional>

namespace vigie {

/// What kind of failure it was, classified once, where the bytes come in.
enum class FailureKind {
    Cancelled,      ///< the caller gave up
    Timeout,        ///< no complete answer within the deadline
    Network,        ///< refused, reset, unresolvable, unreachable
    Tls,            ///< certificate or handshake
    OutcomeUnknown, ///< the request was sent whole but its answer was lost: it may have happened
    BreakerOpen,    ///< refused by our own circuit breaker, never sent
    Overloaded,     ///< refused by a limit of ours (bulkhead, rate limit, queue bound)
    RateLimited,    ///< 429
    Unauthorized,   ///< 401
    Forbidden,      ///< 403
    NotFound,       ///< 404, typed: this very thing does not exist
    Conflict,       ///< 409, or a compare-and-set that lost
    Invalid,        ///< bad input: 400, 413, 415, 422, a wrong configuration value
    ServerError,    ///< 5xx
    Malformed,      ///< the answer is not what the contract says (HTML, truncated, wrong type)
    TooLarge,       ///< the answer is over our limit
    Storage,        ///< database or disk
    Unsupported,    ///< the other side does not offer this
    Internal,       ///< a bug of ours
};

/// "timeout", "breaker_open", ... : stable words for logs, metrics and error codes.
QString toString(FailureKind kind);

/// A failure as a value: what, where, and what to do, in one sentence for people.
struct Failure {
    FailureKind kind = FailureKind::Internal;
    /// One sentence that names what failed, where, and what was expected.
    QString message;
    /// 0 when no HTTP answer was received.
    int httpStatus = 0;
    /// How long the other side (or our breaker) asks us to wait.
    std::optional<Duration> retryAfter;
    /// The `error` code of an orchestrator's error body, or a finer code of ours; may be empty.
    QString code;
    QString correlationId;
};

} // namespace vigie
