#include "core/resilience/circuitoptions.h"

namespace vigie {

namespace {

std::string outside(const char* field, const std::string& value, const char* range) {
    return std::string(field) + " is " + value + ", but must be " + range;
}

bool isShare(double value) {
    return value >= 0 && value <= 1; // false for NaN
}

} // namespace

const char* toString(CircuitMode mode) {
    switch (mode) {
    case CircuitMode::Closed:
        return "closed";
    case CircuitMode::HalfOpen:
        return "half_open";
    case CircuitMode::Open:
        return "open";
    case CircuitMode::ForcedOpen:
        return "forced_open";
    case CircuitMode::ForcedClosed:
        return "forced_closed";
    case CircuitMode::Disabled:
        return "disabled";
    case CircuitMode::MetricsOnly:
        return "metrics_only";
    }
    return "closed";
}

std::string CircuitOptions::problem() const {
    using std::to_string;
    constexpr auto zero = std::chrono::nanoseconds::zero();
    const auto ns = [](std::chrono::nanoseconds value) { return to_string(value.count()) + " ns"; };
    if (consecutiveFailures < 0)
        return outside("consecutiveFailures", to_string(consecutiveFailures), "0 (off) or more");
    if (!isShare(failureRateThreshold))
        return outside("failureRateThreshold", to_string(failureRateThreshold), "in 0..1");
    if (!isShare(slowCallRateThreshold))
        return outside("slowCallRateThreshold", to_string(slowCallRateThreshold), "in 0..1");
    if (slowCallDurationThreshold <= zero)
        return outside("slowCallDurationThreshold", ns(slowCallDurationThreshold), "above 0");
    if (slidingWindowSize < 1 || slidingWindowSize > 100'000)
        return outside("slidingWindowSize", to_string(slidingWindowSize), "in 1..100000");
    // More calls than the window holds would be a threshold that can never be reached.
    if (minimumNumberOfCalls < 1 || minimumNumberOfCalls > slidingWindowSize)
        return outside("minimumNumberOfCalls", to_string(minimumNumberOfCalls),
                       "in 1..slidingWindowSize");
    if (waitDurationInOpenState <= zero)
        return outside("waitDurationInOpenState", ns(waitDurationInOpenState), "above 0");
    if (permittedNumberOfCallsInHalfOpenState < 1)
        return outside("permittedNumberOfCallsInHalfOpenState",
                       to_string(permittedNumberOfCallsInHalfOpenState), "1 or more");
    if (successesToClose < 1)
        return outside("successesToClose", to_string(successesToClose), "1 or more");
    if (maxWaitDurationInHalfOpenState <= zero)
        return outside("maxWaitDurationInHalfOpenState", ns(maxWaitDurationInHalfOpenState),
                       "above 0");
    return {};
}

} // namespace vigie
