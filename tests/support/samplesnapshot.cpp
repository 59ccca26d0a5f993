#include "tests/support/samplesnapshot.h"

#include "tests/support/sampleinstanceview.h"

#include <algorithm>
#include <cmath>

namespace vigie {

using namespace std::chrono_literals;

namespace {

QString q(const char* text) {
    return QString::fromUtf8(text);
}

Histogram latencies(Duration typical, int count) {
    Histogram histogram;
    for (int i = 0; i < count; ++i) {
        const double spread = 0.6 + (i * 7919 % 1000) / 900.0;
        const double tail = i % 37 == 0 ? 6.5 : i % 11 == 0 ? 2.2 : 1;
        histogram.record(
            Duration(static_cast<qint64>(static_cast<double>(typical.count()) * spread * tail)));
    }
    return histogram;
}

Breaker breaker(const QString& name, BreakerMode mode) {
    Breaker b;
    b.name = name;
    b.computed = b.effective = mode;
    b.failureThreshold = 5;
    b.slowCallRateThreshold = 0.5;
    b.slowCallDurationThreshold = 60s;
    b.timeBasedWindow = false;
    b.windowSize = 100;
    b.minimumCalls = 10;
    b.slowRate = 0.02;
    b.opens = mode == BreakerMode::Closed ? 0 : 3;
    b.resets = mode == BreakerMode::Closed ? 0 : 2;
    if (mode == BreakerMode::Closed)
        b.failuresToOpen = 3;
    b.waitDurationInOpenState = 60s;
    b.permittedCallsInHalfOpen = 1;
    b.calls = 100;
    if (mode == BreakerMode::Open) {
        b.failures = 61;
        b.consecutiveFailures = 5;
        b.notPermitted = 212;
        b.openedAt = sampleNow() - 34s;
        b.nextAttemptAt = sampleNow() + 26s;
        b.transitions = {{sampleNow() - 4min, BreakerMode::Closed, BreakerMode::Open,
                          q("5 failures in a row, the last: no answer within 10 s")},
                         {sampleNow() - 3min, BreakerMode::Open, BreakerMode::HalfOpen,
                          q("60 s have passed: one trial")},
                         {sampleNow() - 34s, BreakerMode::HalfOpen, BreakerMode::Open,
                          q("the trial failed: connection refused")}};
    } else if (mode == BreakerMode::HalfOpen) {
        b.failures = 40;
        b.transitions = {
            {sampleNow() - 61s, BreakerMode::Closed, BreakerMode::Open, q("5 failures in a row")},
            {sampleNow() - 1s, BreakerMode::Open, BreakerMode::HalfOpen,
             q("60 s have passed: one trial")}};
    } else {
        b.failures = 3;
        b.consecutiveFailures = 2;
    }
    b.failureRate = b.failures / 100.0;
    return b;
}

SourceStatus source(const char* id, const char* url, Freshness freshness, Duration age) {
    SourceStatus s;
    s.id = SourceId(q(id));
    s.name = q(id);
    s.kind = q("orchestrator");
    s.url = QUrl(q(url));
    s.freshness = freshness;
    s.interval = 2s;
    s.lastSuccess = sampleNow() - std::chrono::duration_cast<std::chrono::milliseconds>(age);
    s.lastAttempt = sampleNow() - 1s;
    s.capabilities = {true, true, true, true, true, true, false};
    s.version = q("vigied 0.1.0");
    s.actor = q("admin");
    s.role = q("admin");
    s.clockOffset = 12ms;
    s.breaker = breaker(QStringLiteral("source:") + s.name, BreakerMode::Closed);
    s.pollLatency = latencies(24ms, 900);
    s.beatsPerSecond = 5.4;
    s.beatsExpectedPerSecond = 6.25;
    return s;
}

ActionLog logEntry(int number, const char* type, ActionLogStatus status, const InstanceId& instance,
                   const char* actor, const char* reason) {
    ActionLog entry;
    entry.id = ActionLogId(sampleUuid(number + 7000));
    entry.actionType = q(type);
    entry.component = q("orchestrator");
    entry.status = status;
    entry.instanceId = instance;
    entry.userId = q(actor);
    entry.createdAt = sampleNow() - std::chrono::seconds(19 + number * 23);
    if (status != ActionLogStatus::InProgress) {
        entry.durationMs = 120 + number * 77;
        entry.completedAt = entry.createdAt + std::chrono::milliseconds(*entry.durationMs);
    }
    if (status == ActionLogStatus::Failed) {
        entry.errorCode = q("PROVIDER_START_TIMEOUT");
        entry.errorMessage = q("the provider did not start the machine within 120 s");
    }
    entry.metadata = QByteArray("{\"reason\":\"") + reason + "\"}";
    entry.correlationId = sampleUuid(number / 3 + 900);
    entry.instanceStatusBefore = q("ready");
    entry.instanceStatusAfter = q("worker_dead");
    return entry;
}

Alert alert(const char* name, Severity severity, AlertState state, Duration since,
            const char* sourceName, const QString& instanceId, const char* summary) {
    Alert a;
    a.labels = {{q("alertname"), q(name)},
                {q("severity"), toString(severity)},
                {q("source"), q(sourceName)}};
    if (!instanceId.isEmpty())
        a.labels.insert(q("instance"), instanceId);
    if (a.labels.value(q("alertname")) == q("BreakerOpen"))
        a.labels.insert(q("owner"), q("dashboard"));
    if (a.labels.value(q("alertname")) == q("InstanceStuck"))
        a.labels.insert(q("status"), q("booting"));
    a.summary = q(summary);
    a.description = q("Look at its evidence, then reinstall or terminate it.");
    a.severity = severity;
    a.state = state;
    a.activeSince = sampleNow() - std::chrono::duration_cast<std::chrono::milliseconds>(since);
    if (state != AlertState::Pending)
        a.firedAt = a.activeSince + 10s;
    if (state == AlertState::Resolved)
        a.resolvedAt = sampleNow() - 4min;
    return a;
}

std::shared_ptr<Inspection> inspectionOf(const InstanceView& view) {
    auto look = std::make_shared<Inspection>();
    look->source = view.source;
    look->instance = view.instance.id;
    look->at = sampleNow() - 1s;
    const auto change = [&](Duration ago, InstanceStatus from, InstanceStatus to, const char* why) {
        StateChange c;
        c.id = sampleUuid(static_cast<int>(look->history.size()) + 300);
        c.instanceId = view.instance.id;
        c.from = from;
        c.to = to;
        c.reason = q(why);
        c.at = sampleNow() - std::chrono::duration_cast<std::chrono::milliseconds>(ago);
        look->history.push_back(c);
    };
    using S = InstanceStatus;
    change(54min, S::Provisioning, S::Booting, "the provider started it");
    change(50min, S::Booting, S::Installing, "the agent registered");
    change(44min, S::Installing, S::Starting, "install finished");
    change(41min, S::Starting, S::Ready, "health check passed");
    change(2min, S::Ready, S::WorkerDead, "silent-probe-failing");
    look->actions = {logEntry(1, "WORKER_DEAD_DETECTED", ActionLogStatus::Success, view.instance.id,
                              "automation", "silent for 312 s, readyz failed 3 times"),
                     logEntry(30, "HEALTH_CHECK", ActionLogStatus::Failed, view.instance.id,
                              "automation", "readyz: connection refused")};
    Volume volume;
    volume.id = VolumeId(sampleUuid(8000));
    volume.instanceId = view.instance.id;
    volume.name = q("boot");
    volume.volumeType = q("b_ssd");
    volume.sizeGb = 120;
    volume.isBoot = true;
    volume.status = VolumeStatus::Attached;
    look->volumes = {volume};
    return look;
}

void addInstances(FleetSnapshot& snapshot) {
    for (int n = 0; n < 44; ++n) {
        const bool legacy = n >= 36;
        const bool stale = n >= 28 && !legacy;
        auto view = sampleInstance(n,
                                   SourceId(legacy  ? q("legacy")
                                            : stale ? q("gra-1")
                                                    : q("par-1")),
                                   stale ? Freshness::Stale : Freshness::Live);
        snapshot.instances.push_back(std::make_shared<const InstanceView>(std::move(view)));
    }
    std::sort(snapshot.instances.begin(), snapshot.instances.end(),
              [](const auto& a, const auto& b) { return a->key() < b->key(); });
}

} // namespace

WallTime sampleNow() {
    return std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 3h + 12min + 44s;
}

FleetSnapshot sampleSnapshot() {
    FleetSnapshot s;
    s.sequence = 4711;
    s.takenAt = sampleNow();
    s.sources = {source("par-1", "https://par-1.fleet.example:8003", Freshness::Live, 1200ms),
                 source("gra-1", "https://gra-1.fleet.example:8003", Freshness::Stale, 14s),
                 source("legacy", "http://10.2.0.7:8003", Freshness::Live, 900ms),
                 source("prom", "http://10.2.0.9:9090/metrics", Freshness::Live, 1800ms)};
    s.sources[1].breaker = breaker(q("source:gra-1"), BreakerMode::Open);
    s.sources[1].consecutiveFailures = 5;
    s.sources[1].lastFailure = Failure{
        FailureKind::Timeout, q("GET /fleet: no complete answer within 10 s"), 0, {}, {}, {}};
    s.sources[0].remoteBreakers = {breaker(q("instance:7c1f"), BreakerMode::HalfOpen),
                                   breaker(q("provider:scaleway/fr-par-1"), BreakerMode::Closed),
                                   breaker(q("provider:scaleway/fr-par-2"), BreakerMode::Open)};
    auto& forced = s.sources[0].remoteBreakers[1];
    forced.effective = BreakerMode::ForcedOpen;
    forced.override_ = BreakerOverride{BreakerMode::ForcedOpen, q("lea"),
                                       q("maintenance of fr-par-1"), sampleNow() + 22min};
    s.sources[2].capabilities = {true, false, false, false, true, true, false};
    s.sources[2].version = q("0.7.0");
    s.sources[2].notices = {q("It does not judge by itself (no assessments): verdicts are advice "
                              "made here."),
                            q("It serves no state history.")};
    s.sources[2].role.clear();
    s.sources[3].kind = q("prometheus");
    s.sources[3].capabilities = {};
    s.sources[3].capabilities.metrics = true;
    s.sources[3].beatsPerSecond.reset();
    s.sources[3].beatsExpectedPerSecond.reset();
    addInstances(s);
    const auto dead = std::find_if(s.instances.begin(), s.instances.end(), [](const auto& view) {
        return view->assessment.verdict == Verdict::Dead;
    });
    const InstanceId id = (*dead)->instance.id;
    for (const auto& view : s.instances)
        if (view->assessment.verdict == Verdict::Dead)
            s.alerts.push_back(alert("WorkerDead", Severity::Critical, AlertState::Firing, 5min,
                                     "par-1", view->instance.id.value(),
                                     "The worker is dead: silent, and its probe fails"));
    s.alerts.push_back(alert("SourceUnreachable", Severity::Critical, AlertState::Firing, 14s,
                             "gra-1", {}, "gra-1 does not answer: what it shows is 14 s old"));
    s.alerts.push_back(alert("BreakerOpen", Severity::Warning, AlertState::Pending, 34s, "gra-1",
                             {}, "The breaker around gra-1 is open"));
    s.alerts.push_back(alert("InstanceStuck", Severity::Warning, AlertState::Resolved, 31min,
                             "par-1", id.value(), "Booting for 2 h 04 min, the limit is 2 h"));
    static const char* types[] = {"WORKER_DEAD_DETECTED", "REQUEST_REINSTALL", "EXECUTE_REINSTALL",
                                  "HEALTH_CHECK",         "PROVIDER_START",    "INSTANCE_READY"};
    for (int n = 0; n < 60; ++n) {
        const auto status = n == 2       ? ActionLogStatus::InProgress
                            : n % 7 == 3 ? ActionLogStatus::Failed
                                         : ActionLogStatus::Success;
        s.log.push_back(std::make_shared<const FleetSnapshot::SourcedLog>(FleetSnapshot::SourcedLog{
            SourceId(n % 5 == 4 ? q("gra-1") : q("par-1")),
            logEntry(n, types[n % 6], status,
                     s.instances[static_cast<size_t>(n) % s.instances.size()]->instance.id,
                     n % 6 == 1 ? "lea" : "automation",
                     n % 6 == 1 ? "silent since the kernel update" : "health check passed")}));
    }
    for (const SourceStatus& each : s.sources)
        s.latencies.push_back(
            {each.id, q("poll"), {}, std::make_shared<Histogram>(each.pollLatency), nullptr});
    s.latencies.push_back({SourceId(q("par-1")),
                           q("health_check"),
                           {},
                           std::make_shared<Histogram>(latencies(180ms, 2400)),
                           nullptr});
    auto foreign = std::make_shared<ClassicHistogram>();
    foreign->buckets = {{0.1, 3120}, {0.2, 3340}, {0.4, 3391}, {1, 3402},
                        {3, 3410},   {8, 3411},   {20, 3411},  {INFINITY, 3412}};
    foreign->sum = 190;
    foreign->count = 3412;
    s.latencies.push_back({SourceId(q("prom")),
                           q("prometheus_http_request_duration_seconds"),
                           {{q("handler"), q("/api/v1/query")}},
                           nullptr,
                           foreign});
    s.changes = {{sampleNow() - 14s, SourceId(q("gra-1")), {}, q("no longer live: stale")},
                 {sampleNow() - 2min, SourceId(q("par-1")), id, q("ready -> worker_dead")},
                 {sampleNow() - 3min, SourceId(q("par-1")), id, q("alive -> suspect")},
                 {sampleNow() - 11min, SourceId(q("par-1")), s.instances[2]->instance.id,
                  q("starting -> ready")}};
    s.inspection = inspectionOf(**dead);
    Operation operation;
    operation.id = OperationId(sampleUuid(1));
    operation.action = Action::Reinstall;
    operation.reason = q("silent since the kernel update");
    operation.startedAt = sampleNow() - 20s;
    operation.items = {{SourceId(q("par-1")), id, ItemState::Done, q("accepted (202)")}};
    operation.finished = true;
    s.operations = {operation};
    return s;
}

FleetSnapshot largeSnapshot(int count) {
    FleetSnapshot s;
    s.takenAt = sampleNow();
    s.sources = {source("par-1", "https://par-1.fleet.example:8003", Freshness::Live, 1s)};
    for (int n = 0; n < count; ++n)
        s.instances.push_back(std::make_shared<const InstanceView>(
            sampleInstance(n + 100, SourceId(q("par-1")), Freshness::Live)));
    std::sort(s.instances.begin(), s.instances.end(),
              [](const auto& a, const auto& b) { return a->key() < b->key(); });
    return s;
}

} // namespace vigie
