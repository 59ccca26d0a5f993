#include "core/watchdog/storm.h"

#include "core/base/timeformat.h"

#include <algorithm>

namespace vigie {

namespace {

using Times = std::vector<MonotonicTime>;

/// The most that fell silent within one threshold of each other.
int mostTogether(Times& times, Duration window) {
    std::ranges::sort(times);
    std::size_t first = 0;
    std::size_t most = 0;
    for (std::size_t last = 0; last < times.size(); ++last) {
        while (times[last] - times[first] > window)
            ++first;
        most = std::max(most, last - first + 1);
    }
    return static_cast<int>(most);
}

QString judge(Times& since, int total, const QString& where, const WatchdogPolicy& policy) {
    const int together = mostTogether(since, policy.heartbeatThreshold);
    if (together < policy.stormMinimum || together < policy.stormShare * total)
        return {};
    return QStringLiteral("%1 of %2 in %3 fell silent within %4")
        .arg(QString::number(together), QString::number(total), where,
             humanDuration(policy.heartbeatThreshold));
}

} // namespace

bool isQuiet(MonotonicTime since, const WatchdogPolicy& policy, MonotonicTime now) {
    return now - since > policy.heartbeatThreshold * 3 / 4;
}

Storm::Storm(const std::vector<Member>& members, const WatchdogPolicy& policy, MonotonicTime now)
    : m_threshold(policy.heartbeatThreshold) {
    for (const Member& member : members) {
        if (isQuiet(member.silentSince, policy, now))
            m_silent.push_back(member.silentSince);
    }
    std::ranges::sort(m_silent);
    if (static_cast<int>(m_silent.size()) < policy.stormMinimum)
        return;
    struct Pool {
        Times silent;
        int total = 0;
    };
    QHash<QString, Pool> pools;
    for (const Member& member : members) {
        Pool& pool = pools[member.pool];
        ++pool.total;
        if (isQuiet(member.silentSince, policy, now))
            pool.silent.push_back(member.silentSince);
    }
    m_fleet =
        judge(m_silent, static_cast<int>(members.size()), QStringLiteral("the fleet"), policy);
    for (auto pool = pools.begin(); pool != pools.end(); ++pool) {
        const QString where = QStringLiteral("pool ") + pool.key();
        const QString says = judge(pool->silent, pool->total, where, policy);
        if (!says.isEmpty())
            m_pools.insert(pool.key(), says);
    }
}

QString Storm::over(const QString& pool) const {
    const auto found = m_pools.constFind(pool);
    return found == m_pools.constEnd() ? m_fleet : *found;
}

QStringList Storm::all() const {
    QStringList all = m_pools.values();
    all.sort();
    if (!m_fleet.isEmpty())
        all.prepend(m_fleet);
    return all;
}

bool Storm::alone(const Member& member) const {
    const auto near = std::ranges::count_if(m_silent, [&](MonotonicTime since) {
        const Duration apart =
            since > member.silentSince ? since - member.silentSince : member.silentSince - since;
        return apart <= m_threshold;
    });
    return near <= 1;
}

} // namespace vigie
