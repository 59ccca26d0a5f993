#include "core/watchdog/stormcohort.h"

namespace vigie {

void StormCohort::advance(const std::vector<Member>& members, const Storm& everybody,
                          MonotonicTime now) {
    for (const Member& member : members) {
        const auto known = m_members.find(member.place);
        if (known != m_members.end())
            known->second.back = known->second.back || !member.silent;
        else if (member.silent && !everybody.over(member.pool).isEmpty())
            m_members.insert({member.place, {member.pool, false}});
    }
    if (m_members.empty())
        return;
    QHash<QString, Pool> pools;
    for (const auto& [place, known] : m_members) {
        Pool& pool = pools[known.pool];
        ++pool.size;
        pool.back += known.back ? 1 : 0;
    }
    for (auto pool = pools.begin(); pool != pools.end(); ++pool) {
        const bool calm = everybody.over(pool.key()).isEmpty() || 2 * pool->back >= pool->size;
        if (calm)
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
