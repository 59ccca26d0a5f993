#pragma once

#include "core/base/clock.h"

#include <array>
#include <span>

namespace vigie {

/// The last intervals between the beats of one worker, as far as polls can tell. Polls that skip
/// beats make the intervals longer, so suspicion comes later, never earlier.
class BeatRhythm {
public:
    void add(Duration interval) { m_intervals[m_count++ % m_intervals.size()] = interval; }
    /// Newest 12 at most, in no order.
    std::span<const Duration> intervals() const {
        return std::span(m_intervals).first(std::min<std::size_t>(m_count, m_intervals.size()));
    }

private:
    std::array<Duration, 12> m_intervals{};
    std::size_t m_count = 0;
};

} // namespace vigie
