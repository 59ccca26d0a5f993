#include "core/resilience/circuitrules.h"

namespace vigie::circuitrules {

namespace {

std::string percent(double share) {
    return std::to_string(static_cast<int>(share * 100 + 0.5)) + " %";
}

} // namespace

std::string seconds(std::chrono::nanoseconds duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

RateRules rateRules(const CircuitOptions& options) {
    return {{options.failureRateThreshold, options.minimumNumberOfCalls, false},
            {options.slowCallRateThreshold, options.minimumNumberOfCalls, true}};
}

std::string reasonToOpen(const CircuitOptions& options, const WindowSums& sums, int streak,
                         std::int64_t streakWeight, std::string_view lastCause) {
    const std::string last = lastCause.empty() ? "" : "; the last: " + std::string(lastCause);
    const std::int64_t inARow = options.consecutiveFailures;
    if (inARow > 0 && streakWeight >= inARow * 1000)
        return std::to_string(streak) + " consecutive failures" + last;
    const RateRules rules = rateRules(options);
    if (!rules.reached(sums))
        return {};
    const std::string window = options.slidingWindowType == SlidingWindowType::CountBased
                                   ? " of the last " + std::to_string(sums.calls) + " calls "
                                   : " of the " + std::to_string(sums.calls) +
                                         " calls of the last " +
                                         std::to_string(options.slidingWindowSize) + " s ";
    if (rules.failures.reached(sums))
        return percent(sums.failureRate()) + window + "failed" + last;
    return percent(sums.slowRate()) + window + "took " +
           seconds(options.slowCallDurationThreshold) + " or longer";
}

} // namespace vigie::circuitrules
