#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/model/assessment.h"
#include "core/model/instancestatus.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace vigie {

/// A person keeps automation away from an instance.
struct Held {
    QString reason;
    QString actor;
    std::optional<WallTime> until;
    bool operator==(const Held&) const = default;
};

/// An instance as an orchestrator tells it: the fields of part A of the contract under their own
/// names, then what part B adds. What was not told is absent, never zero.
struct Instance {
    // part A
    InstanceId id;
    QString providerId, zoneId, instanceTypeId, modelId, modelName, modelCode;
    QString providerInstanceId;
    InstanceStatus status = InstanceStatus::Unknown;
    QString statusText; ///< the word as it came, also when this version does not know it
    QString ipAddress;
    QString workerStatus;
    std::optional<WallTime> workerLastHeartbeat;
    QString workerModelId;
    std::optional<int> workerQueueDepth;
    std::optional<double> workerGpuUtilization; ///< 0..100
    std::optional<int> workerHealthPort, workerVllmPort;
    QByteArray workerMetadata; ///< compact JSON object, or empty
    std::optional<WallTime> createdAt, terminatedAt, lastHealthCheck, lastReconciliation;
    int healthCheckFailures = 0;
    QString deletionReason, errorCode, errorMessage;
    int storageCount = 0;
    std::vector<int> storageSizesGb;
    QString providerName, region, zone, instanceType;
    std::optional<int> cpuCount, ramGb, gpuVram, gpuCount;
    std::optional<double> costPerHour, totalCost;
    bool isArchived = false;
    bool deletedByProvider = false;
    std::optional<int> progressPercent; ///< 0..100

    // part B
    std::optional<WallTime> readyAt, bootStartedAt, failedAt, stateSince;
    int retryCount = 0;
    int incarnation = 0;
    QString correlationId;
    QString pool; ///< "provider/zone/model"
    std::optional<Assessment> assessment;
    std::optional<Held> held;
    bool operator==(const Instance&) const = default;
};

/// One row of an instance's state history.
struct StateChange {
    QString id;
    InstanceId instanceId;
    InstanceStatus from = InstanceStatus::Unknown;
    InstanceStatus to = InstanceStatus::Unknown;
    QString reason;
    QByteArray metadata; ///< compact JSON object, or empty
    WallTime at{};
};

} // namespace vigie
