#pragma once

#include "core/model/breaker.h"
#include "core/resilience/circuitsnapshot.h"

#include <deque>
#include <vector>

namespace vigie {

/// The calls in a breaker's window one by one, which the breaker itself only counts. Kept by what
/// the breaker tells; at most `most`, whatever the size of the window.
class RecentCalls {
public:
    static constexpr std::size_t most = 1000;

    explicit RecentCalls(const Clock& clock) : m_clock(clock) {}

    void note(const CircuitEvent& event);
    /// Oldest first.
    std::vector<BreakerCall> within(const CircuitOptions& window) const;

private:
    struct Seen {
        MonotonicTime ended;
        WallTime began{};
        Duration took{};
        std::optional<ErrorClass> failure;
        QString correlationId;
    };

    const Clock& m_clock;
    std::deque<Seen> m_calls;
};

} // namespace vigie
