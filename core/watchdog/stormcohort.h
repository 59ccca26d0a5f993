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
    void advance(const std::vector<Member>& members, const Storm& everybody,
                 const WatchdogPolicy& policy, MonotonicTime now);

    bool any() const { return !m_members.empty(); }
    bool contains(std::size_t place) const { return m_members.contains(place); }
    bool isAway(std::size_t place) const {
        const auto known = m_members.find(place);
        return known != m_members.end() && !known->second.back;
    }
    /// Whether anybody of this pool fell silent in a storm from which not all are back.
    bool touches(const QString& pool) const {
        return m_pools.value(pool).back < m_pools.value(pool).size;
    }
    /// Since when too few of this pool are silent to make a storm, whenever each fell silent. That
    /// many others of the cohort are back proves nothing about those who are not: an outage may end
    /// in parts.
    std::optional<MonotonicTime> calmSince(const QString& pool) const;

private:
    struct Pool {
        int size = 0, back = 0;
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
