#include "core/orchestrator/lifecycle.h"

#include "core/orchestrator/workerproof.h"

#include <algorithm>

namespace vigie {

namespace {

/// progress_percent that a state begins with; steps within it raise it.
int progressOf(InstanceStatus status) {
    switch (status) {
    case InstanceStatus::Provisioning:
        return 5;
    case InstanceStatus::Booting:
        return 30;
    case InstanceStatus::Installing:
        return 50;
    case InstanceStatus::Starting:
        return 60;
    case InstanceStatus::Ready:
    case InstanceStatus::Unavailable:
    case InstanceStatus::Draining:
        return 100;
    default:
        return 0;
    }
}

} // namespace

std::optional<double> costUntil(const InstanceRecord& record, WallTime now) {
    const Instance& instance = record.instance;
    if (!instance.costPerHour || !record.costSince)
        return instance.totalCost;
    using Hours = std::chrono::duration<double, std::ratio<3600>>;
    // A wall clock that was set back costs nothing.
    const double hours = std::max(0.0, Hours(now - *record.costSince).count());
    return instance.totalCost.value_or(0) + hours * *instance.costPerHour;
}

std::optional<FinopsEvent> settleCost(const InstanceRecord& before, InstanceRecord& after,
                                      WallTime now) {
    const Instance& instance = after.instance;
    const bool costs =
        instance.costPerHour && !instance.providerInstanceId.isEmpty() && !isOver(instance.status);
    const bool costed = before.costSince.has_value();
    const bool moved = before.instance.status != instance.status ||
                       before.instance.costPerHour != instance.costPerHour;
    if (costs == costed && !(costs && moved))
        return std::nullopt;
    after.instance.totalCost = costUntil(before, now); // at the price of until now
    after.costSince = costs ? std::optional(now) : std::nullopt;
    FinopsEvent event = finopsEvent(!costed ? FinopsKind::CostStarted
                                    : costs ? FinopsKind::CostUpdated
                                            : FinopsKind::CostStopped,
                                    instance, now);
    event.costPerHour = costs ? *instance.costPerHour : 0;
    return event;
}

FinopsEvent finopsEvent(FinopsKind kind, const Instance& instance, WallTime now) {
    FinopsEvent event;
    event.id = newUuid();
    event.kind = kind;
    event.at = now;
    event.instanceId = instance.id;
    event.pool = instance.pool;
    event.instanceType = instance.instanceType;
    event.status = toString(instance.status);
    event.correlationId = instance.correlationId;
    event.costPerHour = instance.costPerHour.value_or(0);
    event.totalCost = instance.totalCost.value_or(0);
    return event;
}

void enterStatus(InstanceRecord& record, InstanceStatus status, WallTime now) {
    Instance& instance = record.instance;
    // What a start has come to already is not taken back by its next state.
    const bool goesOn = isStarting(instance.status) && isStarting(status);
    const int before = goesOn ? instance.progressPercent.value_or(0) : 0;
    instance.status = status;
    instance.statusText = toString(status);
    instance.stateSince = now;
    instance.progressPercent = std::max(before, progressOf(status));
    switch (status) {
    case InstanceStatus::Booting:
        instance.bootStartedAt = now;
        instance.readyAt.reset();
        instance.failedAt.reset();
        instance.errorCode.clear();
        instance.errorMessage.clear();
        record.heardAtLimit = false;
        record.drainAsked = false;
        break;
    case InstanceStatus::Draining:
        record.drainAsked = true;
        break;
    case InstanceStatus::Ready:
        if (!instance.readyAt)
            instance.readyAt = now;
        instance.failedAt.reset();
        instance.errorCode.clear();
        instance.errorMessage.clear();
        record.recoveryBegunAt.reset();
        break;
    case InstanceStatus::WorkerDead:
    case InstanceStatus::Failed:
    case InstanceStatus::ProvisioningFailed:
    case InstanceStatus::StartupFailed:
        instance.failedAt = now;
        break;
    case InstanceStatus::Terminated:
        instance.terminatedAt = now;
        break;
    case InstanceStatus::Archived:
        instance.isArchived = true;
        break;
    default:
        break;
    }
}

void endWork(InstanceRecord& record) {
    record.workInHand.clear();
    record.workLogId = {};
    record.nextAttemptAt.reset();
}

void markDeletedByProvider(InstanceRecord& record) {
    record.instance.deletedByProvider = true;
    record.instance.deletionReason = QStringLiteral("provider_deleted");
    endWork(record);
    lockOut(record);
}

bool comesLate(const InstanceRecord& record, bool ready) {
    return record.instance.errorCode == errorcode::startupTimeout &&
           (!record.heardAtLimit || ready);
}

void takeBeat(Instance& instance, const Heartbeat& heartbeat, WallTime now) {
    instance.workerLastHeartbeat = now;
    if (heartbeat.status != WorkerStatus::Unknown)
        instance.workerStatus = toString(heartbeat.status);
    if (!heartbeat.modelId.isEmpty())
        instance.workerModelId = heartbeat.modelId;
    if (instance.ipAddress.isEmpty())
        instance.ipAddress = heartbeat.ipAddress;
    instance.workerQueueDepth = heartbeat.queueDepth;
    instance.workerGpuUtilization = heartbeat.gpuUtilization;
    instance.workerMetadata = heartbeat.metadataJson;
}

void copyBeatFields(const Instance& from, Instance& to) {
    to.workerLastHeartbeat = from.workerLastHeartbeat;
    to.workerStatus = from.workerStatus;
    to.workerModelId = from.workerModelId;
    if (to.ipAddress.isEmpty())
        to.ipAddress = from.ipAddress;
    to.workerQueueDepth = from.workerQueueDepth;
    to.workerGpuUtilization = from.workerGpuUtilization;
    to.workerMetadata = from.workerMetadata;
}

HeartbeatStamp heartbeatStamp(const Instance& instance) {
    HeartbeatStamp stamp;
    stamp.instanceId = instance.id;
    stamp.receivedAt = instance.workerLastHeartbeat.value_or(WallTime{});
    stamp.workerStatus = instance.workerStatus;
    stamp.workerModelId = instance.workerModelId;
    stamp.ipAddress = instance.ipAddress;
    stamp.queueDepth = instance.workerQueueDepth;
    stamp.gpuUtilization = instance.workerGpuUtilization;
    stamp.metadata = instance.workerMetadata;
    stamp.incarnation = instance.incarnation;
    return stamp;
}

void completeLog(ActionLog& entry, const InstanceRecord& before, const InstanceRecord& after,
                 WallTime now) {
    const Instance& instance = after.instance;
    if (entry.id.isEmpty())
        entry.id = ActionLogId(newUuid());
    if (entry.instanceId.isEmpty())
        entry.instanceId = instance.id;
    if (entry.correlationId.isEmpty())
        entry.correlationId = instance.correlationId;
    // What begins an order is no part of the work that it may find in hand.
    const bool sameOrder = entry.correlationId == instance.correlationId &&
                           before.instance.correlationId == instance.correlationId;
    if (entry.parentLogId.isEmpty() && sameOrder && after.workLogId != entry.id)
        entry.parentLogId = (after.workLogId.isEmpty() ? before : after).workLogId.value();
    if (entry.createdAt == WallTime{})
        entry.createdAt = now;
    if (entry.instanceStatusBefore.isEmpty())
        entry.instanceStatusBefore = toString(before.instance.status);
    if (entry.status == ActionLogStatus::InProgress)
        return;
    if (!entry.completedAt)
        entry.completedAt = now;
    if (!entry.durationMs)
        entry.durationMs = (*entry.completedAt - entry.createdAt).count();
    if (entry.instanceStatusAfter.isEmpty())
        entry.instanceStatusAfter = toString(instance.status);
}

} // namespace vigie
