#pragma once

#include "core/resilience/backoff.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace vigie {

/// When to try again.
struct RetryOptions {
    int maxAttempts = 3; ///< total calls: 3 is one call and two retries; at least 1
    /// Everything, waits included, ends this long after the start; zero or less: no limit.
    std::chrono::nanoseconds overallDeadline{};
    BackoffOptions backoff;
    /// Take the key's observed latency for the first wait when it is longer than `backoff.first`;
    /// the cap stays. (A model that needs 20 s is not asked again after 200 ms.)
    bool adaptive = false;
    double adaptivePercentile = 0.5; ///< of the latency, (0, 1)
    /// Wait for an open circuit breaker too, when it tells for how long; false: its refusal ends
    /// it, for who waits by rules of its own.
    bool awaitsBreaker = true;

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

class LatencyWindow;
class RetryBudget;

/// What a failed attempt says about trying again.
struct AttemptResult {
    bool retryable = false;
    /// Refused by our own circuit breaker: no call was made, so none is counted.
    bool refused = false;
    /// How long the other side, or the breaker, asks us to wait.
    std::optional<std::chrono::nanoseconds> retryAfter;
};

/// One run of attempts: counts them, paces them, and says when to give up. It makes no calls and
/// reads no clock. Not synchronised: one per call.
class RetryPolicy {
public:
    using Time = std::chrono::steady_clock::time_point;

    enum class GiveUp {
        NotRetryable, ///< the failure is final
        Attempts,     ///< all attempts are used up
        Budget,       ///< retries have had their share of the traffic
        Deadline,     ///< the next attempt would not start before the overall deadline
    };
    /// Wait this long and try again, or give up for this reason.
    struct Decision {
        std::optional<std::chrono::nanoseconds> wait;
        GiveUp reason = GiveUp::NotRetryable;
    };

    /// `budget` and `latency` may be null; they outlive the run.
    RetryPolicy(const RetryOptions& options, Time start, std::uint64_t seed,
                RetryBudget* budget = nullptr, const LatencyWindow* latency = nullptr);

    /// After an attempt that failed. The wait is the back-off's or `retryAfter`, whichever is
    /// longer. A refusal by a breaker is waited out only when that fits the deadline, and so
    /// often at most as there are attempts.
    Decision afterFailure(const AttemptResult& result, Time now);

    /// Calls made so far, as told by afterFailure(); refusals excluded.
    int calls() const { return m_calls; }
    /// What is left of the overall deadline; nothing when there is none, never negative.
    std::optional<std::chrono::nanoseconds> remaining(Time now) const;

private:
    RetryOptions m_options;
    Time m_start;
    Backoff m_backoff;
    RetryBudget* m_budget;
    int m_calls = 0;
    int m_refusals = 0;
};

} // namespace vigie
