#include "core/resilience/latencywindow.h"

#include <algorithm>
#include <cmath>

namespace vigie {

void LatencyWindow::record(std::chrono::nanoseconds duration) {
    // Zero marks a slot that is counted and not yet filled.
    const std::uint64_t at = m_count.fetch_add(1, std::memory_order_relaxed);
    m_durations[at % size].store(std::max<std::int64_t>(duration.count(), 1),
                                 std::memory_order_relaxed);
}

std::optional<std::chrono::nanoseconds> LatencyWindow::quantile(double q) const {
    std::array<std::int64_t, size> sorted;
    std::ptrdiff_t count = 0;
    for (const auto& slot : m_durations) {
        if (const std::int64_t duration = slot.load(std::memory_order_relaxed))
            sorted[std::size_t(count++)] = duration;
    }
    if (count < enough)
        return {};
    const double rank = std::ceil(std::clamp(q, 0.0, 1.0) * double(count));
    const auto at = std::ptrdiff_t(rank < 1 ? 0 : rank - 1);
    std::nth_element(sorted.begin(), sorted.begin() + at, sorted.begin() + count);
    return std::chrono::nanoseconds(sorted[std::size_t(at)]);
}

} // namespace vigie
