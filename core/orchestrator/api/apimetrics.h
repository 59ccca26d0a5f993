#pragma once

#include "core/model/breaker.h"
#include "core/orchestrator/api/meteredstore.h"
#include "core/orchestrator/api/metricpage.h"
#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "core/telemetry/histogram.h"

#include <QByteArray>

#include <functional>
#include <map>
#include <tuple>
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
    };
    explicit ApiMetrics(Parts parts) : m_parts(std::move(parts)) {}

    /// `path`: the route's template, or "none".
    void served(const QByteArray& method, const char* path, int status, Duration took);
    void countBeat() { ++m_beats; }

    MetricPage page() const;

private:
    using Served = std::tuple<QByteArray, QByteArray, int>; ///< method, path, status

    Parts m_parts;
    quint64 m_beats = 0;
    std::map<Served, quint64> m_requests;
    std::map<QByteArray, Histogram> m_latency; ///< by path
};

} // namespace vigie
