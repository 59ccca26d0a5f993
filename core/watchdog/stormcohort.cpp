#include "core/watchdog/stormcohort.h"

namespace vigie {

void StormCohort::advance(const std::vector<Member>& members, const Storm& everybody,
                          const WatchdogPolicy& policy, MonotonicTime now) {
    QHash<QString, Pool> everyPool;
    // Who is not watched any more is neither back nor away.
    std::unordered_map<std::size_t, Known> still;
    for (const Member& member : members) {
        Pool& pool = everyPool[member.pool];
        ++pool.size;
        pool.back += member.silent ? 0 : 1;
        const bool fellSilent = member.silent && !everybody.over(member.pool).isEmpty();
        if (fellSilent || m_members.contains(member.place))
            still.insert({member.place, {member.pool, !member.silent}});
    }
    m_members = std::move(still);
    QHash<QString, Pool> pools;
    for (const auto& [place, known] : m_members) {
        Pool& pool = pools[known.pool];
        ++pool.size;
        pool.back += known.back ? 1 : 0;
    }
    for (auto pool = pools.begin(); pool != pools.end(); ++pool) {
        const Pool& all = everyPool[pool.key()];
        const int silent = all.size - all.back;
        if (silent < policy.stormMinimum || silent < policy.stormShare * all.size)
            pool->calmSince = m_pools.value(pool.key()).calmSince.value_or(now);
    }
    m_pools = std::move(pools);
    // A storm from which all are back is history.
    std::erase_if(m_members, [this](const auto& known) {
        const Pool& pool = m_pools[known.second.pool];
        return pool.back == pool.size;
    });
}

std::optional<MonotonicTime> StormCohort::calmSince(const QString& pool) const {
    return m_pools.value(pool).calmSince;
}

} // namespace vigie
