#pragma once

#include "core/orchestrator/watchdogsettings.h"

namespace vigie {

/// Section [guards]: the limits of core/watchdog/guards.h, each by its name.
std::vector<SettingSpec> guardSettingSpecs();
void readGuardSettings(const Settings& settings, WatchdogSettings& into);

} // namespace vigie
