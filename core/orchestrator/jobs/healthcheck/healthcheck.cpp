#include "core/orchestrator/jobs/healthcheck/healthcheck.h"

#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/backoff.h"

#include <QSet>

namespace vigie::jobs::healthcheck {

namespace {

// A cycle ends well before the next one is due, whoever hangs.
constexpr Duration longestCycle = std::chrono::seconds(5);

bool isServing(InstanceStatus status) {
    return status == InstanceStatus::Ready || status == InstanceStatus::Unavailable ||
           status == InstanceStatus::Draining || status == InstanceStatus::WorkerDead;
}

ProbeResult notPossible(const QString& why) {
    ProbeResult result;
    result.possible = false;
    result.says = why;
    return result;
}

} // namespace

HealthCheckJob::HealthCheckJob(JobContext& context, HealthCheckOptions options,
                               const WatchdogSettings& settings, HttpSend send)
    : m_context(context), m_options(options), m_settings(settings),
      m_prober(context.clock, send, options.deadline),
      m_tokens(context.clock, std::move(send), options.tokens), m_startup(context),
      m_line(
          context.clock, options.parallel,
          [this](InstanceId id, std::stop_token stop) {
              return check(std::move(id), std::move(stop));
          },
          context.carryOn, std::min(longestCycle, options.interval / 2)) {}

std::vector<InstanceId> HealthCheckJob::watched() {
    std::vector<InstanceId> ids;
    QSet<InstanceId> keep;
    for (const InstanceId& id : m_context.plane.ids()) {
        const InstanceRecord* record = m_context.plane.find(id);
        const InstanceStatus status = record->instance.status;
        if (!isStarting(status) && !isServing(status) && status != InstanceStatus::StartupFailed)
            continue;
        ids.push_back(id);
        // One that beat all along is late when it is ready: a probe may tell.
        if (status == InstanceStatus::StartupFailed && !record->heardAtLimit)
            continue;
        keep.insert(id);
        beginAnewIfAnother(*record, m_checks[id]);
    }
    m_checks.removeIf([&](const auto& entry) { return !keep.contains(entry.key()); });
    m_context.probes.results.removeIf(
        [&](const auto& entry) { return !keep.contains(entry.key()); });
    return ids;
}

/// What was found before a remedy, or of another machine, says nothing about the worker of now.
void HealthCheckJob::beginAnewIfAnother(const InstanceRecord& record, Check& check) {
    const Instance& instance = record.instance;
    const bool otherMachine = check.machine != instance.providerInstanceId;
    const bool begun = record.recoveryBegunAt && check.recoveryBegunAt != record.recoveryBegunAt;
    if (!otherMachine && !begun && check.incarnation == instance.incarnation)
        return;
    Check anew;
    anew.life = ++m_lives;
    anew.incarnation = instance.incarnation;
    anew.machine = instance.providerInstanceId;
    anew.recoveryBegunAt = record.recoveryBegunAt;
    anew.due = m_context.clock.now();
    if (!otherMachine) {
        anew.address = check.address;
        anew.addressAt = check.addressAt;
    }
    check = std::move(anew);
    m_context.probes.results.remove(instance.id);
}

bool HealthCheckJob::isDue(const InstanceRecord& record, const LiveState& live,
                           const Check& check) const {
    const MonotonicTime now = m_context.clock.now();
    // What a remedy waits for hangs on the answer, as the verdict on a silent instance does.
    if (now >= check.due || isRemedy(record.workInHand))
        return true;
    const auto result = m_context.probes.results.constFind(record.instance.id);
    if (result == m_context.probes.results.constEnd())
        return true;
    // A silent instance is probed freshly: its verdict hangs on the answer.
    const Duration threshold = m_settings.policy.heartbeatThreshold;
    const bool silent = !live.lastBeat || now - *live.lastBeat > threshold;
    if (isServing(record.instance.status) && silent)
        return true;
    // So is one whose worker says that it became ready while its probe still failed.
    return !isServing(record.instance.status) && !result->ok && live.lastBeat &&
           record.instance.workerStatus == toString(WorkerStatus::Ready);
}

Task<JobReport> HealthCheckJob::run(std::stop_token stop) {
    std::vector<InstanceId> ids = watched();
    m_report.claimed += static_cast<int>(ids.size());
    co_await m_line.take(std::move(ids), std::move(stop));
    m_report.errors += m_startup.takeErrors();
    co_return std::exchange(m_report, {});
}

HealthCheckJob::Check* HealthCheckJob::remembered(const InstanceId& id, quint64 life) {
    const auto check = m_checks.find(id);
    return check != m_checks.end() && check->life == life ? &*check : nullptr;
}

Task<> HealthCheckJob::check(InstanceId id, std::stop_token stop) {
    const InstanceRecord* record = m_context.plane.find(id);
    const LiveState* live = m_context.plane.live(id);
    const auto known = m_checks.constFind(id);
    if (record && live && known != m_checks.constEnd() && isDue(*record, *live, *known)) {
        const quint64 life = known->life;
        const int incarnation = record->instance.incarnation;
        const std::optional<WallTime> begunAt = record->recoveryBegunAt;
        const ProbeResult result = co_await probe(id, life, stop);
        if (stop.stop_requested())
            co_return;
        const InstanceRecord* after = m_context.plane.find(id);
        // An answer of before a remedy says nothing about what came of it.
        const bool same = after && after->instance.incarnation == incarnation &&
                          (!after->recoveryBegunAt || after->recoveryBegunAt == begunAt);
        if (same && remembered(id, life))
            co_await take(id, result);
        ++m_report.processed;
    }
    co_await m_startup.advance(id);
}

Task<Outcome<QString>> HealthCheckJob::addressOf(InstanceId id, quint64 life,
                                                 std::stop_token stop) {
    const Check known = m_checks.value(id);
    const MonotonicTime now = m_context.clock.now();
    const auto last = m_context.probes.results.constFind(id);
    const bool failing = last != m_context.probes.results.constEnd() && !last->ok;
    if (known.addressAt && now - *known.addressAt < m_options.addressTtl && !failing)
        co_return known.address;
    if (known.machine.isEmpty())
        co_return fail(FailureKind::Invalid, QStringLiteral("it has no machine yet"));

    const InstanceRecord* record = m_context.plane.find(id);
    // A start is part of the order that began it; what serves is looked at for its own sake.
    const bool ordered = record && isStarting(record->instance.status);
    const CallToken token(stop, ordered ? record->instance.correlationId : QString());
    const Outcome<Machine> machine =
        co_await m_context.provider.describe(MachineId(known.machine), token);
    if (!machine) {
        if (!stop.stop_requested())
            ++m_report.errors;
        if (known.addressAt)
            co_return known.address; // the provider's outage is not the instance's
        co_return fail(machine.error());
    }
    m_context.watcher.providerAnswered = m_context.clock.now();
    if (!machine->address.isEmpty())
        co_await m_startup.noteAddress(id, machine->address);
    if (machine->state == MachineState::Absent || machine->state == MachineState::Stopped)
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("its machine is ") + toString(machine->state));
    if (Check* check = remembered(id, life)) {
        check->address = machine->address;
        check->addressAt = m_context.clock.now();
    }
    co_return machine->address;
}

Task<ProbeResult> HealthCheckJob::probe(InstanceId id, quint64 life, std::stop_token stop) {
    const Outcome<QString> address = co_await addressOf(id, life, stop);
    if (!address)
        co_return notPossible(address.error().message);
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record)
        co_return notPossible(QStringLiteral("it is not known any more"));
    const Instance& instance = record->instance;
    Outcome<ProbeTarget> target =
        probeTarget(*address, instance.workerHealthPort, instance.workerVllmPort,
                    m_context.provider.loopbackProbesAllowed());
    if (!target)
        co_return notPossible(target.error().message);
    ProbeAnswer answer = co_await m_prober.probe(*target, stop);
    if (answer.ok && target->modelPort && m_tokens.options().enabled)
        co_await askForTokens(id, life, *target, answer, std::move(stop));
    ProbeResult result;
    result.ok = answer.ok;
    if (Check* check = remembered(id, life))
        check->shown = {answer.modelServerAnswers, answer.workerReady, answer.gaveTokens};
    result.says = answer.says;
    result.latency = answer.latency;
    co_return result;
}

Task<> HealthCheckJob::askForTokens(InstanceId id, quint64 life, ProbeTarget target,
                                    ProbeAnswer& answer, std::stop_token stop) {
    const InstanceRecord* record = m_context.plane.find(id);
    const Check* known = remembered(id, life);
    const MonotonicTime now = m_context.clock.now();
    // A model that did not answer is asked again with each probe until it does.
    const bool due =
        known && (!known->tokensAt || now - *known->tokensAt >= m_tokens.options().interval);
    if (!record || !due)
        co_return;
    const Instance& instance = record->instance;
    const QString model =
        instance.workerModelId.isEmpty() ? instance.modelId : instance.workerModelId;
    const TokenProbe::Answer told =
        co_await m_tokens.ask(target.address, *target.modelPort, model, stop);
    if (stop.stop_requested())
        co_return;
    m_context.probes.tokens.record(told.latency, m_context.clock.now());
    answer.ok = answer.gaveTokens = told.ok;
    answer.says = told.ok ? answer.says + QStringLiteral("; ") + told.says : told.says;
    if (Check* check = remembered(id, life))
        check->tokensAt = told.ok ? std::optional(m_context.clock.now()) : std::nullopt;
}

Duration HealthCheckJob::untilNext(const InstanceId& id, const ProbeResult& result) const {
    if (!result.possible)
        return Duration::zero();
    if (result.ok)
        return m_options.cacheTtl;
    // The first N failures decide a verdict and come at the job's own pace.
    const int beyond = result.failuresInRow - m_settings.policy.failingProbes;
    if (!m_options.backoffEnabled || beyond < 0)
        return Duration::zero();
    return backoff(id.value(), beyond + 1, m_options.interval, m_options.backoffMax);
}

Task<> HealthCheckJob::take(InstanceId id, ProbeResult result) {
    const MonotonicTime now = m_context.clock.now();
    const auto before = m_context.probes.results.constFind(id);
    const bool known = before != m_context.probes.results.constEnd() && before->possible;
    const bool wasOk = known && before->ok;
    const int failuresBefore = known ? before->failuresInRow : 0;
    result.at = now;
    result.failuresInRow = result.possible && !result.ok ? failuresBefore + 1 : 0;
    if (result.possible)
        m_context.probes.latency.record(result.latency, m_context.clock.now());
    const ProbeResult taken = result;
    m_context.probes.results.insert(id, std::move(result));
    m_checks[id].due = now + untilNext(id, taken);
    m_context.plane.noteHealthCheck(id, taken.failuresInRow);
    co_await m_startup.note(id, taken, m_checks[id].shown);

    // One row when the answer changes, not one per probe; start-ups log their success themselves.
    const InstanceRecord* record = m_context.plane.find(id);
    const bool changed = known && taken.possible && wasOk != taken.ok;
    if (!changed || !record || !isServing(record->instance.status))
        co_return;
    Asker asker;
    asker.reason = taken.says;
    ActionLog entry = taken.ok
                          ? actionLog(actiontype::healthCheck, ActionLogStatus::Success, asker)
                          : failedLog(actiontype::healthCheck, errorcode::probeFailed, taken.says);
    entry.instanceId = id;
    entry.durationMs = taken.latency / std::chrono::milliseconds(1);
    co_await m_context.plane.note(std::move(entry));
}

} // namespace vigie::jobs::healthcheck
