#include "core/watchdog/beatstatistics.h"

#include "core/base/timeformat.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace vigie {

BeatStatistics beatStatistics(std::span<const Duration> intervals, Duration expected) {
    constexpr std::size_t enough = 5;
    if (intervals.size() < enough)
        return {expected, expected / 4};
    // A gap (an outage that is over) says nothing about how regularly it beats.
    std::vector<Duration> regular(intervals.begin(), intervals.end());
    const auto middle = regular.begin() + static_cast<std::ptrdiff_t>(regular.size() / 2);
    std::ranges::nth_element(regular, middle);
    const Duration longest = *middle * 5;
    std::erase_if(regular, [longest](Duration interval) { return interval > longest; });

    double sum = 0;
    for (const Duration interval : regular)
        sum += toSeconds(interval);
    const double mean = sum / static_cast<double>(regular.size());
    double squares = 0;
    for (const Duration interval : regular)
        squares += std::pow(toSeconds(interval) - mean, 2);
    const double deviation = std::sqrt(squares / static_cast<double>(regular.size()));
    return {fromSeconds(mean), fromSeconds(deviation)};
}

} // namespace vigie
