#pragma once

#include "core/base/clock.h"

#include <map>

namespace vigie {

/// Time of a simulation: it moves only when it is told to, and what falls due runs at its moment.
class SimClock final : public Clock {
public:
    MonotonicTime now() const noexcept override { return m_now; }
    WallTime wallNow() const noexcept override { return m_wall; }
    [[nodiscard]] Timer schedule(Duration delay, std::function<void()> action) override;

    void advanceTo(MonotonicTime time);
    /// A step of the wall clock alone.
    void stepWall(Duration by);

private:
    MonotonicTime m_now{std::chrono::hours(24)};
    WallTime m_wall{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    std::multimap<MonotonicTime, std::shared_ptr<Timer::State>> m_queue;
};

} // namespace vigie
