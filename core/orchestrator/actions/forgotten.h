#pragma once

#include "core/orchestrator/controlplane.h"

namespace vigie {

/// Ends the action-log entries of orchestrators that are gone. Those of work in hand stay: whoever
/// goes on with it ends them. Standing orders stay too.
Task<> failForgottenActions(ControlPlane& plane);

} // namespace vigie
