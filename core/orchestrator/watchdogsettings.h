#pragma once

#include "core/config/settings.h"
#include "core/watchdog/assess.h"
#include "core/watchdog/guards.h"

namespace vigie {

/// The thresholds that jobs and API share: sections [watchdog], [automation], [guards] and
/// [recovery].
struct WatchdogSettings {
    WatchdogPolicy policy;
    GuardPolicy guards;
    QString mode = QStringLiteral("auto"); ///< observe, act or auto
    QStringList observePools, actPools;    ///< exceptions from the mode, by pool
    /// Since its start a step may go unheard for so long before the next one is due.
    Duration restartLimit = std::chrono::seconds(900);
    Duration reinstallLimit = std::chrono::seconds(7200);
    Duration bootingLimit = std::chrono::seconds(7200);
    Duration installingLimit = std::chrono::seconds(3600);
    Duration startingLimit = std::chrono::seconds(1800);

    /// `auto` acts for mock and process and observes for every other provider (judgement.md).
    AutomationMode modeFor(const QString& providerCode) const;
    Duration stepLimit(RemedyStep step) const;
    /// How long an instance may stay in a starting state.
    Duration limitOf(InstanceStatus status) const;
};

std::vector<SettingSpec> watchdogSettingSpecs();
WatchdogSettings readWatchdogSettings(const Settings& settings);

} // namespace vigie
