#pragma once

#include "core/telemetry/metrics.h"
#include "core/worker/agentcodec.h"
#include "core/worker/controlplanelink.h"
#include "core/worker/sensors.h"

#include <optional>

namespace vigie {

/// All that a worker's metrics page shows.
struct WorkerFigures {
    WorkerInfo info;
    Figures figures;
    std::optional<QueueSample> queue;
    ControlPlaneLink::Counts beats;
    bool registered = false;
    quint64 httpRequests = 0;
    Duration uptime{};
    std::optional<Duration> sinceLastBeat;
    std::optional<quint64> engineRequests, engineFailures; ///< of the mock engine
};

/// What a worker tells at /metrics, every name with the prefix inventiv_worker_. Figures that are
/// not known have no line.
class WorkerMetrics {
public:
    WorkerMetrics();

    /// From a heartbeat's first byte out to the end of its answer, whatever that was.
    void beatTook(Duration duration, MonotonicTime now);

    /// Prometheus text format 0.0.4.
    QByteArray text(const WorkerFigures& figures);
    QByteArray json(const WorkerFigures& figures, MonotonicTime now);

private:
    void refresh(const WorkerFigures& figures);
    void tellWorker(const WorkerFigures& figures);
    void tellSystem(const SystemSample& system);
    void tellGpus(const std::vector<GpuSample>& gpus);
    void gauge(const char* name, const char* help, std::optional<double> value);
    void counter(const char* name, const char* help, std::optional<double> value,
                 const MetricLabels& labels = {});

    MetricRegistry m_registry;
    HistogramSet& m_beats;
};

} // namespace vigie
