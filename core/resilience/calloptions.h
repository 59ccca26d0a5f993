#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

namespace vigie {

/// What one run asks for beyond its profile.
struct CallOptions {
    std::stop_token stop{};
    /// The call may be carried out twice without harm: it is retried although its outcome is
    /// unknown, and may be hedged. Others are retried only when they certainly had no effect.
    bool idempotent = false;
    std::string idempotencyKey{}; ///< handed to every attempt in its context
    /// Of the piece of work that the call is part of; told with what the circuit breaker saw of it.
    std::string correlationId{};
    std::optional<std::chrono::nanoseconds> callTimeout{}; ///< in place of the profile's
    std::string cacheKey{};                                ///< empty: neither looked up nor kept
    /// So long, over all, it waits between attempts because it is told to: by Retry-After, or by a
    /// breaker that is open. Told to wait longer it ends with the failure that told it. None: as
    /// the retry's overall deadline lets it.
    std::optional<std::chrono::nanoseconds> patience{};
};

} // namespace vigie
