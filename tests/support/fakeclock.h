#pragma once

#include "core/base/clock.h"

#include <map>
#include <memory>

namespace vigie {

/// A clock that moves only when a test says so. Monotonic time starts well after zero, so that
/// "ten minutes ago" is a valid time.
class FakeClock final : public Clock {
public:
    MonotonicTime now() const noexcept override { return m_now; }
    WallTime wallNow() const noexcept override { return m_wall; }
    [[nodiscard]] Timer schedule(Duration delay, std::function<void()> action) override;

    /// Moves time on and runs what falls due, in order of time, each at its own moment; what those
    /// actions schedule within the span runs too.
    void advance(Duration span);

    /// Time passes while nothing runs, as for a stopped process; what fell due runs late, with the
    /// next advance().
    void jump(Duration span);

    /// Moves the wall clock alone: a step of NTP.
    void jumpWall(Duration by);

    /// Actions still to come (cancelled ones excluded).
    int pending() const;

private:
    using Queue = std::multimap<MonotonicTime, std::shared_ptr<Timer::State>>;

    MonotonicTime m_now{std::chrono::hours(24)};
    WallTime m_wall{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};
    Queue m_queue;
};

} // namespace vigie
