#pragma once

#include "core/resilience/errorclass.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace vigie {

/// What the sliding window of a breaker holds.
enum class SlidingWindowType {
    CountBased, ///< the last so many calls
    TimeBased,  ///< the calls that ended within the last so many seconds
};
/// "count_based", "time_based"
const char* toString(SlidingWindowType type);

/// When a breaker opens and closes. Words follow resilience4j. Each threshold can be off; the
/// first that is reached opens the breaker.
struct CircuitOptions {
    using Duration = std::chrono::nanoseconds;

    std::string name;
    int consecutiveFailures = 5;     ///< opens at so many in a row, 0 (off) or more
    double failureRateThreshold = 0; ///< opens at this share of the window, (0, 1]; 0: off
    double slowCallRateThreshold = 0;
    Duration slowCallDurationThreshold = std::chrono::seconds(60);
    SlidingWindowType slidingWindowType = SlidingWindowType::CountBased;
    /// Calls, 1 .. 100000; or seconds, 1 .. 3600: the second that runs and those before it.
    int slidingWindowSize = 100;
    int minimumNumberOfCalls = 10; ///< in the window, before a rate counts; for both rates

    Duration waitDurationInOpenState = std::chrono::seconds(30);
    /// Each relapse multiplies the wait by this, 1 .. 100; 1: it never grows. A relapse is a failed
    /// round of trials, or opening again before a healthy spell was over.
    double waitDurationFactor = 1;
    Duration maxWaitDurationInOpenState = std::chrono::minutes(10); ///< the cap of a grown wait
    Duration healthySpell = std::chrono::minutes(5); ///< closed so long takes one relapse back

    /// Trial calls that may be under way at once when half open.
    int permittedNumberOfCallsInHalfOpenState = 1;
    int successesToClose = 1; ///< successful trials that close it
    /// Trials of one round that may fail; the next failed one opens it again.
    int permittedFailuresInHalfOpenState = 0;
    /// When all trials are under way and the last was admitted so long ago, they are given up and
    /// new ones admitted.
    Duration maxWaitDurationInHalfOpenState = std::chrono::seconds(60);

    /// Errors that count as nothing at all, as if the call had not been made.
    std::vector<ErrorClass> ignoredErrors;
    /// How much of a failure an error is, 0 .. 10; 0 makes it a success. What is not here weighs
    /// what its traits say.
    std::map<ErrorClass, double> errorWeights;

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

} // namespace vigie
