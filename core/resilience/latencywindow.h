#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace vigie {

/// The durations of a key's last successful calls, for what adapts to them: the base of the
/// back-off (p50), the delay of a hedge (p95). Any thread, no lock.
class LatencyWindow {
public:
    static constexpr int size = 128;
    static constexpr int enough = 20; ///< durations before a quantile means anything

    void record(std::chrono::nanoseconds duration);
    /// The `q`-quantile (nearest rank, q in [0, 1]) of what is in the window; nothing before there
    /// are `enough`.
    std::optional<std::chrono::nanoseconds> quantile(double q) const;

private:
    std::array<std::atomic<std::int64_t>, size> m_durations{};
    std::atomic<std::uint64_t> m_count{0};
};

} // namespace vigie
