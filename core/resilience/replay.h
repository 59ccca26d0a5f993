#pragma once

#include "core/resilience/circuitsnapshot.h"

#include <span>

namespace vigie {

/// One call as it was, to be put through a breaker again.
struct RecordedCall {
    std::chrono::nanoseconds at{};       ///< when it began, since any moment common to all
    std::chrono::nanoseconds duration{}; ///< 0 or more
    bool failed = false;
    ErrorClass errorClass = ErrorClass::Unknown; ///< of a failure
    std::string cause{};                         ///< of a failure: one short sentence
};

/// What a breaker would have done with the calls.
struct ReplayResult {
    std::vector<CircuitTransition> transitions; ///< all of them; `at` counts like RecordedCall::at
    std::uint64_t calls = 0;
    std::uint64_t failures = 0; ///< of all calls recorded
    /// Calls it would not have let through: failures spared, and successes lost.
    std::uint64_t refusedFailures = 0;
    std::uint64_t refusedSuccesses = 0;
    std::uint64_t opens = 0;
    std::uint64_t resets = 0;
    std::chrono::nanoseconds notClosed{}; ///< from openings to closings, or to the last call's end
    CircuitMode endsAs = CircuitMode::Closed;
};

/// Puts recorded calls through a breaker with these options: the same code that guards live calls.
/// Equal input gives equal output. The calls may come in any order; those that begin together keep
/// theirs, and one that ends when another begins ends first. A call that is refused has no outcome:
/// what a caller would have done then is not in the recording. Precondition:
/// options.problem() is empty.
ReplayResult replay(std::span<const RecordedCall> calls, const CircuitOptions& options);

} // namespace vigie
