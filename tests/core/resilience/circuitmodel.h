#pragma once

#include "core/resilience/circuitsnapshot.h"

#include <vector>

namespace vigie::circuittest {

/// What a CircuitBreaker must do, written as plainly as can be: it remembers every call and looks
/// through all of them each time. For one thread and times that never go back.
class CircuitModel {
public:
    using Time = CircuitSnapshot::Time;
    using Nanoseconds = std::chrono::nanoseconds;

    enum class Leave { No, Counted, Trial, Untracked };
    struct Permit {
        Leave leave = Leave::No;
        std::optional<Nanoseconds> retryAfter;
        int round = 0;
        Time startedAt{};
    };

    explicit CircuitModel(CircuitOptions options) : m_options(std::move(options)) {}

    Permit acquire(Time now);
    void settle(const Permit& permit, Time now, double weight);
    void drop(const Permit& permit);
    void force(CircuitMode mode, Time now, std::optional<Time> until);
    void release(Time) { m_override.reset(); }
    int round() const { return m_round; }

    CircuitSnapshot snapshot(Time now) const;
    /// By trying it out on a copy.
    std::optional<std::int64_t> callsToOpen(Time now, bool slowOnes) const;

private:
    struct Call {
        Time at;
        bool failed, slow;
        double weight;
    };
    struct Sums {
        int calls = 0, failures = 0, slow = 0;
        double weight = 0;
    };

    bool overridden(CircuitMode mode) const { return m_override && m_override->mode == mode; }
    void expire(Time now);
    Permit byState(Time now);
    void settleTrial(bool bad, Time now);
    void move(CircuitMode to, Time now, bool byHand);
    void relapse(Time now);
    Nanoseconds wait() const;
    Sums window(Time now) const;
    bool mustOpen(Time now) const;

    CircuitOptions m_options;
    CircuitMode m_state = CircuitMode::Closed;
    std::optional<CircuitOverride> m_override;
    std::vector<Call> m_calls;
    int m_round = 0, m_streak = 0, m_running = 0, m_succeeded = 0, m_failed = 0, m_relapses = 0;
    double m_streakWeight = 0;
    bool m_everOpened = false;
    Time m_openedAt{}, m_openUntil{}, m_lastTrial{}, m_closedAt{};
    std::uint64_t m_refused = 0, m_late = 0, m_opens = 0, m_resets = 0;
};

} // namespace vigie::circuittest
