#include "core/orchestrator/jobs/provisioning/provisioning.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"
#include "core/orchestrator/jobs/provisioning/createfailure.h"
#include "core/orchestrator/lifecycle.h"
#include "core/orchestrator/requestrow.h"
#include "core/orchestrator/secrets.h"
#include "core/orchestrator/stopafter.h"
#include "core/orchestrator/workerproof.h"

#include <QUuid>

#include <algorithm>

namespace vigie::jobs::provisioning {

namespace {

const QString work_ = QStringLiteral("provision");
const QString category = QStringLiteral("jobs.provisioning");

QString tagOf(const InstanceId& id) {
    return QStringLiteral("vigie-instance:") + id.value();
}

Volume volumeOf(const InstanceId& id, const MachineVolume& volume, WallTime now) {
    Volume made;
    // The same volume found again must be the same row.
    static const QUuid space(QStringLiteral("{0b6d3a52-3c0a-4f5b-8f65-6d1f1a0f4a11}"));
    made.id = VolumeId(QUuid::createUuidV5(space, id.value() + QLatin1Char('/') + volume.id)
                           .toString(QUuid::WithoutBraces));
    made.instanceId = id;
    made.providerVolumeId = volume.id;
    made.name = volume.name;
    made.volumeType = volume.type;
    made.sizeGb = volume.sizeGb;
    made.isBoot = volume.boot;
    made.status = VolumeStatus::Attached;
    made.createdAt = volume.createdAt.value_or(now);
    made.attachedAt = now;
    return made;
}

} // namespace

bool ProvisioningJob::isDue(const InstanceRecord* record) const {
    if (!record)
        return false;
    const WallTime now = m_context.clock.wallNow();
    const bool waits = record->instance.status == InstanceStatus::Provisioning;
    const bool left = !waits && record->workInHand == work_;
    return left || (waits && record->nextAttemptAt.value_or(now) <= now);
}

Task<JobReport> ProvisioningJob::run(std::stop_token stop) {
    std::vector<InstanceId> due;
    for (const FleetEntry* entry : m_context.plane.entries()) {
        if (isDue(&entry->record))
            due.push_back(entry->id());
    }
    if (!m_context.plane.whyUntouched().isEmpty()) {
        m_report.block(QStringLiteral("pause"), static_cast<int>(due.size()));
        co_return std::exchange(m_report, {});
    }
    co_await m_line.take(std::move(due), std::move(stop));
    co_return std::exchange(m_report, {});
}

/// Claimed one by one, so that several orchestrators share a long list.
Task<> ProvisioningJob::claimed(InstanceId id, std::stop_token stop) {
    const std::vector<InstanceId> wanted(1, id);
    const std::vector<InstanceId> ours = co_await m_context.plane.claim(wanted);
    if (ours.empty())
        co_return;
    if (isDue(m_context.plane.find(id))) {
        ++m_report.claimed;
        co_await provision(id, std::move(stop));
    }
    co_await m_context.plane.giveBack(ours);
}

Task<> ProvisioningJob::provision(InstanceId id, std::stop_token stop) {
    const Outcome<InstanceRecord> begun = co_await begin(id);
    if (!begun) {
        ++m_report.errors;
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), begun.error().message));
        co_return;
    }
    const Outcome<Machine> machine = co_await findOrCreate(id, stop);
    if (!machine && stop.stop_requested())
        co_return; // still in hand; the next start goes on
    if (!machine) {
        co_await retryOrFail(id, machine.error());
        co_return;
    }
    // Found with the id that is written down: this start has been tried before.
    const Instance& known = m_context.plane.find(id)->instance;
    const bool again = known.providerInstanceId == machine->id.value() && known.retryCount > 0;
    const Outcome<InstanceRecord> persisted = co_await persist(id, *machine);
    if (!persisted) {
        // The machine is found again by its tag.
        ++m_report.errors;
        logError(category, QStringLiteral("%1: its machine %2 could not be written down: %3")
                               .arg(id.value(), machine->id.value(), persisted.error().message));
        co_await dropSpare(id, machine->id, stop);
        co_return;
    }
    if (persisted->instance.status != InstanceStatus::Provisioning) {
        co_await giveBack(id);
        ++m_report.processed;
        co_return;
    }
    const Outcome<void> started = co_await startMachine(id, *machine, again, stop);
    if (!started && stop.stop_requested())
        co_return;
    if (!started) {
        co_await retryOrFail(id, started.error());
        co_return;
    }
    co_await finish(id);
    ++m_report.processed;
}

Task<> ProvisioningJob::dropSpare(InstanceId id, MachineId machine, std::stop_token stop) {
    const std::vector<InstanceId> only(1, id);
    const Outcome<void> read = co_await m_context.plane.refresh(only);
    const InstanceRecord* record = m_context.plane.find(id);
    if (!read || !record)
        co_return; // not knowing, it stays; its tag tells whose it is
    const bool another = !record->instance.providerInstanceId.isEmpty() &&
                         record->instance.providerInstanceId != machine.value();
    const bool over = record->instance.status == InstanceStatus::Terminated ||
                      record->instance.status == InstanceStatus::Archived;
    if (!another && !over)
        co_return;
    MachineCommand command;
    command.kind = MachineCommandKind::Delete;
    command.machine = machine;
    command.correlationId = record->instance.correlationId;
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    const Outcome<void> deleted =
        co_await m_context.provider.command(std::move(command), limit.token());
    logWarning(category, QStringLiteral("%1: machine %2 was one too many: %3")
                             .arg(id.value(), machine.value(),
                                  deleted ? QStringLiteral("deleted") : deleted.error().message));
}

Task<Outcome<InstanceRecord>> ProvisioningJob::begin(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (record->workInHand == work_)
        co_return *record; // begun before: by a cycle that failed or crashed
    const QString type = QStringView(actiontype::requestCreate).toString();
    const QString asked = co_await requestRow(m_context.plane, id, type);
    ActionLog execute = actionLog(actiontype::executeCreate, ActionLogStatus::InProgress, {});
    execute.parentLogId = asked;
    ControlPlane::Change change;
    change.edit = [work = execute.id](InstanceRecord& r) {
        r.workInHand = work_;
        r.workLogId = work;
    };
    change.refuse = [](const InstanceRecord& r) -> std::optional<QString> {
        if (r.instance.status == InstanceStatus::Provisioning)
            return std::nullopt;
        return QStringLiteral("It is no longer in provisioning.");
    };
    change.logStarts = {std::move(execute)};
    Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    co_return written;
}

Task<Outcome<Machine>> ProvisioningJob::findOrCreate(InstanceId id, std::stop_token stop) {
    const StopAfter limit(m_context.clock, m_options.callLimit, stop);
    const CallToken token(limit.token(), m_context.plane.find(id)->instance.correlationId);
    const Outcome<std::vector<Machine>> tagged =
        co_await m_context.provider.machines(tagOf(id), token);
    if (!tagged)
        co_return fail(tagged.error()); // not knowing, it would be a leak to create another one
    m_context.watcher.providerAnswered = m_context.clock.now();
    for (const Machine& machine : *tagged) {
        // One that was never finished has no valid secret: creating it anew completes it.
        if (machine.state == MachineState::Absent || machine.unfinished)
            continue;
        const Outcome<void> noted = co_await m_open.made(id, machine.id);
        if (!noted)
            co_return fail(noted.error());
        co_return machine;
    }
    const Outcome<Duration> rest = co_await m_open.mayShowUpFor(id);
    if (!rest)
        co_return fail(rest.error());
    // One that shows up unfinished is completed, under the journal of the provider that made it.
    if (*rest > Duration::zero() && tagged->empty())
        co_return fail(unsettled(*rest, std::min(*rest, m_options.settle)));
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record || record->instance.status != InstanceStatus::Provisioning) {
        co_await giveBack(id);
        co_return fail(FailureKind::Cancelled, QStringLiteral("no longer wanted"));
    }
    if (const auto noZone = whyNoZone(m_context.provider, record->instance))
        co_return fail(*noZone);
    if (record->instance.retryCount >= m_options.maxAttempts)
        co_return fail(FailureKind::Invalid, QStringLiteral("%1 tries failed; the last: %2")
                                                 .arg(QString::number(m_options.maxAttempts),
                                                      record->instance.errorMessage));
    Outcome<Machine> created = co_await create(id, stop);
    co_return created;
}

Task<Outcome<Machine>> ProvisioningJob::create(InstanceId id, std::stop_token stop) {
    // The hash is durable before the machine can exist, so that its worker can always register.
    const Secret secret = newSecret();
    const int attempt = m_context.plane.find(id)->instance.retryCount + 1;
    ActionMetadata metadata;
    metadata.attempt = attempt;
    ActionLog call =
        actionLog(actiontype::providerCreate, ActionLogStatus::InProgress, {}, std::move(metadata));
    const ActionLogId callId = call.id;
    ControlPlane::Change change;
    change.edit = [hash = secret.hash](InstanceRecord& r) {
        lockOut(r);
        r.bootstrapSecretHash = hash;
        r.instance.progressPercent = 20;
    };
    change.logStarts = {std::move(call)};
    const Outcome<InstanceRecord> record = co_await m_context.plane.apply(id, std::move(change));
    if (!record)
        co_return fail(record.error());

    CreateMachine request;
    request.tag = tagOf(id);
    request.clusterTag = m_context.provider.clusterTag();
    request.zone = record->instance.zone;
    request.instanceType = record->instance.instanceType;
    request.boot.instanceId = id;
    request.boot.controlPlaneUrl = m_context.controlPlaneUrl;
    request.boot.bootstrapSecret = secret.plain;
    request.boot.modelId = record->instance.modelId;
    request.boot.correlationId = record->instance.correlationId;
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    Outcome<Machine> machine =
        co_await m_context.provider.create(std::move(request), limit.token());
    if (!machine && mayHaveMadeOne(machine.error())) {
        m_open.note(id);
        co_return machine;
    }
    ActionLogFinish end = machine
                              ? finished(callId)
                              : failed(callId, codeOf(machine.error()), machine.error().message);
    if (machine)
        m_context.watcher.providerAnswered = m_context.clock.now();
    end.instanceStatusAfter = toString(InstanceStatus::Provisioning);
    co_await m_context.plane.note(std::move(end));
    co_return machine;
}

Task<Outcome<InstanceRecord>> ProvisioningJob::persist(InstanceId id, Machine machine) {
    const InstanceRecord* known = m_context.plane.find(id);
    if (known->instance.providerInstanceId == machine.id.value())
        co_return *known;
    Asker asker;
    asker.reason = QStringLiteral("machine ") + machine.id.value();
    const WallTime now = m_context.clock.wallNow();
    ControlPlane::Change change;
    change.edit = [machine](InstanceRecord& r) {
        r.instance.providerInstanceId = machine.id.value();
        if (!machine.address.isEmpty())
            r.instance.ipAddress = machine.address;
        r.instance.storageCount = static_cast<int>(machine.volumes.size());
        r.instance.storageSizesGb.clear();
        for (const MachineVolume& volume : machine.volumes)
            r.instance.storageSizesGb.push_back(volume.sizeGb);
    };
    for (const MachineVolume& volume : machine.volumes)
        change.volumes.push_back(volumeOf(id, volume, now));
    change.logStarts = {actionLog(actiontype::persistProviderId, ActionLogStatus::Success, asker)};
    if (!machine.address.isEmpty()) {
        asker.reason = machine.address;
        change.logStarts.push_back(
            actionLog(actiontype::providerGetIp, ActionLogStatus::Success, asker));
    }
    Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    co_return written;
}

Task<Outcome<void>> ProvisioningJob::startMachine(InstanceId id, Machine machine, bool again,
                                                  std::stop_token stop) {
    if (machine.state != MachineState::Stopped)
        co_return Outcome<void>{};
    const QStringView type = again ? QStringView(actiontype::providerStartRetry)
                                   : QStringView(actiontype::providerStart);
    ActionLog call = actionLog(type, ActionLogStatus::InProgress, {});
    const ActionLogId callId = call.id;
    call.instanceId = id;
    const Outcome<void> logged = co_await m_context.plane.writeLog(std::move(call));
    if (!logged)
        co_return fail(logged.error());
    MachineCommand command;
    command.kind = MachineCommandKind::Start;
    command.machine = machine.id;
    command.correlationId = m_context.plane.find(id)->instance.correlationId;
    const StopAfter limit(m_context.clock, m_options.callLimit, stop);
    const Outcome<void> started =
        co_await m_context.provider.command(std::move(command), limit.token());
    const bool late = !started && !stop.stop_requested() && mayHaveHappened(started.error());
    const QStringView code = late ? QStringView(errorcode::providerStartTimeout)
                                  : QStringView(errorcode::providerStartFailed);
    ActionLogFinish end =
        started ? finished(callId) : failed(callId, code, started.error().message);
    end.instanceStatusAfter = toString(InstanceStatus::Provisioning);
    co_await m_context.plane.note(std::move(end));
    if (started)
        co_return started;
    Failure failure = started.error();
    if (!wasNeverSent(failure)) // which is known by its code
        failure.code = code.toString();
    co_return fail(std::move(failure));
}

Task<> ProvisioningJob::finish(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    ControlPlane::Change change;
    change.cause = TransitionCause::ProviderStarted;
    change.reason = QStringLiteral("the provider created and started the machine");
    change.edit = [](InstanceRecord& r) {
        endWork(r);
        r.instance.retryCount = 0;
        r.instance.progressPercent = r.instance.ipAddress.isEmpty() ? 30 : 40;
    };
    change.logStarts = {actionLog(actiontype::instanceCreated, ActionLogStatus::Success, {})};
    change.logFinishes = {finished(record->workLogId)};
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

Task<> ProvisioningJob::giveBack(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record || record->workInHand != work_)
        co_return;
    ControlPlane::Change change;
    change.edit = endWork;
    change.logFinishes = {failed(record->workLogId, errorcode::providerCreateFailed,
                                 QStringLiteral("The instance left provisioning meanwhile."))};
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

Task<> ProvisioningJob::retryOrFail(InstanceId id, Failure failure) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record || record->workInHand != work_ ||
        record->instance.status != InstanceStatus::Provisioning)
        co_return;
    ++m_report.errors;
    const bool tried = !wasNeverSent(failure) && !isUnsettled(failure);
    const int failures = record->instance.retryCount + (tried ? 1 : 0);
    const bool usedUp = tried && record->instance.retryCount >= m_options.maxAttempts;
    const QString code = codeOf(failure);
    ControlPlane::Change change;
    if (usedUp || isPermanent(failure)) {
        change.cause = TransitionCause::ProvisioningFailed;
        change.reason = failure.message;
        change.edit = [code, failure](InstanceRecord& r) {
            endWork(r);
            r.instance.errorCode = code;
            r.instance.errorMessage = failure.message;
        };
        change.logFinishes = {failed(record->workLogId, code, failure.message)};
    } else {
        const Duration pause = backoff(id.value(), failures, m_options.firstDelay,
                                       m_options.maxDelay, failure.retryAfter);
        const Duration wait = mayHaveHappened(failure) ? std::max(pause, m_options.settle) : pause;
        const WallTime next =
            m_context.clock.wallNow() + std::chrono::ceil<std::chrono::milliseconds>(wait);
        change.edit = [failures, next, code, failure](InstanceRecord& r) {
            r.instance.retryCount = failures;
            r.instance.errorCode = code;
            r.instance.errorMessage = failure.message;
            r.nextAttemptAt = next;
        };
        if (tried)
            change.logStarts = {failedLog(actiontype::requeueProvision, code, failure.message)};
    }
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        logWarning(category, QStringLiteral("%1: %2").arg(id.value(), written.error().message));
}

} // namespace vigie::jobs::provisioning
