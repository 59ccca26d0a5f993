#include "core/orchestrator/jobs/healthcheck/startup.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/lifecycle.h"

#include <algorithm>

namespace vigie::jobs::healthcheck {

namespace {

constexpr Duration freshBeat = std::chrono::seconds(30);
constexpr int manyFailures = 30; // in a row; a model may load as long as its limit allows
const QString category = QStringLiteral("jobs.health-check");

/// A write is dropped when the instance changed since it was judged.
auto unlessChanged(const InstanceRecord& judged) {
    return [status = judged.instance.status, incarnation = judged.instance.incarnation,
            work = judged.workInHand](const InstanceRecord& now) -> std::optional<QString> {
        if (now.instance.status == status && now.instance.incarnation == incarnation &&
            now.workInHand == work)
            return std::nullopt;
        return QStringLiteral("It changed meanwhile.");
    };
}

} // namespace

void Startup::failed(const InstanceId& id, const Failure& failure) {
    // A conflict is no mistake: a beat of the worker, or a person, was first.
    const bool expected = failure.kind == FailureKind::Conflict;
    m_errors += expected ? 0 : 1;
    log(expected ? LogLevel::Debug : LogLevel::Warning, category,
        QStringLiteral("%1: %2").arg(id.value(), failure.message));
}

std::optional<QString> Startup::whyReady(const InstanceRecord& record,
                                         const LiveState& live) const {
    const auto probe = m_context.probes.results.constFind(record.instance.id);
    if (probe == m_context.probes.results.constEnd())
        return std::nullopt; // the first probe of this incarnation is still to come
    if (probe->possible && probe->ok)
        return QStringLiteral("health check passed: ") + probe->says;
    const bool beatsReady = record.instance.workerStatus == toString(WorkerStatus::Ready) &&
                            live.lastBeat && m_context.clock.now() - *live.lastBeat < freshBeat;
    if (beatsReady && !probe->possible)
        return QStringLiteral("a fresh heartbeat says ready, and no probe is possible");
    return std::nullopt;
}

Task<bool> Startup::step(InstanceId id, TransitionCause cause, QString reason,
                         std::vector<ActionLog> logs) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record)
        co_return false;
    ControlPlane::Change change;
    change.cause = cause;
    change.reason = std::move(reason);
    change.logStarts = std::move(logs);
    change.refuse = unlessChanged(*record);
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        failed(id, written.error());
    co_return written.has_value();
}

Task<> Startup::note(InstanceId id, ProbeResult seen, StartSigns shown) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record || !isStarting(record->instance.status) || !record->workInHand.isEmpty())
        co_return;
    if (!seen.ok && seen.possible && seen.failuresInRow == manyFailures)
        co_await sayFailing(id, seen);
    record = m_context.plane.find(id);
    if (!record || !isStarting(record->instance.status))
        co_return;
    struct Milestone {
        bool reached;
        int progress; // as the contract has it
        QStringView type;
    };
    const bool loaded = shown.modelAnswers && shown.modelLoaded;
    const Milestone milestones[] = {
        {shown.modelAnswers, 70, actiontype::workerVllmHttpOk},
        {loaded, 80, actiontype::workerModelLoaded},
        {loaded && shown.gaveTokens, 90, actiontype::workerVllmWarmup},
    };
    const int before = record->instance.progressPercent.value_or(0);
    int progress = before;
    ControlPlane::Change change;
    for (const Milestone& one : milestones) {
        if (!one.reached || one.progress <= before)
            continue;
        Asker asker;
        asker.reason = seen.says;
        change.logStarts.push_back(actionLog(one.type, ActionLogStatus::Success, asker));
        progress = one.progress;
    }
    if (progress == before)
        co_return;
    change.refuse = unlessChanged(*record);
    change.edit = [progress](InstanceRecord& r) { r.instance.progressPercent = progress; };
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        failed(id, written.error());
}

Task<> Startup::sayFailing(InstanceId id, ProbeResult seen) {
    const QString message =
        QStringLiteral("Its health check failed %1 times in a row; the last: %2")
            .arg(seen.failuresInRow)
            .arg(seen.says);
    ControlPlane::Change change;
    change.refuse = unlessChanged(*m_context.plane.find(id));
    change.edit = [message](InstanceRecord& r) {
        r.instance.errorCode = QStringView(errorcode::healthCheckFailed).toString();
        r.instance.errorMessage = message;
    };
    change.logStarts = {failedLog(actiontype::healthCheck, errorcode::healthCheckFailed, message)};
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        failed(id, written.error());
}

Task<> Startup::noteAddress(InstanceId id, QString address) {
    const InstanceRecord* record = m_context.plane.find(id);
    if (!record || !isStarting(record->instance.status) || !record->instance.ipAddress.isEmpty())
        co_return;
    Asker asker;
    asker.reason = address;
    ControlPlane::Change change;
    change.refuse = unlessChanged(*record);
    change.edit = [address](InstanceRecord& r) {
        r.instance.ipAddress = address;
        r.instance.progressPercent = std::max(r.instance.progressPercent.value_or(0), 40);
    };
    change.logStarts = {actionLog(actiontype::providerGetIp, ActionLogStatus::Success, asker)};
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        failed(id, written.error());
}

Task<> Startup::sayWaiting(InstanceId id) {
    ControlPlane::Change change;
    change.refuse = unlessChanged(*m_context.plane.find(id));
    change.edit = [](InstanceRecord& r) {
        r.instance.errorCode = QStringView(errorcode::waitingForWorkerHeartbeat).toString();
        r.instance.errorMessage =
            QStringLiteral("Its health check passes, but its agent has not sent a heartbeat yet.");
        r.instance.progressPercent = 95;
    };
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        failed(id, written.error());
}

Task<bool> Startup::becomeReady(InstanceId id, QString why) {
    Asker asker;
    asker.reason = why;
    std::vector<ActionLog> logs;
    logs.push_back(actionLog(actiontype::healthCheck, ActionLogStatus::Success, asker));
    logs.push_back(actionLog(actiontype::instanceReady, ActionLogStatus::Success, asker));
    const bool ready = co_await step(id, TransitionCause::BecameReady, why, std::move(logs));
    co_return ready;
}

Task<bool> Startup::advance(InstanceId id) {
    const InstanceRecord* record = m_context.plane.find(id);
    const LiveState* live = m_context.plane.live(id);
    if (!record || !live)
        co_return false;
    const Instance& instance = record->instance;
    if (instance.status == InstanceStatus::StartupFailed) {
        const bool heard = live->lastBeat && instance.workerLastHeartbeat > instance.stateSince;
        const std::optional<QString> ready = whyReady(*record, *live);
        if (!heard || !comesLate(*record, ready.has_value()))
            co_return false;
        const QString why = ready.value_or(QStringLiteral("a heartbeat came"));
        std::vector<ActionLog> logs;
        logs.push_back(actionLog(actiontype::workerRecovered, ActionLogStatus::Success, {}));
        const bool back =
            co_await step(id, TransitionCause::LateWorker,
                          why + QStringLiteral(" after the start-up limit"), std::move(logs));
        co_return back;
    }
    if (!isStarting(instance.status) || !record->workInHand.isEmpty())
        co_return false;

    const std::optional<QString> ready = whyReady(*record, *live);
    const bool beaten = live->lastBeat.has_value();
    const bool seen = beaten || !record->workerId.isEmpty();
    if (ready && beaten) {
        const bool done = co_await becomeReady(id, *ready);
        co_return done;
    }
    if (ready && instance.errorCode != errorcode::waitingForWorkerHeartbeat)
        co_await sayWaiting(id);
    bool moved = false;
    record = m_context.plane.find(id);
    if (seen && record && record->instance.status == InstanceStatus::Booting) {
        moved = co_await step(id, TransitionCause::AgentSeen, QStringLiteral("the agent was heard"),
                              {});
        if (!moved)
            co_return false;
    }
    record = m_context.plane.find(id);
    if (beaten && record && record->instance.status == InstanceStatus::Installing) {
        const bool started = co_await step(id, TransitionCause::InstallFinished,
                                           QStringLiteral("the agent beats"), {});
        moved = moved || started;
    }
    co_return moved;
}

} // namespace vigie::jobs::healthcheck
