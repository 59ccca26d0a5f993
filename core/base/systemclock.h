#pragma once

#include "core/base/clock.h"

namespace vigie {

/// The machine's clocks and the Qt event loop of the thread that created it. The only place that
/// reads real time or owns QTimers.
class SystemClock final : public Clock {
public:
    MonotonicTime now() const noexcept override;
    WallTime wallNow() const noexcept override;
    /// How long this machine was suspended since it booted, which now() does not count; a step of
    /// the wall clock does not show in it.
    static Duration asleep() noexcept;
    [[nodiscard]] Timer schedule(Duration delay, std::function<void()> action) override;
};

} // namespace vigie
