#pragma once

#include "core/resilience/callcontext.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace vigie {

/// How long one attempt may take.
struct TimeoutOptions {
    /// Zero: no limit, up to a day.
    std::chrono::nanoseconds callTimeout = std::chrono::seconds(10);

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// The deadline of attempts, and the count of those that missed it. It owns no thread and no timer:
/// who runs the call leaves it at the deadline (`CallThreads` on threads, `CallRunner` on the event
/// loop) or, when the call runs on the caller's own thread, sees on return that it was too late.
class Timeout {
public:
    using Time = CallContext::Time;

    /// When an attempt that begins at `now` must have answered: the limit or `outer`, whichever
    /// comes first.
    static Time deadline(std::chrono::nanoseconds limit, Time now, Time outer) {
        if (limit <= std::chrono::nanoseconds::zero() || limit >= outer - now)
            return outer;
        return now + limit;
    }

    /// An attempt had no answer at its deadline.
    void expired() { m_timeouts.fetch_add(1, std::memory_order_relaxed); }
    /// The answer of such an attempt came and was thrown away.
    void cameLate() { m_lateResults.fetch_add(1, std::memory_order_relaxed); }

    std::uint64_t timeouts() const { return m_timeouts.load(std::memory_order_relaxed); }
    std::uint64_t lateResults() const { return m_lateResults.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> m_timeouts{0};
    std::atomic<std::uint64_t> m_lateResults{0};
};

} // namespace vigie
