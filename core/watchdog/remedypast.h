#pragma once

#include "core/model/action.h"
#include "core/watchdog/guards.h"

#include <span>

namespace vigie {

/// What the action log tells of one instance's troubles and remedies; `newestFirst` are its rows,
/// as the store gives them. Pure; the durable log is the guards' memory, so that it survives a
/// restart and is the same on every replica.
RemedyPast remedyPast(std::span<const ActionLog> newestFirst, const GuardPolicy& policy,
                      WallTime now);

} // namespace vigie
