#pragma once

#include "core/model/action.h"

namespace vigie {

/// The guards that a manual action meets, in the order in which they are asked.
enum class ManualGuard : unsigned {
    State = 1,        ///< the state table
    WorkInHand = 2,   ///< something is being done to it already
    Volume = 4,       ///< a volume in use, or one that must be kept
    Hold = 8,         ///< somebody holds it
    StormBrake = 16,  ///< many are silent at once
    BlastRadius = 32, ///< share of the pool in recovery
    InFlight = 64,    ///< recoveries at once
    Pace = 128,       ///< time between two starts in a pool
};

/// What one action is made of; nothing else in the code decides it.
struct ActionRule {
    Action action;
    QStringView providerMethod; ///< what the provider is asked for; empty: nothing
    QStringView logType;        ///< the action type that says that it was asked
    unsigned guards;            ///< of ManualGuard
    bool destructive;           ///< takes a machine or data away, if only for a while
};

/// Operators may do all of them.
const ActionRule& ruleFor(Action action);

constexpr unsigned bit(ManualGuard guard) {
    return static_cast<unsigned>(guard);
}
/// "hold", "storm brake": the names that GET /automation has too.
QString nameOf(ManualGuard guard);
/// Whether `override` with a reason passes it.
bool mayBePassed(ManualGuard guard);
/// Whether it lifts by itself as the fleet recovers: an operation waits for it, a single call is
/// refused.
bool liftsByItself(ManualGuard guard);

} // namespace vigie
