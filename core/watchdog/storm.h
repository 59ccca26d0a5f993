#pragma once

#include "core/base/clock.h"
#include "core/watchdog/assess.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <vector>

namespace vigie {

/// Whether somebody last heard then counts as silent where storms are concerned. An outage does not
/// silence all in one tick: whoever is past three quarters of the threshold counts already, so that
/// the first to cross it is not taken for a lone death.
bool isQuiet(MonotonicTime since, const WatchdogPolicy& policy, MonotonicTime now);

/// How the watched instances stand together: whether so many are silent at once that the cause is
/// more likely the network than the machines (judgement.md, "storm").
class Storm {
public:
    /// One instance that is expected to beat: since when it is silent, see silenceSince().
    struct Member {
        QString pool;
        MonotonicTime silentSince{};
    };

    Storm(const std::vector<Member>& members, const WatchdogPolicy& policy, MonotonicTime now);

    /// What storms over this pool or the whole fleet, with its figures; empty when nothing does.
    QString over(const QString& pool) const;
    /// Everything that storms, one sentence each.
    QStringList all() const;
    /// What storms over the whole fleet, and over single pools by name.
    const QString& overFleet() const { return m_fleet; }
    const QHash<QString, QString>& overPools() const { return m_pools; }
    /// Whether a silent member is the only one of the fleet that fell silent within one threshold.
    bool alone(const Member& member) const;

private:
    QString m_fleet;
    QHash<QString, QString> m_pools;
    std::vector<MonotonicTime> m_silent; // sorted
    Duration m_threshold;
};

} // namespace vigie
