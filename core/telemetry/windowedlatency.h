#pragma once

#include "core/telemetry/latencyrecorder.h"

#include <array>
#include <cstdint>
#include <limits>
#include <mutex>

namespace vigie {

/// Durations of the last minutes: recorded by any thread without a lock, but for one record every
/// ten seconds that turns the page. Memory is bounded: that of LatencyRecorder, and for each of 28
/// pages that held values as much as their range of octaves needs (0.5 kB an octave).
///
/// Time is passed in. Pages are 10 s long for the last two minutes and 60 s before, so that a view
/// reaches back up to one page further than asked, never less. Each record is in one page.
class WindowedLatency {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes longest{15};

    /// `now` may be a little behind that of other threads.
    void record(std::chrono::nanoseconds value, Time now);

    /// What was recorded in the last `length` (above zero, at most `longest`). Changes nothing.
    Histogram window(std::chrono::nanoseconds length, Time now) const;

    /// Everything since the start.
    Histogram total() const;

private:
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();
    struct Page {
        std::int64_t number = never; ///< counts whole page lengths of the clock
        Histogram values;
    };
    void turnTo(std::int64_t page);
    void archive(Page& page, std::int64_t newest);

    LatencyRecorder m_live;
    std::atomic<std::int64_t> m_livePage = never;
    mutable std::mutex m_mutex;   ///< of what follows, and held while a page is turned
    std::array<Page, 12> m_short; ///< finished pages of 10 s
    std::array<Page, 16> m_long;  ///< older ones, by minute
};

} // namespace vigie
