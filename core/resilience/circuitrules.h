#pragma once

#include "core/resilience/circuitoptions.h"
#include "core/resilience/windowsums.h"

#include <string>
#include <string_view>

namespace vigie::circuitrules {

/// "30 s", "1500 ms"
std::string seconds(std::chrono::nanoseconds duration);

RateRules rateRules(const CircuitOptions& options);

/// Why a breaker with this window and so many failures in a row must open, as a sentence without
/// its end; empty when it must not.
std::string reasonToOpen(const CircuitOptions& options, const WindowSums& sums, int streak,
                         std::int64_t streakWeight, std::string_view lastCause);

} // namespace vigie::circuitrules
