#pragma once

#include "core/watchdog/storm.h"

#include <unordered_map>
#include <vector>

namespace vigie {

/// Who fell silent in a storm, and when the silence of those who are still away may be judged one
/// by one again. A person's release ends the brake, not the outage: as long as a pool's silent ones
/// are away together, a probe that fails says no more than the silence itself.
class StormCohort {
public:
    /// One watched instance; `place` is the same from tick to tick.
    struct Member {
        std::size_t place = 0;
        QString pool;
        bool silent = false;
    };

    /// Once a tick. `everybody` is the storm over all of them, whatever was released.
    void advance(const std::vector<Member>& members, const Storm& everybody, MonotonicTime now);

    bool any() const { return !m_members.empty(); }
    bool contains(std::size_t place) const { return m_members.contains(place); }
    /// Since when the storm over this pool is over: too few of it are silent together to make one,
    /// or half of those who fell silent in it are heard again, which proves the way to the pool.
    std::optional<MonotonicTime> calmSince(const QString& pool) const;

private:
    struct Pool {
        int size = 0, back = 0; ///< of the cohort
        std::optional<MonotonicTime> calmSince;
    };
    struct Known {
        QString pool;
        bool back = false;
    };

    std::unordered_map<std::size_t, Known> m_members;
    QHash<QString, Pool> m_pools;
};

} // namespace vigie
