#pragma once

#include "core/worker/agentcodec.h"
#include "core/worker/controlplanelink.h"
#include "core/worker/sensors.h"

#include <optional>

namespace vigie {

/// All that a worker's metrics page shows.
struct MetricsPage {
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

/// The Prometheus text page of a worker (0.0.4), every name with the prefix inventiv_worker_.
/// Figures that are not known have no line.
QByteArray workerMetrics(const MetricsPage& page);

} // namespace vigie
