#include "core/resilience/circuitoptions.h"

#include "core/resilience/circuitsnapshot.h"

namespace vigie {

namespace {

std::string outside(const std::string& field, const std::string& value, const char* range) {
    return field + " is " + value + ", but must be " + range;
}

bool isWithin(double value, double least, double most) {
    return value >= least && value <= most; // false for NaN
}

std::string problemOfDurations(const CircuitOptions& options) {
    const std::pair<const char*, CircuitOptions::Duration> durations[] = {
        {"slowCallDurationThreshold", options.slowCallDurationThreshold},
        {"waitDurationInOpenState", options.waitDurationInOpenState},
        {"maxWaitDurationInOpenState", options.maxWaitDurationInOpenState},
        {"healthySpell", options.healthySpell},
        {"maxWaitDurationInHalfOpenState", options.maxWaitDurationInHalfOpenState},
    };
    for (const auto& [field, value] : durations) {
        if (value <= CircuitOptions::Duration::zero())
            return outside(field, std::to_string(value.count()) + " ns", "above 0");
    }
    return {};
}

std::string problemOfWindow(const CircuitOptions& options) {
    using std::to_string;
    const bool ofCalls = options.slidingWindowType == SlidingWindowType::CountBased;
    const int size = options.slidingWindowSize;
    if (size < 1 || size > (ofCalls ? 100'000 : 3'600))
        return outside("slidingWindowSize", to_string(size),
                       ofCalls ? "in 1..100000" : "in 1..3600 seconds");
    if (options.minimumNumberOfCalls < 1)
        return outside("minimumNumberOfCalls", to_string(options.minimumNumberOfCalls),
                       "1 or more");
    // More calls than the window holds would be a threshold that can never be reached.
    if (ofCalls && options.minimumNumberOfCalls > size)
        return outside("minimumNumberOfCalls", to_string(options.minimumNumberOfCalls),
                       "in 1..slidingWindowSize");
    return {};
}

std::string problemOfTrials(const CircuitOptions& options) {
    using std::to_string;
    if (options.permittedNumberOfCallsInHalfOpenState < 1)
        return outside("permittedNumberOfCallsInHalfOpenState",
                       to_string(options.permittedNumberOfCallsInHalfOpenState), "1 or more");
    if (options.successesToClose < 1)
        return outside("successesToClose", to_string(options.successesToClose), "1 or more");
    if (options.permittedFailuresInHalfOpenState < 0)
        return outside("permittedFailuresInHalfOpenState",
                       to_string(options.permittedFailuresInHalfOpenState), "0 or more");
    return {};
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

const char* toString(SlidingWindowType type) {
    return type == SlidingWindowType::TimeBased ? "time_based" : "count_based";
}

std::string CircuitOptions::problem() const {
    using std::to_string;
    if (consecutiveFailures < 0)
        return outside("consecutiveFailures", to_string(consecutiveFailures), "0 (off) or more");
    if (!isWithin(failureRateThreshold, 0, 1))
        return outside("failureRateThreshold", to_string(failureRateThreshold), "in 0..1");
    if (!isWithin(slowCallRateThreshold, 0, 1))
        return outside("slowCallRateThreshold", to_string(slowCallRateThreshold), "in 0..1");
    if (!isWithin(waitDurationFactor, 1, 100))
        return outside("waitDurationFactor", to_string(waitDurationFactor), "in 1..100");
    if (waitDurationFactor > 1 && maxWaitDurationInOpenState < waitDurationInOpenState)
        return outside("maxWaitDurationInOpenState",
                       to_string(maxWaitDurationInOpenState.count()) + " ns",
                       "waitDurationInOpenState or more");
    for (const auto& [errorClass, weight] : errorWeights) {
        if (!isWithin(weight, 0, 10))
            return outside(std::string("errorWeights.") + vigie::toString(errorClass),
                           to_string(weight), "in 0..10");
    }
    if (std::string wrong = problemOfDurations(*this); !wrong.empty())
        return wrong;
    if (std::string wrong = problemOfWindow(*this); !wrong.empty())
        return wrong;
    return problemOfTrials(*this);
}

} // namespace vigie
