#pragma once

#include "core/base/ids.h"
#include "core/watchdog/guards.h"
#include "core/watchdog/storm.h"

#include <QSet>

namespace vigie {

/// What keeps automation still after many fell silent at once, or while the watcher could not trust
/// itself: on until enough are back or a person releases it, then for a cool-down.
class StormBrake {
public:
    /// One brake that is on. `scope` is a pool, or empty for the whole fleet.
    struct On {
        QString scope;
        QString cause;                          ///< what engaged it, one sentence
        QSet<InstanceId> expected;              ///< who has to come back, see backShare
        std::optional<MonotonicTime> calmSince; ///< the cool-down runs
        int back = 0;
        bool helpless = false; ///< the watcher itself is not healthy: a release changes nothing
        /// A start or a stall of the watcher itself: made anew at each start, so not journalled.
        bool grace = false;
    };
    /// An instance that is expected to beat, or fell silent since the brake went on.
    struct Member {
        InstanceId id;
        QString pool;
        bool silent = false; ///< not heard of late, also when it could not be heard yet
        bool dead = false;   ///< worker_dead is written
    };
    struct Watcher {
        std::optional<QString> unhealthy; ///< why, see whyUnhealthy()
        bool grace = false; ///< only because it started or stalled less than a threshold ago
    };
    struct Change {
        std::vector<On> engaged, released;
    };

    /// To be called once a tick, before plan().
    Change advance(const std::vector<Member>& members, const Storm& storm, const Watcher& watcher,
                   const GuardPolicy& policy, MonotonicTime now);

    /// What a person who releases knows of those who are silent.
    enum class SilentAre { Unknown, Dead };
    /// A person's word: every brake goes into its cool-down, whoever is back or not.
    void release(MonotonicTime now, SilentAre silent = SilentAre::Unknown);
    /// Goes on with a brake of before a restart; `expected` are the ones it waited for.
    void restore(const QString& scope, const QString& cause, QSet<InstanceId> expected);

    const std::vector<On>& all() const { return m_on; }
    /// What plan() is told: scope to sentence.
    QHash<QString, QString> says(const GuardPolicy& policy, MonotonicTime now) const;
    /// Members that were silent at a release are no storm any more.
    std::optional<MonotonicTime> releasedAt() const { return m_releasedAt; }
    /// When a person last said that those who were silent then are dead.
    std::optional<MonotonicTime> calledDeadAt() const { return m_calledDeadAt; }

private:
    On& engage(const QString& scope, const QString& cause, bool grace, Change& change);

    std::vector<On> m_on;
    std::optional<MonotonicTime> m_releasedAt, m_calledDeadAt;
};

} // namespace vigie
