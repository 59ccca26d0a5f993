#include "core/orchestrator/reinstall.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/remedywork.h"
#include "core/orchestrator/secrets.h"
#include "core/orchestrator/stopafter.h"
#include "core/orchestrator/workerproof.h"

#include <algorithm>

namespace vigie {

namespace {

const QString reinstallLog = QStringLiteral("reinstall");

/// What a worker said before its restart says nothing about it afterwards.
void beginWork(InstanceRecord& record, const QString& what, const ActionLogId& work, WallTime now) {
    record.instance.healthCheckFailures = 0;
    record.instance.retryCount = 0;
    record.instance.workerStatus.clear();
    record.workerId.clear();
    record.workInHand = what;
    record.workLogId = work;
    record.nextAttemptAt.reset();
    record.recoveryBegunAt = now;
}

/// Nothing of the last incarnation may speak for the new one. A worker that automation took for
/// dead is still heard until its machine was reinstalled: it may come back before that.
void beginIncarnation(InstanceRecord& record, bool byPerson) {
    Instance& instance = record.instance;
    ++instance.incarnation;
    instance.workerLastHeartbeat.reset();
    instance.workerModelId.clear();
    instance.workerQueueDepth.reset();
    instance.workerGpuUtilization.reset();
    instance.workerMetadata.clear();
    instance.workerHealthPort.reset();
    instance.workerVllmPort.reset();
    const QString former =
        record.formerSecretHash.isEmpty() ? record.bootstrapSecretHash : record.formerSecretHash;
    const QString token = record.workerTokenHash;
    lockOut(record);
    if (byPerson)
        return;
    record.formerSecretHash = former;
    record.workerTokenHash = token;
}

/// How the log and the store name a step.
struct RemedyKind {
    QString work;
    QStringView request, execute;
};
const RemedyKind& kindOf(RemedyStep step) {
    static const RemedyKind restart{restartWork, actiontype::requestRestartWorker,
                                    actiontype::executeRestartWorker};
    static const RemedyKind reinstall{reinstallWork, actiontype::requestReinstall,
                                      actiontype::executeReinstall};
    static const RemedyKind replace{replaceWork, actiontype::requestReplace,
                                    actiontype::executeReplace};
    switch (step) {
    case RemedyStep::RestartWorker:
        return restart;
    case RemedyStep::Replace:
        return replace;
    case RemedyStep::Reinstall:
        break;
    }
    return reinstall;
}

} // namespace

Reinstaller::Reinstaller(ControlPlane& plane, Provider& provider, QUrl controlPlaneUrl,
                         ReinstallOptions options)
    : m_plane(plane), m_provider(provider), m_replacement(plane),
      m_controlPlaneUrl(std::move(controlPlaneUrl)), m_options(options) {}

Task<Outcome<InstanceRecord>> Reinstaller::begin(InstanceId id, Request request) {
    if (const QString why = m_plane.whyUntouched(); !why.isEmpty())
        co_return fail(FailureKind::Conflict, QStringLiteral("Nothing is begun: %1.").arg(why));
    const RemedyKind& kind = kindOf(request.step);
    const QString& what = kind.work;
    const QString reason =
        request.asker.reason.isEmpty() ? what + QStringLiteral(" asked") : request.asker.reason;
    ActionMetadata metadata;
    metadata.assessment = request.assessment;
    metadata.passedGuards = request.passedGuards;
    ActionLog asked = actionLog(kind.request, ActionLogStatus::Success, request.asker, metadata);
    asked.parentLogId = request.parentLogId;
    ActionLog begun = actionLog(kind.execute, ActionLogStatus::InProgress, request.asker, metadata);
    begun.component = QStringLiteral("orchestrator");
    begun.parentLogId = asked.id.value();
    const ActionLogId work = begun.id;
    const WallTime now = m_plane.clock().wallNow();
    const bool replaces = request.step == RemedyStep::Replace;

    const InstanceRecord* known = m_plane.find(id);
    // A further rung of the ladder finds it where the last one left it.
    const bool further =
        !request.byPerson && known && isStarting(known->instance.status) && known->recoveryBegunAt;
    ControlPlane::Change change;
    if (!further && !replaces)
        change.cause =
            request.byPerson ? TransitionCause::ReinstallByPerson : TransitionCause::RecoveryBegun;
    change.reason = reason;
    change.edit = [what, work, now, step = request.step, byPerson = request.byPerson,
                   correlation = request.asker.correlationId](InstanceRecord& record) {
        if (!correlation.isEmpty())
            record.instance.correlationId = correlation;
        if (step == RemedyStep::Replace) {
            record.workInHand = what; // it may serve meanwhile: nothing of it is forgotten
            record.workLogId = work;
            record.nextAttemptAt.reset();
            return;
        }
        beginWork(record, what, work, now);
        if (step == RemedyStep::Reinstall)
            beginIncarnation(record, byPerson);
    };
    change.logStarts = std::move(request.logStarts);
    change.logStarts.push_back(std::move(asked));
    change.logStarts.push_back(std::move(begun));
    change.refuse = [custom = request.refuse, step = request.step, further,
                     what](const InstanceRecord& record) -> std::optional<QString> {
        if (step != RemedyStep::Replace && record.instance.providerInstanceId.isEmpty())
            return QStringLiteral("Instance %1 has no machine at its provider to %2.")
                .arg(record.instance.id.value(), step == RemedyStep::RestartWorker
                                                     ? QStringLiteral("restart")
                                                     : QStringLiteral("reinstall"));
        if (further && (!isStarting(record.instance.status) || !record.recoveryBegunAt))
            return QStringLiteral("It changed meanwhile.");
        if (step == RemedyStep::Replace && !further) {
            if (auto why = whyNot(Action::Replace, record.instance.status, true))
                return why;
        }
        if (!record.workInHand.isEmpty())
            return QStringLiteral("Instance %1 has work in hand already: %2.")
                .arg(record.instance.id.value(), record.workInHand);
        return custom ? custom(record) : std::nullopt;
    };
    Outcome<InstanceRecord> begunRecord = co_await m_plane.apply(id, std::move(change));
    if (begunRecord && !request.byPerson)
        m_automatic.insert(id, {begunRecord->workLogId, true});
    else if (begunRecord)
        m_automatic.insert(id, {begunRecord->workLogId, false});
    if (begunRecord && !m_scope->token().stop_requested())
        m_scope->spawn(execute(id, m_scope->token()));
    co_return begunRecord;
}

int Reinstaller::resume() {
    int resumed = 0;
    if (!m_plane.whyUntouched().isEmpty())
        return resumed; // what was in hand then may be over since
    const WallTime now = m_plane.clock().wallNow();
    for (const FleetEntry* entry : m_plane.entries()) {
        const InstanceRecord& record = entry->record;
        const InstanceId& id = entry->id();
        if (!isRemedy(record.workInHand) || m_running.contains(id) ||
            record.nextAttemptAt.value_or(now) > now || m_scope->token().stop_requested())
            continue;
        m_scope->spawn(execute(id, m_scope->token()));
        ++resumed;
    }
    return resumed;
}

Task<> Reinstaller::execute(InstanceId id, std::stop_token stop) {
    if (m_running.contains(id))
        co_return;
    m_running.insert(id);
    co_await attempt(id, std::move(stop));
    m_running.remove(id);
}

Task<> Reinstaller::attempt(InstanceId id, std::stop_token stop) {
    const std::vector<InstanceId> wanted(1, id);
    const std::vector<InstanceId> ours = co_await m_plane.claim(wanted);
    if (ours.empty())
        co_return; // another orchestrator is at it
    co_await attemptClaimed(id, std::move(stop));
    co_await m_plane.giveBack(ours);
}

Task<> Reinstaller::attemptClaimed(InstanceId id, std::stop_token stop) {
    const InstanceRecord* found = m_plane.find(id);
    if (!found || !isRemedy(found->workInHand))
        co_return;
    if (found->workInHand == replaceWork) {
        const std::optional<bool> automatic = co_await isAutomatic(id, found->workLogId);
        if (automatic)
            co_await m_replacement.advance(id, *automatic);
        co_return;
    }
    const ActionLogId work = found->workLogId;
    const std::optional<bool> automatic = co_await isAutomatic(id, work);
    if (!automatic)
        co_return; // a person's order is not judged as automation's: still in hand
    found = m_plane.find(id);
    // Only with the secret of this reinstall could it register since: the answer to an earlier try
    // was lost. After a restart it takes its old one, so that it may as well have come by itself.
    if (!found->workerId.isEmpty() && (found->workInHand == reinstallWork || !*automatic)) {
        co_await succeed(id, work);
        co_return;
    }
    if (*automatic) {
        const bool due = co_await isStillDue(id, work);
        if (!due)
            co_return;
    }

    Task<Outcome<MachineCommand>> preparing = prepare(id, work);
    Outcome<MachineCommand> command = co_await preparing;
    if (!command) {
        logWarning(reinstallLog, QStringLiteral("%1: %2").arg(id.value(), command.error().message));
        co_return; // still in hand: resume() comes back to it
    }
    const StopAfter limit(m_plane.clock(), m_options.commandLimit, stop);
    const Outcome<void> done = co_await m_provider.command(std::move(*command), limit.token());
    if (stop.stop_requested() && !done)
        co_return; // the next start goes on with it
    if (done)
        co_await succeed(id, work);
    else
        co_await retryOrFail(id, work, done.error());
}

Task<Outcome<MachineCommand>> Reinstaller::prepare(InstanceId id, ActionLogId work) {
    const InstanceRecord* record = m_plane.find(id);
    MachineCommand command;
    command.machine = MachineId(record->instance.providerInstanceId);
    command.correlationId = record->instance.correlationId;
    if (record->workInHand == restartWork) {
        command.kind = MachineCommandKind::Reboot;
        co_return command;
    }
    // The plain secret lives only here; after a crash the next try makes a new one.
    const Secret secret = newSecret();
    ControlPlane::Change rotate;
    rotate.refuse = unlessAnotherRemedy(work);
    rotate.edit = [hash = secret.hash](InstanceRecord& edited) {
        edited.bootstrapSecretHash = hash;
    };
    const Outcome<InstanceRecord> rotated = co_await m_plane.apply(id, std::move(rotate));
    if (!rotated)
        co_return fail(rotated.error());
    command.kind = MachineCommandKind::Reinstall;
    WorkerBoot boot;
    boot.instanceId = id;
    boot.controlPlaneUrl = m_controlPlaneUrl;
    boot.bootstrapSecret = secret.plain;
    boot.modelId = rotated->instance.modelId;
    boot.correlationId = rotated->instance.correlationId;
    command.boot = std::move(boot);
    co_return command;
}

} // namespace vigie
