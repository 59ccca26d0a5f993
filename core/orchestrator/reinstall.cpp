#include "core/orchestrator/reinstall.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"
#include "core/orchestrator/secrets.h"
#include "core/orchestrator/stopafter.h"

#include <algorithm>

namespace vigie {

namespace {

const QString reinstallWork = QStringLiteral("reinstall");
const QString restartWork = QStringLiteral("restart_worker");
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

/// Nothing of the last incarnation may speak for the new one.
void beginIncarnation(InstanceRecord& record) {
    Instance& instance = record.instance;
    ++instance.incarnation;
    instance.workerLastHeartbeat.reset();
    instance.workerModelId.clear();
    instance.workerQueueDepth.reset();
    instance.workerGpuUtilization.reset();
    instance.workerMetadata.clear();
    instance.workerHealthPort.reset();
    instance.workerVllmPort.reset();
    record.workerTokenHash.clear();
    record.bootstrapSecretHash.clear();
}

void endWork(InstanceRecord& record) {
    record.workInHand.clear();
    record.workLogId = {};
    record.nextAttemptAt.reset();
}

/// Refuses a change when another work took the place of this one.
auto unless(const ActionLogId& work) {
    return [work](const InstanceRecord& record) -> std::optional<QString> {
        if (isRemedy(record.workInHand) && record.workLogId == work)
            return std::nullopt;
        return QStringLiteral("That work is no longer in hand.");
    };
}

bool workerSeen(const ControlPlane& plane, const InstanceRecord& record) {
    const LiveState* live = plane.live(record.instance.id);
    return !record.workerId.isEmpty() || (live && live->lastBeat);
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

/// "The reinstall", for sentences.
QString nameOf(const QString& work) {
    return work == reinstallWork ? QStringLiteral("The reinstall")
                                 : QStringLiteral("The restart of the worker");
}

} // namespace

bool isRemedy(const QString& workInHand) {
    return workInHand == reinstallWork || workInHand == restartWork || workInHand == replaceWork;
}

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
    change.edit = [what, work, now, step = request.step,
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
            beginIncarnation(record);
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
        const bool automatic = co_await isAutomatic(id, found->workLogId);
        co_await m_replacement.advance(id, automatic);
        co_return;
    }
    const ActionLogId work = found->workLogId;
    if (workerSeen(m_plane, *found)) {
        // An earlier try took effect although its answer was lost.
        co_await succeed(id, work);
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
    rotate.refuse = unless(work);
    rotate.edit = [hash = secret.hash](InstanceRecord& edited) {
        edited.bootstrapSecretHash = hash;
        edited.workerTokenHash.clear();
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

Task<> Reinstaller::succeed(InstanceId id, ActionLogId work) {
    ControlPlane::Change change;
    change.refuse = unless(work);
    change.edit = [](InstanceRecord& record) {
        endWork(record);
        record.instance.retryCount = 0;
        record.instance.errorMessage.clear(); // why it waited
    };
    change.logFinishes = {finished(work)};
    const Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    if (!written)
        logWarning(reinstallLog, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

Task<bool> Reinstaller::isAutomatic(InstanceId id, ActionLogId work) {
    if (m_automatic.value(id).first != work) {
        // Begun by another process: the row of the log knows by whom.
        const auto open = co_await m_plane.store().openActions();
        if (!open)
            co_return true; // it stays in hand until the store can say
        const auto row = std::ranges::find(*open, work, &ActionLog::id);
        m_automatic.insert(id, {work, row != open->end() && row->userId == Asker{}.actor});
    }
    co_return m_automatic.value(id).second;
}

Task<> Reinstaller::retryOrFail(InstanceId id, ActionLogId work, Failure failure) {
    // A person is told soon; automation waits for a provider that says nothing about the machine,
    // for each step of the ladder can be taken only once. What was never sent waits for both.
    const bool automatic = co_await isAutomatic(id, work);
    const bool tried = !wasNeverSent(failure);
    const bool waits = !tried || (automatic && !isAboutTheMachine(failure));
    const InstanceRecord* record = m_plane.find(id);
    const int failures = (record ? record->instance.retryCount : 0) + (tried ? 1 : 0);
    const bool noMachine = failure.kind == FailureKind::NotFound;
    const bool unsupported = failure.kind == FailureKind::Unsupported;
    const QStringView code =
        unsupported ? errorcode::stepNotAvailable : errorcode::providerStartFailed;
    const QString name = nameOf(record ? record->workInHand : reinstallWork);
    ControlPlane::Change change;
    change.refuse = unless(work);
    if (!waits && (noMachine || isPermanent(failure) || failures >= m_options.maxAttempts)) {
        const QString message =
            QStringLiteral("%1 failed after %2 %3: %4")
                .arg(name)
                .arg(failures)
                .arg(failures == 1 ? QStringLiteral("try") : QStringLiteral("tries"),
                     failure.message);
        // After an automatic step the ladder goes on; a person's ends here.
        if (!automatic)
            change.cause = TransitionCause::StartupLimitPassed;
        change.reason = message;
        change.edit = [message, failures, word = code.toString()](InstanceRecord& r) {
            endWork(r);
            r.instance.retryCount = failures;
            r.instance.errorCode = word;
            r.instance.errorMessage = message;
        };
        change.logFinishes = {failed(work, code, message)};
    } else {
        const Duration wait = backoff(id.value(), failures, m_options.firstDelay,
                                      m_options.maxDelay, failure.retryAfter);
        const WallTime next =
            m_plane.clock().wallNow() + std::chrono::ceil<std::chrono::milliseconds>(wait);
        change.edit = [failures, next, why = failure.message](InstanceRecord& r) {
            r.instance.retryCount = failures;
            r.instance.errorMessage = why;
            r.nextAttemptAt = next;
        };
    }
    logWarning(reinstallLog, QStringLiteral("%1: try %2 failed: %3")
                                 .arg(id.value(), QString::number(failures), failure.message));
    const Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    if (!written)
        logWarning(reinstallLog, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

} // namespace vigie
