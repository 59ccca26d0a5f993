#include "core/orchestrator/api/apimetrics.h"

#include "core/orchestrator/api/metricpage.h"

#include <array>

namespace vigie {

namespace {

void tellInstances(MetricPage& page, const ControlPlane& plane) {
    QHash<InstanceStatus, int> counts;
    for (const InstanceId& id : plane.ids())
        ++counts[plane.find(id)->instance.status];
    for (const InstanceStatus status : allInstanceStatuses) {
        page.gauge("vigie_instances", "Instances by state.", counts.value(status),
                   {{"status", toString(status)}});
    }
}

void tellJobs(MetricPage& page, const JobRunner& runner) {
    const std::vector<JobStats> jobs = runner.stats();
    for (const JobStats& job : jobs)
        page.counter("vigie_job_runs_total", "Finished cycles of each job.", job.runs,
                     {{"job", job.name}});
    for (const JobStats& job : jobs)
        page.counter("vigie_job_errors_total", "Errors within cycles of each job.", job.errors,
                     {{"job", job.name}});
    for (const JobStats& job : jobs)
        page.counter("vigie_job_processed_total", "Instances each job has dealt with.",
                     job.processed, {{"job", job.name}});
    for (const JobStats& job : jobs)
        page.counter("vigie_job_blocked_total", "Remedies that a guard rail held back.",
                     job.blockedByGuard, {{"job", job.name}});
    for (const JobStats& job : jobs)
        page.histogram("vigie_job_duration_seconds", "Duration of whole cycles.", job.duration,
                       {{"job", job.name}});
    page.histogram("vigie_health_check_duration_seconds", "Latency of single probes of workers.",
                   runner.probes().latency);
}

void tellStore(MetricPage& page, const ControlPlane& plane, const MeteredStore::Figures& store) {
    const char* const name = "vigie_store_commits_total";
    const char* const help = "Change sets by what came of them.";
    page.counter(name, help, store.committed, {{"outcome", QStringLiteral("committed")}});
    page.counter(name, help, store.conflicts, {{"outcome", QStringLiteral("conflict")}});
    page.counter(name, help, store.failed, {{"outcome", QStringLiteral("failed")}});
    page.histogram("vigie_store_commit_duration_seconds", "Latency of change sets.", store.latency);
    page.gauge("vigie_store_up", "1 while the store answers.", plane.storeFailure() ? 0 : 1);
}

void tellBreakers(MetricPage& page, const std::vector<Breaker>& breakers) {
    constexpr std::array modes{BreakerMode::Closed,       BreakerMode::HalfOpen,
                               BreakerMode::Open,         BreakerMode::ForcedOpen,
                               BreakerMode::ForcedClosed, BreakerMode::Disabled,
                               BreakerMode::MetricsOnly};
    for (const Breaker& breaker : breakers) {
        for (const BreakerMode mode : modes) {
            page.gauge("vigie_circuit_breaker_state",
                       "1 for the effective state of each circuit breaker.",
                       breaker.effective == mode ? 1 : 0,
                       {{"name", breaker.name}, {"state", toString(mode)}});
        }
    }
    for (const Breaker& breaker : breakers) {
        page.counter("vigie_circuit_breaker_not_permitted_total",
                     "Calls that a circuit breaker refused.",
                     static_cast<quint64>(breaker.notPermitted), {{"name", breaker.name}});
    }
}

} // namespace

void ApiMetrics::served(const QByteArray& method, const char* path, int status, Duration took) {
    static const QList<QByteArray> known{"GET", "HEAD", "POST", "PUT", "DELETE"};
    const QByteArray route = QByteArray(path);
    ++m_requests[{known.contains(method) ? method : QByteArray("other"), route, status}];
    m_latency[route].record(took);
}

MetricPage ApiMetrics::page() const {
    MetricPage page;
    page.gauge("vigie_build_info", "1, with the version of this daemon.", 1,
               {{"version", QStringLiteral(VIGIE_VERSION)}});
    tellInstances(page, m_parts.plane);
    page.counter("vigie_worker_heartbeats_total", "Heartbeats taken from workers.", m_beats);
    for (const auto& [served, count] : m_requests) {
        const auto& [method, path, status] = served;
        page.counter("vigie_http_requests_total", "Requests answered.", count,
                     {{"method", QString::fromLatin1(method)},
                      {"route", QString::fromLatin1(path)},
                      {"status", QString::number(status)}});
    }
    for (const auto& [path, latency] : m_latency) {
        page.histogram("vigie_http_request_duration_seconds",
                       "From a whole request to its answer; held calls wait on purpose.", latency,
                       {{"route", QString::fromLatin1(path)}});
    }
    tellJobs(page, m_parts.jobs);
    tellStore(page, m_parts.plane, m_parts.store.figures());
    tellBreakers(page, m_parts.breakers());
    return page;
}

} // namespace vigie
