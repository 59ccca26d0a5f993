#include "core/orchestrator/reinstall.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"
#include "core/orchestrator/secrets.h"
#include "core/orchestrator/stopafter.h"

#include <algorithm>

namespace vigie {

namespace {

const QString work_ = QStringLiteral("reinstall");
const QString reinstallLog = QStringLiteral("reinstall");

/// Nothing of the last incarnation may speak for the new one.
void beginIncarnation(InstanceRecord& record, const ActionLogId& work, WallTime now) {
    Instance& instance = record.instance;
    ++instance.incarnation;
    instance.workerStatus.clear();
    instance.workerLastHeartbeat.reset();
    instance.workerModelId.clear();
    instance.workerQueueDepth.reset();
    instance.workerGpuUtilization.reset();
    instance.workerMetadata.clear();
    instance.workerHealthPort.reset();
    instance.workerVllmPort.reset();
    instance.healthCheckFailures = 0;
    instance.retryCount = 0;
    record.workerId.clear();
    record.workerTokenHash.clear();
    record.bootstrapSecretHash.clear();
    record.workInHand = work_;
    record.workLogId = work;
    record.nextAttemptAt.reset();
    record.recoveryBegunAt = now;
}

void endWork(InstanceRecord& record) {
    record.workInHand.clear();
    record.workLogId = {};
    record.nextAttemptAt.reset();
}

/// Refuses a change when another work took the place of this one.
auto unless(const ActionLogId& work) {
    return [work](const InstanceRecord& record) -> std::optional<QString> {
        if (record.workInHand == work_ && record.workLogId == work)
            return std::nullopt;
        return QStringLiteral("The reinstall is no longer in hand.");
    };
}

bool workerSeen(const ControlPlane& plane, const InstanceRecord& record) {
    const LiveState* live = plane.live(record.instance.id);
    return !record.workerId.isEmpty() || (live && live->lastBeat);
}

} // namespace

Reinstaller::Reinstaller(ControlPlane& plane, Provider& provider, QUrl controlPlaneUrl,
                         ReinstallOptions options)
    : m_plane(plane), m_provider(provider), m_controlPlaneUrl(std::move(controlPlaneUrl)),
      m_options(options) {}

Task<Outcome<InstanceRecord>> Reinstaller::begin(InstanceId id, Request request) {
    const QString reason =
        request.asker.reason.isEmpty() ? QStringLiteral("reinstall asked") : request.asker.reason;
    ActionMetadata metadata;
    metadata.assessment = request.assessment;
    ActionLog asked =
        actionLog(actiontype::requestReinstall, ActionLogStatus::Success, request.asker, metadata);
    ActionLog begun = actionLog(actiontype::executeReinstall, ActionLogStatus::InProgress,
                                request.asker, metadata);
    begun.component = QStringLiteral("orchestrator");
    begun.parentLogId = asked.id.value();
    const ActionLogId work = begun.id;
    const WallTime now = m_plane.clock().wallNow();

    ControlPlane::Change change;
    change.cause =
        request.byPerson ? TransitionCause::ReinstallByPerson : TransitionCause::RecoveryBegun;
    change.reason = reason;
    change.edit = [work, now](InstanceRecord& record) { beginIncarnation(record, work, now); };
    change.logStarts = {std::move(asked), std::move(begun)};
    change.refuse = [custom =
                         request.refuse](const InstanceRecord& record) -> std::optional<QString> {
        if (record.instance.providerInstanceId.isEmpty())
            return QStringLiteral("Instance %1 has no machine at its provider to reinstall.")
                .arg(record.instance.id.value());
        if (!record.workInHand.isEmpty())
            return QStringLiteral("Instance %1 has work in hand already: %2.")
                .arg(record.instance.id.value(), record.workInHand);
        return custom ? custom(record) : std::nullopt;
    };
    Outcome<InstanceRecord> begunRecord = co_await m_plane.apply(id, std::move(change));
    if (begunRecord && !m_scope.token().stop_requested())
        m_scope.spawn(execute(id, m_scope.token()));
    co_return begunRecord;
}

int Reinstaller::resume() {
    int resumed = 0;
    const WallTime now = m_plane.clock().wallNow();
    for (const InstanceId& id : m_plane.ids()) {
        const InstanceRecord* record = m_plane.find(id);
        if (!record || record->workInHand != work_ || m_running.contains(id) ||
            record->nextAttemptAt.value_or(now) > now || m_scope.token().stop_requested())
            continue;
        m_scope.spawn(execute(id, m_scope.token()));
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
    const InstanceRecord* found = m_plane.find(id);
    if (!found || found->workInHand != work_)
        co_return;
    const ActionLogId work = found->workLogId;
    if (workerSeen(m_plane, *found)) {
        // An earlier try took effect although its answer was lost.
        co_await succeed(id, work);
        co_return;
    }

    // The plain secret lives only here; after a crash the next try makes a new one.
    const Secret secret = newSecret();
    ControlPlane::Change rotate;
    rotate.refuse = unless(work);
    rotate.edit = [hash = secret.hash](InstanceRecord& record) {
        record.bootstrapSecretHash = hash;
        record.workerTokenHash.clear();
    };
    const Outcome<InstanceRecord> rotated = co_await m_plane.apply(id, std::move(rotate));
    if (!rotated) {
        logWarning(reinstallLog, QStringLiteral("%1: %2").arg(id.value(), rotated.error().message));
        co_return; // still in hand: resume() comes back to it
    }

    MachineCommand command;
    command.kind = MachineCommandKind::Reinstall;
    command.machine = MachineId(rotated->instance.providerInstanceId);
    WorkerBoot boot;
    boot.instanceId = id;
    boot.controlPlaneUrl = m_controlPlaneUrl;
    boot.bootstrapSecret = secret.plain;
    boot.modelId = rotated->instance.modelId;
    command.boot = std::move(boot);
    const StopAfter limit(m_plane.clock(), m_options.commandLimit, stop);
    const Outcome<void> done = co_await m_provider.command(std::move(command), limit.token());
    if (stop.stop_requested() && !done)
        co_return; // the next start goes on with it
    if (done)
        co_await succeed(id, work);
    else
        co_await retryOrFail(id, work, done.error());
}

Task<> Reinstaller::succeed(InstanceId id, ActionLogId work) {
    ControlPlane::Change change;
    change.refuse = unless(work);
    change.edit = [](InstanceRecord& record) {
        endWork(record);
        record.instance.retryCount = 0;
    };
    change.logFinishes = {finished(work)};
    const Outcome<InstanceRecord> written = co_await m_plane.apply(id, std::move(change));
    if (!written)
        logWarning(reinstallLog, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

Task<> Reinstaller::retryOrFail(InstanceId id, ActionLogId work, Failure failure) {
    const InstanceRecord* record = m_plane.find(id);
    const int failures = record ? record->instance.retryCount + 1 : 1;
    const bool noMachine = failure.kind == FailureKind::NotFound;
    ControlPlane::Change change;
    change.refuse = unless(work);
    if (noMachine || isPermanent(failure) || failures >= m_options.maxAttempts) {
        const QString message =
            QStringLiteral("The reinstall failed after %1 %2: %3")
                .arg(failures)
                .arg(failures == 1 ? QStringLiteral("try") : QStringLiteral("tries"),
                     failure.message);
        change.cause = TransitionCause::StartupLimitPassed;
        change.reason = message;
        change.edit = [message, failures](InstanceRecord& r) {
            endWork(r);
            r.instance.retryCount = failures;
            r.instance.errorCode = QStringView(errorcode::providerStartFailed).toString();
            r.instance.errorMessage = message;
        };
        change.logFinishes = {failed(work, errorcode::providerStartFailed, message)};
    } else {
        const Duration wait =
            backoff(failures, m_options.firstDelay, m_options.maxDelay, failure.retryAfter);
        const WallTime next =
            m_plane.clock().wallNow() + std::chrono::ceil<std::chrono::milliseconds>(wait);
        change.edit = [failures, next](InstanceRecord& r) {
            r.instance.retryCount = failures;
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
