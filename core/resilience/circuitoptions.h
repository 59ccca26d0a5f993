#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// What a circuit breaker does: the first three it computes, the others a person imposes.
enum class CircuitMode {
    Closed,
    HalfOpen,
    Open,
    ForcedOpen,   ///< refuses everything
    ForcedClosed, ///< lets everything pass; what it would do goes on being computed
    Disabled,     ///< lets everything pass and looks at nothing
    MetricsOnly,  ///< lets everything pass and keeps the window, but never changes state
};
/// "closed", "half_open", "forced_open", ...
const char* toString(CircuitMode mode);

/// When a breaker opens and closes. Words follow resilience4j. Each threshold can be off; the
/// first that is reached opens the breaker.
struct CircuitOptions {
    std::string name;
    int consecutiveFailures = 5;     ///< opens at so many in a row; 0: off
    double failureRateThreshold = 0; ///< opens at this share of the window, (0, 1]; 0: off
    double slowCallRateThreshold = 0;
    std::chrono::nanoseconds slowCallDurationThreshold = std::chrono::seconds(60);
    int slidingWindowSize = 100;   ///< calls, 1 .. 100000
    int minimumNumberOfCalls = 10; ///< in the window, before a rate counts; for both rates
    std::chrono::nanoseconds waitDurationInOpenState = std::chrono::seconds(30);
    /// Trial calls that may be under way at once when half open.
    int permittedNumberOfCallsInHalfOpenState = 1;
    int successesToClose = 1; ///< successful trials that close it; the first failed one opens it
    /// Trials that have not come back after this long are given up and new ones admitted.
    std::chrono::nanoseconds maxWaitDurationInHalfOpenState = std::chrono::seconds(60);

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

struct CircuitTransition {
    std::chrono::steady_clock::time_point at;
    CircuitMode from = CircuitMode::Closed;
    CircuitMode to = CircuitMode::Closed;
    std::string cause;
};

/// Something the breaker saw or decided.
struct CircuitEvent {
    enum class Kind {
        Success,
        Failure,
        Refused,    ///< a call was not permitted
        Dropped,    ///< a permit came back without an outcome
        LateResult, ///< an outcome from before the last change of state; it was ignored
        Transition,
    };
    Kind kind = Kind::Success;
    std::chrono::steady_clock::time_point at;
    std::chrono::nanoseconds duration{};           ///< of the call, where one ended
    const CircuitTransition* transition = nullptr; ///< only for Transition, only during the call
};

/// Called on the thread that caused the event, after the breaker has changed and outside its lock;
/// it must not throw.
using CircuitListener = std::function<void(const CircuitEvent&)>;

/// A breaker at one moment.
struct CircuitSnapshot {
    CircuitOptions options;
    CircuitMode computed = CircuitMode::Closed;  ///< by its own rules
    CircuitMode effective = CircuitMode::Closed; ///< what callers meet
    int calls = 0;                               ///< in the window, like the next two
    int failures = 0;
    int slow = 0;
    int consecutiveFailures = 0;
    std::optional<double> failureRate, slowRate; ///< absent below the minimum number of calls
    unsigned long long notPermitted = 0;         ///< calls refused since the start
    unsigned long long lateResults = 0;          ///< outcomes ignored since the start
    int trialsRunning = 0;
    int trialsSucceeded = 0;
    /// While open or half open (computed): when it opened last, and from when on it admits a trial.
    std::optional<std::chrono::steady_clock::time_point> openedAt, nextAttemptAt;
    std::vector<CircuitTransition> transitions; ///< the last 20, newest last
};

} // namespace vigie
