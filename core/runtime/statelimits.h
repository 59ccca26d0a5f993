#pragma once

#include "core/model/instance.h"
#include "core/runtime/enginehandle.h"

#include <optional>

namespace vigie {

/// How long an instance may stay in a state before it counts as stuck; nothing for states in which
/// it may rest. Start-up limits come from the options, the others are fixed: 30 min to be
/// provisioned, 1 h to drain, 10 min to be terminated.
std::optional<Duration> stateLimit(InstanceStatus status, const EngineOptions& options);

/// When the instance entered its state by the orchestrator's own words, on its clock; nothing when
/// it does not tell.
std::optional<WallTime> stateSince(const Instance& instance);

} // namespace vigie
