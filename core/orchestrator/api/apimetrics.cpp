#include "core/orchestrator/api/apimetrics.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/samplebook.h"
#include "core/telemetry/metricscodec.h"

#include <algorithm>
#include <array>
#include <map>

namespace vigie {

namespace {

using Series = std::vector<std::pair<MetricLabels, double>>;

MetricLabel label(const char* name, const QString& value) {
    return {name, value.toStdString()};
}

/// In which a worker is expected to beat.
constexpr std::array beatingStates{InstanceStatus::Ready, InstanceStatus::Unavailable,
                                   InstanceStatus::Draining};

/// A gauge without labels; none at all while its value is not known.
Series single(bool known, const auto& value) {
    return known ? Series{{{}, static_cast<double>(value())}} : Series();
}

MetricLimits metricLimits() {
    MetricLimits made;
    made.onFull = [most = made.maxSeries](const std::string& family) {
        logWarning(QStringLiteral("metrics"),
                   QStringLiteral("%1 has %2 series; further ones are told together as \"other\" "
                                  "and counted in vigie_metrics_overflow_total")
                       .arg(QString::fromStdString(family))
                       .arg(most));
    };
    return made;
}

} // namespace

ApiMetrics::ApiMetrics(Parts parts)
    : m_parts(std::move(parts)), m_registry(metricLimits()),
      m_requests(m_registry.counters("vigie_http_requests_total", "Requests answered.")),
      m_latency(
          m_registry.histograms("vigie_http_request_duration_seconds",
                                "From a whole request to its answer; held calls wait on purpose.")),
      m_beats(
          m_registry.counters("vigie_worker_heartbeats_total", "Heartbeats taken from workers.")) {
    m_registry.gauges("vigie_build_info", "1, with the version of this daemon.")
        .set({{"version", VIGIE_VERSION}}, 1);
    m_beats.add({}, 0);
}

void ApiMetrics::served(const QByteArray& method, const char* path, int status, Duration took) {
    static const QList<QByteArray> known{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    m_requests.add({{"method", known.contains(method) ? method.toStdString() : "other"},
                    {"route", path},
                    {"status", std::to_string(status)}});
    m_latency.observe({{"route", path}}, took, m_parts.plane.clock().now());
}

void ApiMetrics::countBeat() {
    m_beats.add();
}

QByteArray ApiMetrics::text() {
    refresh();
    return QByteArray::fromStdString(m_registry.serialize());
}

QByteArray ApiMetrics::json() {
    refresh();
    return QByteArray::fromStdString(encodeMetrics(m_registry.read(m_parts.plane.clock().now())));
}

std::map<QString, Histogram> ApiMetrics::latencies(Duration window) const {
    const MonotonicTime now = m_parts.plane.clock().now();
    std::map<QString, Histogram> all;
    for (const JobStats& job : m_parts.jobs.stats())
        all.emplace(QStringLiteral("job:") + job.name,
                    m_parts.jobs.durations(job.name, window).value_or(Histogram()));
    all.emplace(QStringLiteral("probe"), m_parts.jobs.probes().latency.window(window, now));
    all.emplace(QStringLiteral("store"), m_parts.store.latency().window(window, now));
    for (auto& [labels, histogram] : m_latency.recent(window, now))
        all.emplace(QStringLiteral("http:") + QString::fromStdString(labels.front().value),
                    std::move(histogram));
    return all;
}

void ApiMetrics::refresh() {
    tellInstances();
    tellAlerts();
    tellJobs();
    tellGuards();
    tellActions();
    tellCommands();
    tellVolumes();
    tellOrphanMachines();
    tellStore();
    tellBreakers();
    tellHealth();
}

void ApiMetrics::tellInstances() {
    struct InState {
        int count = 0;
        WallTime longest = WallTime::max(); ///< the earliest since when one is in it
    };
    QHash<InstanceStatus, InState> states;
    std::ptrdiff_t beating = 0;
    for (const FleetEntry* entry : m_parts.plane.entries()) {
        const Instance& instance = entry->record.instance;
        InState& state = states[instance.status];
        ++state.count;
        state.longest = std::min(state.longest, instance.stateSince.value_or(WallTime::max()));
        beating += std::ranges::count(beatingStates, instance.status);
    }
    const WallTime now = m_parts.plane.clock().wallNow();
    Series all;
    Series ages;
    for (const InstanceStatus status : allInstanceStatuses) {
        const InState state = states.value(status);
        const MetricLabels labels{label("status", toString(status))};
        all.push_back({labels, static_cast<double>(state.count)});
        if (state.longest <= now)
            ages.push_back({labels, toSeconds(now - state.longest)});
    }
    m_registry.gauges("vigie_instances", "Instances by state.").replace(all);
    m_registry
        .gauges("vigie_instances_oldest_seconds",
                "For how long the one that is in a state longest has been in it.")
        .replace(ages);
    m_registry
        .gauges("vigie_worker_heartbeats_expected_per_second",
                "Heartbeats that the workers of serving instances should send.")
        .set(static_cast<double>(beating) / toSeconds(m_parts.beatInterval));
}

void ApiMetrics::tellAlerts() {
    if (!m_parts.alerts)
        return;
    std::map<std::pair<QString, QString>, int> counts;
    for (const ToldAlert& told : m_parts.alerts()) {
        const auto& labels = told.alert.labels;
        ++counts[{labels.value(QStringLiteral("alertname")),
                  labels.value(QStringLiteral("severity"))}];
    }
    Series all;
    for (const auto& [what, count] : counts)
        all.push_back({{label("alertname", what.first), label("severity", what.second)},
                       static_cast<double>(count)});
    m_registry.gauges("vigie_alerts_firing", "The daemon's own alerts that fire, silenced or not.")
        .replace(all);
}

void ApiMetrics::tellJobs() {
    auto& runs = m_registry.counters("vigie_job_runs_total", "Finished cycles of each job.");
    auto& errors =
        m_registry.counters("vigie_job_errors_total", "Errors within cycles of each job.");
    auto& processed =
        m_registry.counters("vigie_job_processed_total", "Instances each job has dealt with.");
    auto& claimed = m_registry.counters("vigie_job_claimed_total", "What each job has taken up.");
    auto& blocked =
        m_registry.counters("vigie_job_blocked_total", "Steps that a guard rail held back.");
    auto& durations =
        m_registry.histograms("vigie_job_duration_seconds", "Duration of whole cycles.");
    for (const JobStats& job : m_parts.jobs.stats()) {
        const MetricLabels labels{label("job", job.name)};
        runs.raiseTo(labels, static_cast<double>(job.runs));
        errors.raiseTo(labels, static_cast<double>(job.errors));
        claimed.raiseTo(labels, static_cast<double>(job.claimed));
        processed.raiseTo(labels, static_cast<double>(job.processed));
        for (const auto& [guard, count] : job.blockedBy)
            blocked.raiseTo({label("job", job.name), label("guard", guard)},
                            static_cast<double>(count));
        durations.set(labels, job.duration);
    }
    m_registry
        .histograms("vigie_health_check_duration_seconds", "Latency of single probes of workers.")
        .set({}, m_parts.jobs.probes().latency.total());
    m_registry
        .histograms("vigie_synthetic_probe_duration_seconds",
                    "Latency of probes that ask the model for real tokens.")
        .set({}, m_parts.jobs.probes().tokens.total());
}

void ApiMetrics::tellGuards() {
    auto& blocked = m_registry.counters(
        "vigie_guard_blocked_total", "Remedies that each guard rail held back, once a tick each.");
    const AutomationView automation = m_parts.jobs.automation().view();
    Series now;
    if (automation.tick) {
        for (const AutomationView::Guard& guard : automation.tick->guards) {
            blocked.raiseTo({label("guard", guard.name)}, static_cast<double>(guard.blocked));
            now.push_back({{label("guard", guard.name)}, static_cast<double>(guard.blockedNow)});
        }
    }
    m_registry.gauges("vigie_guard_blocked", "Remedies that each guard rail holds back now.")
        .replace(now);
    m_registry.gauges("vigie_automation_paused", "1 while people keep automation still.")
        .set(automation.pausedBy.empty() ? 0 : 1);
    m_registry.gauges("vigie_storm_brakes", "Storm brakes that are on.")
        .set(static_cast<double>(automation.brakes.size()));
}

void ApiMetrics::tellActions() {
    const OperationDesk& operations = m_parts.jobs.operations();
    auto& total = m_registry.counters(
        "vigie_actions_total", "Manual actions on single instances or volumes by what became of "
                               "them; \"begun\" is one that was asked alone.");
    for (const auto& [what, count] : operations.counts())
        total.raiseTo({label("action", what.first), label("result", what.second)},
                      static_cast<double>(count));
    std::map<QString, int> states{{QStringLiteral("running"), 0},
                                  {QStringLiteral("paused"), 0},
                                  {QStringLiteral("aborting"), 0}};
    for (const ActionOperation& operation : operations.list()) {
        if (!operation.finishedAt)
            ++states[stateOf(operation)];
    }
    Series open;
    for (const auto& [state, count] : states)
        open.push_back({{label("state", state)}, static_cast<double>(count)});
    m_registry.gauges("vigie_operations", "Operations that have not ended, by state.")
        .replace(open);
}

void ApiMetrics::tellCommands() {
    const CommandDesk::Figures& commands = m_parts.jobs.commands();
    Series waiting;
    for (const CommandKind kind : allCommandKinds) {
        const auto known = commands.waiting.find(kind);
        waiting.push_back({{label("command", toString(kind))},
                           known == commands.waiting.end() ? 0.0 : double(known->second)});
    }
    m_registry.gauges("vigie_commands_queued", "Commands in the store's queue, taken or not.")
        .replace(waiting);
    const WallTime now = m_parts.plane.clock().wallNow();
    const Duration age = commands.oldest ? Duration(now - *commands.oldest) : Duration::zero();
    m_registry
        .gauges("vigie_commands_oldest_seconds", "Age of the oldest command in the queue; else 0.")
        .set(std::max(0.0, toSeconds(age)));
    m_registry.gauges("vigie_commands_in_hand", "Commands that this daemon carries out now.")
        .set(commands.inHand);
    auto& ended =
        m_registry.counters("vigie_commands_total", "Commands by what this daemon did with them.");
    ended.raiseTo({{"result", "delivered"}}, static_cast<double>(commands.delivered));
    ended.raiseTo({{"result", "done"}}, static_cast<double>(commands.done));
    ended.raiseTo({{"result", "failed"}}, static_cast<double>(commands.failed));
}

// What no list of the provider's has told yet, or another orchestrator knows, is no 0.
void ApiMetrics::tellVolumes() {
    const VolumeBoard* board = m_parts.jobs.volumes();
    const bool listed = board && board->listedAt;
    Series all;
    if (listed) {
        std::map<QString, int> counts;
        for (const VolumeWord word : {VolumeWord::InUse, VolumeWord::Kept, VolumeWord::Orphan,
                                      VolumeWord::Lost, VolumeWord::Foreign})
            counts[toString(word)] = 0;
        for (const VolumeFinding& each : board->findings) {
            if (const auto count = counts.find(toString(each.word)); count != counts.end())
                ++count->second;
        }
        for (const auto& [word, count] : counts)
            all.push_back({{label("finding", word)}, static_cast<double>(count)});
    }
    m_registry.gauges("vigie_volumes", "Volumes by what the newest reconciliation found.")
        .replace(all);
    m_registry.gauges("vigie_volumes_marked", "Orphaned volumes that are marked to be deleted.")
        .replace(single(listed, [&] { return board->marked; }));
    m_registry
        .gauges("vigie_volumes_retries_used_up",
                "Volumes whose deletion failed as often as it may; they need a person.")
        .replace(single(listed, [&] { return board->retriesUsedUp; }));
    if (!board)
        return;
    auto& reconciled = m_registry.counters("vigie_volumes_reconciled_total",
                                           "Volumes that the reconciliation dealt with.");
    reconciled.raiseTo({{"result", "deleted"}}, static_cast<double>(board->deleted));
    reconciled.raiseTo({{"result", "lost"}}, static_cast<double>(board->lost));
}

void ApiMetrics::tellOrphanMachines() {
    const MachineBoard* board = m_parts.jobs.machines();
    const bool listed = board && board->listedAt;
    m_registry.gauges("vigie_orphan_machines", "Machines with our tag that nobody wants.")
        .replace(single(listed, [&] { return board->orphans.size(); }));
    m_registry
        .gauges("vigie_orphan_machines_marked", "Those of them that are marked to be deleted.")
        .replace(single(listed, [&] { return board->marked; }));
    m_registry
        .gauges("vigie_orphan_machines_retries_used_up",
                "Those of them whose deletion failed as often as it may; they need a person.")
        .replace(single(listed, [&] { return board->retriesUsedUp; }));
    if (board)
        m_registry
            .counters("vigie_orphan_machines_deleted_total",
                      "Machines deleted for nobody wanted them.")
            .raiseTo({}, static_cast<double>(board->deleted));
}

void ApiMetrics::tellStore() {
    const MeteredStore::Figures& store = m_parts.store.figures();
    auto& commits =
        m_registry.counters("vigie_store_commits_total", "Change sets by what came of them.");
    commits.raiseTo({{"outcome", "committed"}}, static_cast<double>(store.committed));
    commits.raiseTo({{"outcome", "conflict"}}, static_cast<double>(store.conflicts));
    commits.raiseTo({{"outcome", "failed"}}, static_cast<double>(store.failed));
    m_registry.histograms("vigie_store_commit_duration_seconds", "Latency of change sets.")
        .set({}, m_parts.store.latency().total());
    m_registry.gauges("vigie_store_up", "1 while the store answers.")
        .set(m_parts.plane.storeFailure() ? 0 : 1);
    const WriteQueue::Figures later = m_parts.plane.laterWrites();
    m_registry
        .gauges("vigie_store_writes_waiting",
                "Rows about what was done that wait for a store that is away.")
        .set(static_cast<double>(later.waiting));
    auto& late = m_registry.counters("vigie_store_late_writes_total",
                                     "Those rows by what came of them in the end.");
    late.raiseTo({{"outcome", "written"}}, static_cast<double>(later.written));
    late.raiseTo({{"outcome", "lost"}}, static_cast<double>(later.lost));
    const SampleBook::Figures samples = m_parts.plane.samples().figures();
    auto& means = m_registry.counters("vigie_samples_total",
                                      "Means of what instances did, by what came of them.");
    means.raiseTo({{"outcome", "written"}}, static_cast<double>(samples.written));
    means.raiseTo({{"outcome", "lost"}}, static_cast<double>(samples.lost));
    const StoreKeeper::Figures& kept = m_parts.jobs.store();
    Series rows;
    for (const TableRows& each : kept.size.tables)
        rows.push_back({{label("table", each.table)}, static_cast<double>(each.rows)});
    m_registry.gauges("vigie_store_rows", "Rows of the store's tables.").replace(rows);
    if (!kept.size.tables.empty())
        m_registry.gauges("vigie_store_bytes", "Size of the store's database.")
            .set(static_cast<double>(kept.size.bytes));
    auto& removed =
        m_registry.counters("vigie_store_removed_rows_total", "Rows removed for their age.");
    for (const auto& [table, count] : kept.removed)
        removed.raiseTo({label("table", table)}, static_cast<double>(count));
}

void ApiMetrics::tellBreakers() {
    constexpr std::array modes{BreakerMode::Closed,       BreakerMode::HalfOpen,
                               BreakerMode::Open,         BreakerMode::ForcedOpen,
                               BreakerMode::ForcedClosed, BreakerMode::Disabled,
                               BreakerMode::MetricsOnly};
    auto& refused = m_registry.counters("vigie_circuit_breaker_not_permitted_total",
                                        "Calls that a circuit breaker refused.");
    Series states;
    for (const Breaker& breaker : m_parts.breakers()) {
        for (const BreakerMode mode : modes)
            states.push_back({{label("name", breaker.name), label("state", toString(mode))},
                              breaker.effective == mode ? 1.0 : 0.0});
        refused.raiseTo({label("name", breaker.name)}, static_cast<double>(breaker.notPermitted));
    }
    m_registry
        .gauges("vigie_circuit_breaker_state", "1 for the effective state of each circuit breaker.")
        .replace(states);
}

void ApiMetrics::tellHealth() {
    if (!m_parts.health)
        return;
    constexpr std::array statuses{HealthStatus::Unknown, HealthStatus::Healthy,
                                  HealthStatus::Degraded, HealthStatus::Unhealthy};
    Series states;
    Series rates;
    for (const ComponentHealth& each : m_parts.health().components) {
        for (const HealthStatus status : statuses)
            states.push_back({{label("component", each.name), label("status", toString(status))},
                              each.status == status ? 1.0 : 0.0});
        if (each.checks > 0)
            rates.push_back({{label("component", each.name)}, each.successRate()});
    }
    m_registry.gauges("vigie_health_status", "1 for the status of each component that is watched.")
        .replace(states);
    m_registry
        .gauges("vigie_health_success_ratio",
                "Share of the last checks of each component that succeeded.")
        .replace(rates);
}

} // namespace vigie
