#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/model/instance.h"

#include <QHash>
#include <QString>

#include <optional>
#include <vector>

namespace vigie {

/// Whether automation acts or only says what it would have done.
enum class AutomationMode { Observe, Act };
QString toString(AutomationMode mode);

/// The rungs of the ladder; after the last one a person is asked.
enum class RemedyStep { RestartWorker, Reinstall, Replace };
QString toString(RemedyStep step);
std::optional<RemedyStep> remedyStepFromString(QStringView word);

/// The limits of judgement.md within which automation may act. Validated by who reads them.
struct GuardPolicy {
    bool enabled = true;     ///< false: dead workers are left to people altogether
    int holdTicks = 2;       ///< a verdict stands for so many ticks before an action
    double blastShare = 0.2; ///< of a pool in recovery at once; rounded down, at least one
    int inFlightPerPool = 2;
    int inFlight = 5;                              ///< in all pools together
    Duration pace = std::chrono::seconds(30);      ///< between two starts in a pool
    double backShare = 0.9;                        ///< back again after a storm; rounded down
    Duration cooldown = std::chrono::seconds(300); ///< after a storm: one heartbeat threshold
    std::vector<RemedyStep> ladder{RemedyStep::RestartWorker, RemedyStep::Reinstall,
                                   RemedyStep::Replace};
    int maxTries = 3;
    Duration healthResetsTries = std::chrono::seconds(3600);
    bool breakerEnabled = true;
    int breakerFailures = 5; ///< failed recoveries in a row
    Duration breakerReset = std::chrono::seconds(300);
    int preserveFailed = 0; ///< so many dead ones are kept as they are, for debugging
    int flaps = 3;          ///< changes between dead and alive
    Duration flapWindow = std::chrono::minutes(30);
};

/// One remedy that was tried, newest state of it.
struct RemedyTry {
    RemedyStep step = RemedyStep::RestartWorker;
    WallTime at{};
    bool automatic = true; ///< false: a person's
    bool skipped = false;  ///< the provider can't do it; no try
    bool failed = false;   ///< it is over and did not help
};

/// What befell one instance, out of the durable action log; times by the wall clock.
struct RemedyPast {
    std::vector<RemedyTry> tries; ///< automatic ones since it was last well or a person acted
    int failedInARow = 0;         ///< automatic ones since the last that helped
    std::optional<WallTime> lastFailure;
    bool told = false;            ///< what would be done about its newest death was said
    std::vector<WallTime> turns;  ///< changes between dead and alive, oldest first
    std::vector<WallTime> helped; ///< those of them that a remedy brought about
};

/// One watched instance as the guards see it.
struct GuardedInstance {
    InstanceId id;
    QString pool; ///< provider/zone/model
    QString zone; ///< provider/zone
    /// A remedy is due: the verdict is dead and written down, or the last automatic step failed.
    bool due = false;
    QString rule;           ///< of the verdict
    int verdictTicks = 0;   ///< for so many ticks the verdict has stood
    MonotonicTime since{};  ///< when it was first found due
    bool healthy = false;   ///< verdict alive
    bool witnessed = false; ///< more than its silence says that it doesn't serve
    bool inRecovery = false;
    bool further = false;   ///< what is due is a further step of a recovery that was begun
    bool announced = false; ///< in observe mode: what would be done was said already
    std::optional<Held> held;
    QString workInHand;
    RemedyPast past;
};

/// Why automation stands still, and who said so.
struct PauseReason {
    QString id; ///< of the open row in the action log
    QString reason, actor;
    WallTime at{};
};

/// How recoveries went in one provider zone.
struct ZonePast {
    int failedInARow = 0;
    std::optional<MonotonicTime> lastFailure, lastStart;
};

/// What the guards remember from tick to tick.
struct GuardState {
    std::vector<PauseReason> pausedBy;
    QHash<QString, QString> brakes;          ///< pool (empty: all) to why the storm brake is on
    QHash<QString, MonotonicTime> lastStart; ///< by pool
    QHash<QString, ZonePast> zones;
    AutomationMode mode = AutomationMode::Observe;
    QHash<QString, AutomationMode> poolModes; ///< exceptions
    /// Steps a provider (first part of the pool) has refused as not supported.
    QHash<QString, std::vector<RemedyStep>> unsupported;

    AutomationMode modeOf(const QString& pool) const { return poolModes.value(pool, mode); }
};

} // namespace vigie
