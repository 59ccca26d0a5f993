#pragma once

#include "core/base/task.h"
#include "core/orchestrator/controlplane.h"

namespace vigie {

/// The id of the row that asked for what an instance is about to do: the newest one of this type in
/// the order that the instance is part of now. Empty when there is none or the store can't say; the
/// parent of a row is no reason to hold up the work.
Task<QString> requestRow(ControlPlane& plane, InstanceId id, QString actionType);

} // namespace vigie
