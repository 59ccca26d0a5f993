#pragma once

#include "core/base/clock.h"

#include <span>

namespace vigie {

/// Mean and standard deviation of the times between beats.
struct BeatStatistics {
    Duration mean{}, deviation{};
};

/// Of the last intervals, without those longer than five times their median; with fewer than five
/// intervals, the expected one and a quarter of it.
BeatStatistics beatStatistics(std::span<const Duration> intervals, Duration expected);

} // namespace vigie
