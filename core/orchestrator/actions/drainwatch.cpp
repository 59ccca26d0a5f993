#include "core/orchestrator/actions/drainwatch.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/model/holding.h"
#include "core/orchestrator/actionlogs.h"

#include <algorithm>

namespace vigie {

std::optional<QString> DrainWatch::whyOver(const InstanceRecord& record) {
    const Instance& instance = record.instance;
    const MonotonicTime now = m_plane.clock().now();
    const WallTime wallNow = m_plane.clock().wallNow();
    // Counted on the monotonic clock; the wall clock only says what passed before a restart.
    Seen& seen = m_seen[instance.id];
    if (seen.since != instance.stateSince)
        seen = {
            instance.stateSince, now,
            std::max(Duration(wallNow - instance.stateSince.value_or(wallNow)), Duration::zero())};
    if (isHeld(instance.held, wallNow))
        return std::nullopt;
    const Duration passed = seen.before + (now - seen.at);
    // An empty queue counts only if it was told after the drain began.
    if (instance.workerLastHeartbeat && instance.stateSince &&
        *instance.workerLastHeartbeat > *instance.stateSince && instance.workerQueueDepth == 0)
        return QStringLiteral("drained: its queue is empty after ") + humanDuration(passed);
    if (passed >= m_deadline)
        return QStringLiteral("its time to drain is up after ") + humanDuration(passed);
    return std::nullopt;
}

Task<int> DrainWatch::tick() {
    int ended = 0;
    if (m_plane.storeFailure())
        co_return ended;
    QHash<InstanceId, QString> over;
    QSet<InstanceId> draining;
    for (const InstanceId& id : m_plane.ids()) {
        const InstanceRecord& record = *m_plane.find(id);
        if (record.instance.status != InstanceStatus::Draining)
            continue;
        draining.insert(id);
        if (const auto why = whyOver(record))
            over.insert(id, *why);
    }
    m_seen.removeIf([&](const auto& entry) { return !draining.contains(entry.key()); });
    for (auto one = over.begin(); one != over.end(); ++one) {
        Asker asker;
        asker.reason = *one;
        asker.correlationId = m_plane.find(one.key())->instance.correlationId;
        ControlPlane::Change change;
        change.cause = TransitionCause::DrainFinished;
        change.reason = *one;
        change.edit = [why = *one](InstanceRecord& record) {
            if (record.instance.deletionReason.isEmpty())
                record.instance.deletionReason = why;
        };
        change.logStarts = {
            actionLog(actiontype::requestTerminate, ActionLogStatus::Success, asker)};
        const Outcome<InstanceRecord> written =
            co_await m_plane.apply(one.key(), std::move(change));
        if (written)
            ++ended;
        else
            logWarning(QStringLiteral("actions"),
                       QStringLiteral("%1: %2").arg(one.key().value(), written.error().message));
    }
    co_return ended;
}

} // namespace vigie
