#pragma once

#include "core/alerts/alertmanagercodec.h"
#include "core/model/breaker.h"
#include "core/orchestrator/api/meteredstore.h"
#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "core/tasks/health/healthmonitor.h"
#include "core/telemetry/metrics.h"

#include <QByteArray>

#include <functional>
#include <map>
#include <vector>

namespace vigie {

/// What GET /metrics tells: counted here, or read from the daemon's parts at the moment of the
/// call. Routes are told by their templates, so that the number of series is bounded.
class ApiMetrics {
public:
    /// All outlive the metrics.
    struct Parts {
        const ControlPlane& plane;
        const JobRunner& jobs;
        const MeteredStore& store;
        std::function<std::vector<Breaker>()> breakers;
        std::function<HealthReport()> health{};
        std::function<std::vector<ToldAlert>()> alerts{}; ///< that fire
        Duration beatInterval = std::chrono::seconds(4);  ///< of a worker
    };
    explicit ApiMetrics(Parts parts);

    /// `path`: the route's template, or "none".
    void served(const QByteArray& method, const char* path, int status, Duration took);
    void countBeat();

    /// The page of this moment, in Prometheus text format 0.0.4 and as JSON.
    QByteArray text();
    QByteArray json();

    /// What took how long in the last `window`, by name: "job:watch-dog", "probe", "store",
    /// "http:/fleet".
    std::map<QString, Histogram> latencies(Duration window) const;

    /// For what else the daemon counts.
    MetricRegistry& registry() { return m_registry; }

private:
    void refresh();
    void tellInstances();
    void tellAlerts();
    void tellJobs();
    void tellGuards();
    void tellActions();
    void tellCommands();
    void tellVolumes();
    void tellOrphanMachines();
    void tellStore();
    void tellBreakers();
    void tellHealth();

    Parts m_parts;
    MetricRegistry m_registry;
    CounterSet& m_requests;
    HistogramSet& m_latency;
    CounterSet& m_beats;
};

} // namespace vigie
