#pragma once

#include "core/resilience/circuitoptions.h"

#include <cstdint>
#include <functional>
#include <optional>

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

struct CircuitTransition {
    std::chrono::steady_clock::time_point at;
    CircuitMode from = CircuitMode::Closed;
    CircuitMode to = CircuitMode::Closed;
    std::string cause;
    std::string actor{};   ///< who did it by hand; empty when the breaker itself did
    bool opened = false;   ///< counts as an opening (circuitBreakerOpens)
    bool wasReset = false; ///< counts as a closing (circuitBreakerResets)
};

/// A mode that someone imposed on a breaker.
struct CircuitOverride {
    CircuitMode mode = CircuitMode::ForcedOpen;
    std::string actor;
    std::string reason;
    std::chrono::steady_clock::time_point since{};
    std::optional<std::chrono::steady_clock::time_point> until; ///< ends by itself; none: never
};

/// Something the breaker saw or decided.
struct CircuitEvent {
    enum class Kind {
        Success,
        Failure,
        Refused,    ///< a call was not permitted
        Dropped,    ///< a permit came back without an outcome that counts
        LateResult, ///< an outcome from before the last change of state; it was ignored
        Transition,
    };
    Kind kind = Kind::Success;
    std::chrono::steady_clock::time_point at;
    std::chrono::nanoseconds duration{};           ///< of the call, where one ended
    const CircuitTransition* transition = nullptr; ///< only for Transition, only during the call
    ErrorClass errorClass = ErrorClass::Unknown;   ///< of a Failure
    std::string_view correlationId{}; ///< of the call, where it has one; only during it
};

/// Called on the thread that caused the event, after the breaker has changed and outside its lock,
/// so that events of several threads may arrive in another order; it must not throw.
using CircuitListener = std::function<void(const CircuitEvent&)>;

/// A breaker at one moment.
struct CircuitSnapshot {
    using Time = std::chrono::steady_clock::time_point;

    CircuitOptions options;
    CircuitMode computed = CircuitMode::Closed;  ///< by its own rules
    CircuitMode effective = CircuitMode::Closed; ///< what callers meet
    std::optional<CircuitOverride> imposed;      ///< why they differ, while it is in force

    // The window; while open, as it was when the breaker opened.
    std::int64_t calls = 0;
    std::int64_t failures = 0;
    std::int64_t slow = 0;
    double weight = 0; ///< of the failures
    int consecutiveFailures = 0;
    double consecutiveWeight = 0;
    std::optional<double> failureRate, slowRate; ///< absent below the minimum number of calls

    /// The distance to opening: so many plain failures (slow calls) from now on, with nothing in
    /// between, would open it. Absent where no rule would, and unless closed or half open.
    std::optional<std::int64_t> failuresToOpen, slowCallsToOpen;

    std::uint64_t notPermitted = 0; ///< calls refused since the start
    std::uint64_t lateResults = 0;  ///< outcomes ignored since the start
    std::uint64_t opens = 0;        ///< since the start: circuitBreakerOpens
    std::uint64_t resets = 0;       ///< since the start: circuitBreakerResets

    int trialsRunning = 0;
    int trialsSucceeded = 0;
    int trialsFailed = 0;
    int relapses = 0;                           ///< by which the wait in open state has grown
    std::chrono::nanoseconds waitInOpenState{}; ///< of this opening; else as long as it has grown
    /// While open or half open (computed): when it opened last, and from when on it admits a trial
    /// (in the past: at once).
    std::optional<Time> openedAt, nextAttemptAt;
    std::vector<CircuitTransition> transitions; ///< the last 20, newest last
};

} // namespace vigie
