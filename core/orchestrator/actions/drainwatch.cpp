#include "core/orchestrator/actions/drainwatch.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/model/holding.h"
#include "core/orchestrator/actionlogs.h"

#include <algorithm>

namespace vigie {

std::optional<DrainWatch::Step> DrainWatch::nextStep(const InstanceRecord& record) {
    const Instance& instance = record.instance;
    const WallTime wallNow = m_plane.clock().wallNow();
    switch (instance.status) {
    case InstanceStatus::Draining:
        if (const auto why = whyOver(record))
            return Step{TransitionCause::DrainFinished, *why};
        return std::nullopt;
    case InstanceStatus::WorkerDead:
        if (isHeld(instance.held, wallNow) || !record.workInHand.isEmpty())
            return std::nullopt;
        return Step{TransitionCause::TerminateAsked,
                    QStringLiteral("its worker died while it drained")};
    case InstanceStatus::Ready:
    case InstanceStatus::Unavailable:
        return Step{TransitionCause::DrainAsked,
                    QStringLiteral("it goes on draining: its worker came back")};
    default:
        return std::nullopt;
    }
}

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
    int moved = 0;
    if (m_plane.storeFailure())
        co_return moved;
    QHash<InstanceId, Step> steps;
    QSet<InstanceId> draining;
    for (const FleetEntry* entry : m_plane.entries()) {
        if (!entry->record.drainAsked)
            continue;
        draining.insert(entry->id());
        if (const auto step = nextStep(entry->record))
            steps.insert(entry->id(), *step);
    }
    m_seen.removeIf([&](const auto& entry) { return !draining.contains(entry.key()); });
    for (auto one = steps.begin(); one != steps.end(); ++one) {
        const Outcome<InstanceRecord> written = co_await take(one.key(), *one);
        if (written)
            ++moved;
        else
            logWarning(QStringLiteral("actions"),
                       QStringLiteral("%1: %2").arg(one.key().value(), written.error().message));
    }
    co_return moved;
}

Task<Outcome<InstanceRecord>> DrainWatch::take(InstanceId id, Step step) {
    const Instance& instance = m_plane.find(id)->instance;
    Asker asker;
    asker.reason = step.why;
    asker.correlationId = instance.correlationId;
    const bool goesOn = step.cause == TransitionCause::DrainAsked;
    ControlPlane::Change change;
    change.cause = step.cause;
    change.reason = step.why;
    change.refuse = [status = instance.status](const InstanceRecord& now) {
        return now.instance.status == status && now.drainAsked
                   ? std::nullopt
                   : std::optional(QStringLiteral("It changed meanwhile."));
    };
    change.edit = [goesOn, why = step.why](InstanceRecord& record) {
        if (!goesOn && record.instance.deletionReason.isEmpty())
            record.instance.deletionReason = why;
    };
    change.logStarts = {actionLog(goesOn ? actiontype::requestDrain : actiontype::requestTerminate,
                                  ActionLogStatus::Success, asker)};
    Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    co_return written;
}

} // namespace vigie
