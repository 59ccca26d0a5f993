#pragma once

#include "core/base/task.h"
#include "core/model/heartbeat.h"
#include "core/model/transitions.h"

namespace vigie {

struct ApiContext;

/// What an instance's state makes of its worker's sign of life, by the contract's table: a late
/// worker is taken back, the agent is seen, the install is over, a dead worker revives, a ready one
/// is ready. A change that is refused or can't be stored is tried again with the next beat.
Task<> followRegister(ApiContext& context, InstanceId id);
Task<> followBeat(ApiContext& context, InstanceId id, WorkerStatus status);

/// The next step for an instance in `status`, or nothing. `mayBeReady`: the worker says ready and
/// no probe says otherwise; `installed`: it beats, so it runs. Pure.
struct WorkerSign {
    bool installed = false;
    bool mayBeReady = false;
    bool provenServing = false; ///< a probe of the worker succeeded
    bool lateAllowed = false;   ///< see comesLate()
    bool workInHand = false;
};
std::optional<TransitionCause> nextStep(InstanceStatus status, const WorkerSign& sign);

} // namespace vigie
