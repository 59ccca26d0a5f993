#pragma once

#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/watchdogsettings.h"

namespace vigie {

namespace actiontype {
inline constexpr auto policyChanged = u"POLICY_CHANGED"; ///< in progress as long as it is in force
} // namespace actiontype

/// The part of the configuration that can change while the daemon runs, [watchdog], [automation],
/// [recovery] and [guards], as {section: {key: value}}.
QByteArray encodePolicy(const Settings& effective);

/// `base` with what `changes`, an object of the same form, says otherwise; Invalid, with every
/// mistake and what is allowed, for a key that does not exist or a value that can't be.
Outcome<Settings> policyWith(const QByteArray& changes, const Settings& base);

/// What goes into the row of the action log that is in progress as long as `changes` are in force.
QByteArray encodePolicyOrder(const QByteArray& changes, const QString& reason);
/// `changes` of such a row; nothing for another one.
std::optional<QByteArray> policyOrderOf(const ActionLog& row);

/// What another policy would have made of the recorded past.
struct PolicyEffect {
    std::optional<WallTime> from, to; ///< of what was looked at
    int remedies = 0;                 ///< that automation began
    struct HeldBack {
        InstanceId instance;
        WallTime at{};
        QString guard; ///< of the new policy
    };
    std::vector<HeldBack> heldBack;
    int deaths = 0;
    int deathsNotSeen = 0; ///< whose worker beat again before the new threshold
    Duration sooner{};     ///< each other death would have been found; negative: later
};
/// Pure. Remedies of the past through pace, in flight and retry cap of the new policy, deaths
/// through its threshold. `poolOf` places an instance.
PolicyEffect effectOnPast(std::vector<ActionLog> rows, const WatchdogSettings& before,
                          const WatchdogSettings& after,
                          const std::function<QString(const InstanceId&)>& poolOf);
QByteArray encodePolicyEffect(const PolicyEffect& effect);

} // namespace vigie
