#include "core/orchestrator/jobs/healthcheck/startup.h"

#include "core/base/log.h"
#include "core/orchestrator/actionlogs.h"

namespace vigie::jobs::healthcheck {

namespace {

constexpr Duration freshBeat = std::chrono::seconds(30);
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

/// A conflict is no mistake: a beat of the worker, or a person, was first.
void warn(const InstanceId& id, const Failure& failure) {
    log(failure.kind == FailureKind::Conflict ? LogLevel::Debug : LogLevel::Warning, category,
        QStringLiteral("%1: %2").arg(id.value(), failure.message));
}

} // namespace

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
        warn(id, written.error());
    co_return written.has_value();
}

Task<> Startup::sayWaiting(InstanceId id) {
    ControlPlane::Change change;
    change.refuse = unlessChanged(*m_context.plane.find(id));
    change.edit = [](InstanceRecord& r) {
        r.instance.errorCode = QStringView(errorcode::waitingForWorkerHeartbeat).toString();
        r.instance.errorMessage =
            QStringLiteral("Its health check passes, but its agent has not sent a heartbeat yet.");
    };
    const Outcome<InstanceRecord> written = co_await m_context.plane.apply(id, std::move(change));
    if (!written)
        warn(id, written.error());
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
        const bool late = instance.errorCode == errorcode::startupTimeout && live->lastBeat &&
                          instance.workerLastHeartbeat > instance.stateSince;
        if (!late)
            co_return false;
        std::vector<ActionLog> logs;
        logs.push_back(actionLog(actiontype::workerRecovered, ActionLogStatus::Success, {}));
        const bool back = co_await step(id, TransitionCause::LateWorker,
                                        QStringLiteral("a heartbeat came after the start-up limit"),
                                        std::move(logs));
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
