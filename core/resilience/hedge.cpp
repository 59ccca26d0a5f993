#include "core/resilience/hedge.h"

#include "core/resilience/outofrange.h"

#include <algorithm>

namespace vigie {

std::string HedgeOptions::problem() const {
    if (!(percentile >= 0.5 && percentile <= 0.999))
        return outOfRange("percentile", percentile, "0.5 to 0.999");
    if (minDelay < std::chrono::nanoseconds::zero() || minDelay > std::chrono::hours(24))
        return outOfRange("minDelay", minDelay, "0 to 24 h");
    if (maxCalls < 2 || maxCalls > 5)
        return outOfRange("maxCalls", maxCalls, "2 to 5");
    return {};
}

std::chrono::nanoseconds Hedge::delay(const HedgeOptions& options, const LatencyWindow& latency) {
    return std::max(latency.quantile(options.percentile).value_or(options.minDelay),
                    options.minDelay);
}

} // namespace vigie
