#pragma once

#include "core/config/settings.h"
#include "core/orchestrator/actions/actionoperation.h"

namespace vigie {

/// How manual actions are carried out.
struct ActionSettings {
    WaveOptions waves; ///< where a request says nothing
    Duration drainDeadline = std::chrono::minutes(15);
    Duration itemWait = std::chrono::hours(1); ///< for a guard that lifts by itself
};

/// Section [actions].
std::vector<SettingSpec> actionSettingSpecs();
ActionSettings readActionSettings(const Settings& settings);

} // namespace vigie
