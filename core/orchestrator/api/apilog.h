#pragma once

#include "core/model/action.h"
#include "core/orchestrator/controlplane.h"

namespace vigie {

/// A log entry of something that `asker` asked and that is done as soon as it is written; its
/// metadata holds the reason and the correlation id.
ActionLog completedLog(const char16_t* actionType, const Asker& asker);

} // namespace vigie
