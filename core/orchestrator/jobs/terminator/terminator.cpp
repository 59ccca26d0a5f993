#include "core/orchestrator/jobs/terminator/terminator.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"
#include "core/orchestrator/lifecycle.h"
#include "core/orchestrator/requestrow.h"
#include "core/orchestrator/stopafter.h"
#include "core/orchestrator/workerproof.h"

#include <algorithm>

namespace vigie::jobs::terminator {

namespace {

const QString category = QStringLiteral("jobs.terminator");

Failure withCode(Failure failure, QStringView code) {
    failure.code = code.toString();
    return failure;
}

} // namespace

TerminatorJob::Duty TerminatorJob::dutyFor(const InstanceRecord* record) const {
    if (!record)
        return Duty::None;
    const Instance& instance = record->instance;
    const WallTime now = m_context.clock.wallNow();
    // A back-off of other work (a create, a reinstall) does not hold up a termination.
    const bool ours =
        record->workInHand == terminateWork || instance.status == InstanceStatus::Failed;
    if (ours && record->nextAttemptAt.value_or(now) > now)
        return Duty::None;
    // A create under way hands its machine over first (see provisioning).
    if (instance.status == InstanceStatus::Terminating && record->workInHand != u"provision")
        return Duty::Terminate;
    const bool failedBefore = instance.status == InstanceStatus::Failed && record->nextAttemptAt &&
                              instance.errorCode == errorcode::terminatorRetryFailed;
    return failedBefore ? Duty::AskAgain : Duty::None;
}

Task<JobReport> TerminatorJob::run(std::stop_token stop) {
    std::vector<InstanceId> ids;
    for (const FleetEntry* entry : m_context.plane.entries()) {
        if (dutyFor(&entry->record) != Duty::None)
            ids.push_back(entry->id());
    }
    if (!m_context.plane.whyUntouched().isEmpty()) {
        m_report.block(QStringLiteral("pause"), static_cast<int>(ids.size()));
        co_return std::exchange(m_report, {});
    }
    co_await m_line.take(std::move(ids), std::move(stop));
    co_return std::exchange(m_report, {});
}

/// Claimed one by one, so that several orchestrators share a long list.
Task<> TerminatorJob::claimed(InstanceId id, std::stop_token stop) {
    const std::vector<InstanceId> wanted(1, id);
    const std::vector<InstanceId> ours = co_await m_context.plane.claim(wanted);
    if (ours.empty())
        co_return;
    const Duty duty = dutyFor(m_context.plane.find(id));
    if (duty == Duty::AskAgain) {
        co_await askAgain(id);
    } else if (duty == Duty::Terminate) {
        ++m_report.claimed;
        co_await terminate(id, std::move(stop));
    }
    co_await m_context.plane.giveBack(ours);
}

Task<> TerminatorJob::askAgain(InstanceId id) {
    ControlPlane::Change change;
    change.cause = TransitionCause::CleanUp;
    change.reason = QStringLiteral("the deletion that failed is tried again");
    change.edit = endWork;
    change.logStarts = {actionLog(actiontype::terminatorRetry, ActionLogStatus::Success, {})};
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

Task<> TerminatorJob::terminate(InstanceId id, std::stop_token stop) {
    const Outcome<InstanceRecord> begun = co_await begin(id);
    if (!begun) {
        ++m_report.errors;
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), begun.error().message));
        co_return;
    }
    if (begun->retiring) {
        const bool back = co_await cameBack(id);
        if (back) {
            co_await takeBack(id);
            co_return;
        }
    }
    const Outcome<Progress> progress = co_await tryOnce(id, stop);
    if (progress) {
        if (*progress == Progress::Gone) {
            co_await finish(id);
            ++m_report.processed;
        }
        co_return;
    }
    if (stop.stop_requested())
        co_return;
    ++m_report.errors;
    co_await retryOrFail(id, progress.error());
}

Task<Outcome<InstanceRecord>> TerminatorJob::begin(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (record->workInHand == terminateWork)
        co_return *record;
    const QString type = QStringView(actiontype::requestTerminate).toString();
    const QString asked = co_await requestRow(m_context.plane, id, type);
    record = m_context.plane.find(id);
    ActionLog execute = actionLog(actiontype::executeTerminate, ActionLogStatus::InProgress, {});
    execute.parentLogId = asked;
    ControlPlane::Change change;
    if (!record->workLogId.isEmpty())
        change.logFinishes = {failed(record->workLogId, u"TERMINATED",
                                     QStringLiteral("The instance is being terminated."))};
    change.edit = [work = execute.id](InstanceRecord& r) {
        r.workInHand = terminateWork;
        r.workLogId = work;
        r.nextAttemptAt.reset();
        r.instance.retryCount = 0;
    };
    change.refuse = [](const InstanceRecord& r) -> std::optional<QString> {
        if (r.instance.status == InstanceStatus::Terminating)
            return std::nullopt;
        return QStringLiteral("It is no longer terminating.");
    };
    change.logStarts = {std::move(execute)};
    Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    co_return written;
}

Task<Outcome<MachineId>> TerminatorJob::machineOf(InstanceId id, std::stop_token stop) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record->instance.providerInstanceId.isEmpty())
        co_return MachineId(record->instance.providerInstanceId);
    const CallToken token(std::move(stop), record->instance.correlationId);
    const Outcome<std::vector<Machine>> tagged =
        co_await m_context.provider.machines(QStringLiteral("vigie-instance:") + id.value(), token);
    if (!tagged)
        co_return fail(tagged.error());
    m_context.watcher.providerAnswered = m_context.clock.now();
    for (const Machine& machine : *tagged) {
        if (machine.state != MachineState::Absent)
            co_return machine.id;
    }
    co_return MachineId();
}

Task<Outcome<TerminatorJob::Progress>> TerminatorJob::tryOnce(InstanceId id, std::stop_token stop) {
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    const Outcome<MachineId> machine = co_await machineOf(id, limit.token());
    if (!machine)
        co_return fail(withCode(machine.error(), errorcode::terminatorCheckFailed));
    if (!machine->isEmpty()) {
        const Outcome<void> asked = co_await deleteMachine(id, *machine, limit.token());
        if (!asked)
            co_return fail(asked.error());
        // Accepted is not gone: only a typed absent proves it.
        const CallToken token(limit.token(), m_context.plane.find(id)->instance.correlationId);
        const Outcome<Machine> described = co_await m_context.provider.describe(*machine, token);
        if (!described)
            co_return fail(withCode(described.error(), errorcode::terminatorCheckFailed));
        m_context.watcher.providerAnswered = m_context.clock.now();
        if (described->state != MachineState::Absent) {
            const Outcome<void> said = co_await sayPending(id, *described);
            if (!said)
                co_return fail(said.error());
            co_return Progress::Waiting;
        }
        // Of one that was found by its tag no volumes are written down: its provider knows what was
        // made with it, and deletes that once it is gone.
        if (m_context.plane.find(id)->instance.providerInstanceId.isEmpty()) {
            const Outcome<void> rest = co_await deleteMachine(id, *machine, limit.token());
            if (!rest)
                co_return fail(rest.error());
        }
    }
    const Outcome<void> volumes = co_await deleteVolumes(id, limit.token());
    if (!volumes)
        co_return fail(volumes.error());
    co_return Progress::Gone;
}

Task<Outcome<void>> TerminatorJob::recall(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    const ActionLogId work = record->workLogId;
    if (m_told.value(id).work == work)
        co_return Outcome<void>{};
    ActionLogQuery query;
    query.instanceId = id;
    query.correlationId = record->instance.correlationId;
    const auto rows = co_await m_context.plane.store().actionLogs(std::move(query));
    if (!rows)
        co_return fail(rows.error());
    Told told{work};
    for (const ActionLog& row : *rows) {
        if (row.parentLogId != work.value() || row.status != ActionLogStatus::Success)
            continue;
        told.agreed = told.agreed || row.actionType == actiontype::providerTerminate;
        told.pending = told.pending || row.actionType == actiontype::terminationPending;
    }
    m_told.insert(id, told);
    co_return Outcome<void>{};
}

Task<Outcome<void>> TerminatorJob::deleteMachine(InstanceId id, MachineId machine,
                                                 std::stop_token stop) {
    const Outcome<void> known = co_await recall(id);
    if (!known)
        co_return fail(known.error());
    const bool tells = !m_told.value(id).agreed;
    Asker asker;
    asker.reason = QStringLiteral("machine ") + machine.value();
    ActionLog call = actionLog(actiontype::providerTerminate, ActionLogStatus::InProgress, asker);
    const ActionLogId callId = call.id;
    call.instanceId = id;
    if (tells) {
        const Outcome<void> logged = co_await m_context.plane.writeLog(std::move(call));
        if (!logged)
            co_return fail(logged.error());
    }
    MachineCommand command;
    command.kind = MachineCommandKind::Delete;
    command.machine = std::move(machine);
    command.correlationId = m_context.plane.find(id)->instance.correlationId;
    const Outcome<void> deleted =
        co_await m_context.provider.command(std::move(command), std::move(stop));
    const bool agreed = deleted || deleted.error().kind == FailureKind::NotFound;
    if (tells) {
        ActionLogFinish end =
            agreed ? finished(callId)
                   : failed(callId, errorcode::terminatorRetryFailed, deleted.error().message);
        end.instanceStatusAfter = toString(InstanceStatus::Terminating);
        co_await m_context.plane.finishLog(std::move(end));
    }
    if (!agreed)
        co_return fail(deleted.error());
    m_told[id].agreed = true;
    co_return Outcome<void>{};
}

Task<Outcome<void>> TerminatorJob::sayPending(InstanceId id, Machine machine) {
    if (m_told.value(id).pending)
        co_return Outcome<void>{};
    Asker asker;
    asker.reason = QStringLiteral("the provider still shows the machine %1: %2")
                       .arg(machine.id.value(), toString(machine.state));
    ActionLog row = actionLog(actiontype::terminationPending, ActionLogStatus::Success, asker);
    row.instanceId = id;
    Outcome<void> written = co_await m_context.plane.writeLog(std::move(row));
    if (written)
        m_told[id].pending = true;
    co_return written;
}

Task<Outcome<void>> TerminatorJob::deleteVolumes(InstanceId id, std::stop_token stop) {
    const CallToken token(std::move(stop), m_context.plane.find(id)->instance.correlationId);
    const std::vector<Volume> volumes = m_context.plane.volumesOf(id);
    for (const Volume& volume : volumes) {
        if (!volume.deleteOnTerminate || volume.status == VolumeStatus::Deleted)
            continue;
        const Outcome<void> deleted =
            co_await m_context.provider.deleteVolume(volume.providerVolumeId, token);
        const bool gone = deleted || deleted.error().kind == FailureKind::NotFound;
        Volume changed = volume;
        changed.errorMessage = gone ? QString() : deleted.error().message;
        changed.status = gone ? VolumeStatus::Deleted : VolumeStatus::Deleting;
        if (gone)
            changed.deletedAt = m_context.clock.wallNow();
        Asker asker;
        asker.reason = QStringLiteral("volume ") + volume.providerVolumeId;
        ControlPlane::Change change;
        change.volumes = {changed};
        if (gone)
            change.logStarts = {
                actionLog(actiontype::providerDeleteVolume, ActionLogStatus::Success, asker)};
        else
            change.logStarts = {failedLog(actiontype::providerDeleteVolume,
                                          errorcode::volumesDeletePending, changed.errorMessage,
                                          asker)};
        const Outcome<InstanceRecord> written =
            co_await m_context.plane.apply(id, std::move(change));
        if (!written)
            co_return fail(written.error());
        if (!gone)
            co_return fail(withCode(deleted.error(), errorcode::volumesDeletePending));
    }
    co_return Outcome<void>{};
}

Task<> TerminatorJob::finish(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    ControlPlane::Change change;
    change.cause = TransitionCause::ProviderConfirmedGone;
    change.reason = QStringLiteral("the provider confirms that the machine is gone");
    change.edit = [](InstanceRecord& r) {
        endWork(r);
        r.instance.retryCount = 0;
        r.instance.errorCode.clear();
        r.instance.errorMessage.clear();
        r.instance.workerStatus.clear();
        lockOut(r);
        if (r.instance.deletionReason.isEmpty())
            r.instance.deletionReason = QStringLiteral("terminated");
    };
    change.logStarts = {actionLog(actiontype::terminationConfirmed, ActionLogStatus::Success, {}),
                        actionLog(actiontype::instanceTerminated, ActionLogStatus::Success, {})};
    change.logFinishes = {finished(record->workLogId)};
    m_told.remove(id);
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

Task<> TerminatorJob::retryOrFail(InstanceId id, Failure failure) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record || record->workInHand != terminateWork)
        co_return;
    const bool tried = !wasNeverSent(failure);
    const QString before = record->instance.errorCode;
    const bool told = failure.code == errorcode::volumesDeletePending ||
                      failure.code == errorcode::terminatorCheckFailed;
    const bool stays = !tried && before == errorcode::volumesDeletePending;
    const QString code = stays  ? before
                         : told ? failure.code
                                : QStringView(errorcode::terminatorRetryFailed).toString();
    // Volumes have tries of their own, counted from when the machine was gone.
    const bool volumes = code == errorcode::volumesDeletePending;
    const bool goesOn = volumes == (before == errorcode::volumesDeletePending);
    const int failures = (goesOn ? record->instance.retryCount : 0) + (tried ? 1 : 0);
    const int most = volumes ? m_options.volumeAttempts : m_options.maxAttempts;
    const bool usedUp = tried && failures >= most;
    const Duration first = volumes ? m_options.volumeFirstDelay : m_options.firstDelay;
    const Duration wait = usedUp ? m_options.slowRetry
                                 : backoff(id.value(), failures, first,
                                           std::max(first, m_options.maxDelay), failure.retryAfter);
    const WallTime next =
        m_context.clock.wallNow() + std::chrono::ceil<std::chrono::milliseconds>(wait);
    ControlPlane::Change change;
    change.edit = [=](InstanceRecord& r) {
        if (usedUp)
            endWork(r);
        r.instance.retryCount = failures;
        // A failed one is known by its code: it is tried again, slowly.
        r.instance.errorCode =
            usedUp ? QStringView(errorcode::terminatorRetryFailed).toString() : code;
        r.instance.errorMessage = failure.message;
        r.nextAttemptAt = next;
    };
    if (usedUp) {
        change.cause = TransitionCause::DeletionRetriesUsedUp;
        change.reason = failure.message;
        change.logFinishes = {
            failed(record->workLogId, errorcode::terminatorRetryFailed, failure.message)};
    } else if (tried) {
        ActionMetadata metadata;
        metadata.attempt = failures;
        change.logStarts = {
            failedLog(actiontype::terminatorRetry, code, failure.message, {}, metadata)};
    }
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

} // namespace vigie::jobs::terminator
