#include "core/orchestrator/policy.h"

#include <algorithm>
#include <map>

namespace vigie {

namespace {

bool isRemedyRow(const ActionLog& row) {
    return row.userId == QLatin1String("automation") &&
           (row.actionType == QStringView(actiontype::executeRestartWorker) ||
            row.actionType == QStringView(actiontype::executeReinstall) ||
            row.actionType == QStringView(actiontype::executeReplace)) &&
           row.errorCode != QStringView(errorcode::stepNotAvailable) &&
           row.errorCode != QStringView(errorcode::calledOff);
}

bool becameReady(const ActionLog& row) {
    const QString ready = toString(InstanceStatus::Ready);
    return row.instanceStatusAfter == ready && row.instanceStatusBefore != ready;
}

/// The past as the new limits would have let it go on.
class Replayed {
public:
    Replayed(const GuardPolicy& policy, const std::function<QString(const InstanceId&)>& poolOf)
        : m_policy(policy), m_poolOf(poolOf) {}

    /// The guard that holds this remedy back; empty: it begins.
    QString begin(const InstanceId& id, WallTime at) {
        const QString pool = m_poolOf(id);
        if (m_tries[id] >= m_policy.maxTries)
            return QStringLiteral("retry cap");
        const auto inPool = std::ranges::count_if(
            m_running, [&](const InstanceId& other) { return m_poolOf(other) == pool; });
        const bool again = std::ranges::find(m_running, id) != m_running.end();
        if (!again && (inPool >= m_policy.inFlightPerPool ||
                       static_cast<int>(m_running.size()) >= m_policy.inFlight))
            return QStringLiteral("in flight");
        const auto last = m_lastStart.find(pool);
        if (last != m_lastStart.end() && at - last->second < m_policy.pace)
            return QStringLiteral("pace");
        ++m_tries[id];
        m_lastStart[pool] = at;
        if (!again)
            m_running.push_back(id);
        return {};
    }
    void end(const InstanceId& id) {
        std::erase(m_running, id);
        m_tries.erase(id);
    }

private:
    const GuardPolicy& m_policy;
    const std::function<QString(const InstanceId&)>& m_poolOf;
    std::vector<InstanceId> m_running;
    std::map<InstanceId, int> m_tries;
    std::map<QString, WallTime> m_lastStart;
};

} // namespace

PolicyEffect effectOnPast(std::vector<ActionLog> rows, const WatchdogSettings& before,
                          const WatchdogSettings& after,
                          const std::function<QString(const InstanceId&)>& poolOf) {
    std::ranges::stable_sort(rows, {}, &ActionLog::createdAt);
    PolicyEffect effect;
    effect.sooner = before.policy.heartbeatThreshold - after.policy.heartbeatThreshold;
    Replayed past(after.guards, poolOf);
    std::map<InstanceId, WallTime> untreated; // dead, and nothing was begun yet
    for (const ActionLog& row : rows) {
        if (!effect.from)
            effect.from = row.createdAt;
        effect.to = row.createdAt;
        if (isRemedyRow(row)) {
            ++effect.remedies;
            untreated.erase(row.instanceId);
            const QString guard = past.begin(row.instanceId, row.createdAt);
            if (!guard.isEmpty())
                effect.heldBack.push_back({row.instanceId, row.createdAt, guard});
        } else if (row.actionType == QStringView(actiontype::workerDeadDetected)) {
            ++effect.deaths;
            untreated[row.instanceId] = row.createdAt;
        } else if (becameReady(row)) {
            past.end(row.instanceId);
            const auto died = untreated.find(row.instanceId);
            if (died != untreated.end()) {
                const Duration silent =
                    row.createdAt - died->second + before.policy.heartbeatThreshold;
                effect.deathsNotSeen += silent < after.policy.heartbeatThreshold ? 1 : 0;
                untreated.erase(died);
            }
        }
    }
    return effect;
}

} // namespace vigie
