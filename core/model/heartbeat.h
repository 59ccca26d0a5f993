#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <QString>

#include <optional>
#include <vector>

namespace vigie {

/// Figures of one GPU as a worker reports them; what it doesn't know is absent, never 0.
struct GpuSample {
    int index = 0;
    std::optional<double> utilizationPct; ///< 0..100
    std::optional<double> memUsedMb;
    std::optional<double> memTotalMb;
    std::optional<double> tempC;
    std::optional<double> powerW;
    std::optional<double> powerLimitW;
};

/// Figures of the machine as a worker reads them from /proc.
struct SystemSample {
    std::optional<double> cpuUsagePct; ///< 0..100 over all cores
    std::optional<double> load1, load5, load15;
    std::optional<qint64> memTotalBytes, memAvailableBytes, memUsedBytes;
    std::optional<double> memUsedPct;
    QString diskPath;
    std::optional<qint64> diskTotalBytes, diskUsedBytes, diskFreeBytes;
    std::optional<double> diskUsedPct;
    std::optional<double> netRxBps, netTxBps; ///< bytes per second
    std::optional<qint64> netRxBytesTotal, netTxBytesTotal;
};

struct QueueSample {
    std::optional<int> requestsWaiting;
    std::optional<int> requestsRunning;
    std::optional<int> queueDepth;
};

struct AgentInfo {
    QString version;
    QString buildDate;
    QString checksum;
};

enum class WorkerStatus { Unknown, Starting, Ready };
QString toString(WorkerStatus status);
WorkerStatus workerStatusFromString(QStringView word);

/// POST /internal/worker/heartbeat, as received. Unknown fields of `metadata` are kept verbatim in
/// `metadataJson`.
struct Heartbeat {
    InstanceId instanceId;
    QString workerId;
    WorkerStatus status = WorkerStatus::Unknown;
    QString modelId;
    std::optional<int> queueDepth;
    std::optional<double> gpuUtilization;
    std::optional<double> gpuMemUsedMb;
    QString ipAddress;
    AgentInfo agent;
    std::vector<GpuSample> gpus;
    std::optional<SystemSample> system;
    std::optional<QueueSample> vllm;
    QByteArray metadataJson; ///< compact JSON object, or empty
};

/// POST /internal/worker/register, as received.
struct Registration {
    InstanceId instanceId;
    QString workerId;
    QString modelId;
    std::optional<int> vllmPort;
    std::optional<int> healthPort;
    QString ipAddress;
    QByteArray metadataJson;
};

} // namespace vigie
