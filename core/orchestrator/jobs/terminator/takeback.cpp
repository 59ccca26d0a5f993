// Of what automation gave up because nothing was heard of it, and then was.
#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/jobs/terminator/terminator.h"
#include "core/orchestrator/lifecycle.h"

namespace vigie::jobs::terminator {

/// Whether its worker was heard since, and the provider has not agreed to delete its machine.
Task<bool> TerminatorJob::cameBack(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    const Instance& instance = record->instance;
    if (record->heardAtLimit)
        co_return false; // it goes because it did not become ready: that it beats is nothing new
    if (!instance.workerLastHeartbeat || instance.workerLastHeartbeat <= instance.stateSince)
        co_return false;
    const Outcome<void> known = co_await recall(id);
    co_return known && !m_told.value(id).agreed;
}

Task<> TerminatorJob::takeBack(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    const QString message =
        QStringLiteral(
            "It was to go because nothing was heard of it (%1), and was heard before the "
            "provider had agreed to delete its machine; it stays, and a person decides.")
            .arg(record->instance.deletionReason);
    ControlPlane::Change change;
    change.cause = TransitionCause::LateWorker;
    change.reason = message;
    change.refuse = [work = record->workLogId](const InstanceRecord& r) -> std::optional<QString> {
        if (r.workInHand == terminateWork && r.workLogId == work && r.retiring)
            return std::nullopt;
        return QStringLiteral("It changed meanwhile.");
    };
    change.edit = [message](InstanceRecord& r) {
        endWork(r);
        r.retiring = false;
        r.recoveryBegunAt.reset();
        r.instance.retryCount = 0;
        r.instance.deletionReason.clear();
        r.instance.errorMessage = message;
    };
    change.logStarts = {actionLog(actiontype::workerRecovered, ActionLogStatus::Success, {})};
    change.logFinishes = {failed(record->workLogId, errorcode::calledOff, message)};
    m_told.remove(id);
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    logWarning(
        QStringLiteral("jobs.terminator"),
        QStringLiteral("%1: %2").arg(id.value(), written ? message : written.error().message));
}

} // namespace vigie::jobs::terminator
