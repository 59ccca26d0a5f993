#pragma once

#include "core/resilience/threadtime.h"

#include <memory>
#include <vector>

namespace vigie {

/// Time for calls on threads that moves only when somebody waits: at once, to the end of the wait.
/// Waits without an end are real.
class ManualTime {
public:
    using Time = Gate::Time;

    Time now() const {
        const std::lock_guard lock(m_state->mutex);
        return m_state->now;
    }
    bool wait(Gate& gate, Time until, const std::stop_token& stop) const {
        if (until == Time::max())
            return gate.waitUntil(until, stop);
        if (gate.isOpen() || stop.stop_requested())
            return gate.isOpen();
        const std::lock_guard lock(m_state->mutex);
        if (until > m_state->now) {
            m_state->waits.push_back(until - m_state->now);
            m_state->now = until;
        }
        return false;
    }
    void advance(std::chrono::nanoseconds span) const {
        const std::lock_guard lock(m_state->mutex);
        m_state->now += span;
    }
    std::vector<std::chrono::nanoseconds> waits() const {
        const std::lock_guard lock(m_state->mutex);
        return m_state->waits;
    }

private:
    struct State {
        std::mutex mutex;
        Time now{std::chrono::hours(24)};
        std::vector<std::chrono::nanoseconds> waits;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace vigie
