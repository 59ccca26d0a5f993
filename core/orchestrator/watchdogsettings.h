#pragma once

#include "core/config/settings.h"
#include "core/watchdog/assess.h"

namespace vigie {

/// Whether automation acts or only says what it would have done.
enum class AutomationMode { Observe, Act };
QString toString(AutomationMode mode);

/// The thresholds that jobs and API share: sections [watchdog], [automation] and [recovery].
struct WatchdogSettings {
    WatchdogPolicy policy;
    int holdTicks = 2; ///< a verdict stands for so many ticks before an action
    bool recoveryEnabled = true;
    QString mode = QStringLiteral("auto"); ///< observe, act or auto
    Duration bootingLimit = std::chrono::seconds(7200);
    Duration installingLimit = std::chrono::seconds(3600);
    Duration startingLimit = std::chrono::seconds(1800);

    /// `auto` acts for mock and process and observes for every other provider (judgement.md).
    AutomationMode modeFor(const QString& providerCode) const;
    /// How long an instance may stay in a starting state.
    Duration limitOf(InstanceStatus status) const;
};

std::vector<SettingSpec> watchdogSettingSpecs();
WatchdogSettings readWatchdogSettings(const Settings& settings);

} // namespace vigie
