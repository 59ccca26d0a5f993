#pragma once

#include "core/base/clock.h"
#include "core/model/breaker.h"
#include "core/resilience/circuitsnapshot.h"

#include <deque>

namespace vigie {

/// Turns the engine's view of a breaker, in monotonic time, into the model's, with wall stamps for
/// people. The stamps are taken when things happen, so that they stay what they were when the wall
/// clock is set later.
class BreakerView {
public:
    explicit BreakerView(const Clock& clock) : m_clock(clock) {}

    /// To be told of each transition as it happens (CircuitListener).
    void note(const CircuitTransition& transition) { note(transition.at); }
    /// The same for who only knows when it happened.
    void note(MonotonicTime at);
    Breaker of(const CircuitSnapshot& snapshot) const;

private:
    WallTime wallOf(MonotonicTime time) const;

    const Clock& m_clock;
    std::deque<std::pair<MonotonicTime, WallTime>> m_stamps; ///< of the last transitions
};

BreakerMode toBreakerMode(CircuitMode mode);
CircuitMode toCircuitMode(BreakerMode mode);

} // namespace vigie
