#include "core/orchestrator/api/workerprogress.h"

#include "core/base/log.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/lifecycle.h"
#include "core/orchestrator/workerproof.h"

namespace vigie {

namespace {

constexpr int modelLoaded = 80; // progress_percent, as the contract has it

WorkerSign signOf(const ApiContext& context, const InstanceRecord& record, bool beats,
                  bool saysReady) {
    const auto& results = context.jobs.probes().results;
    const auto probe = results.constFind(record.instance.id);
    const bool probed = probe != results.cend() && probe->possible;
    WorkerSign sign;
    sign.installed = beats;
    sign.mayBeReady = saysReady && (!probed || probe->ok);
    sign.provenServing = probed && probe->ok;
    sign.lateAllowed = comesLate(record, sign.mayBeReady || sign.provenServing);
    sign.workInHand = !record.workInHand.isEmpty();
    return sign;
}

ControlPlane::Change changeFor(TransitionCause cause, const InstanceRecord& record) {
    const Instance& instance = record.instance;
    ControlPlane::Change change;
    change.cause = cause;
    Asker worker;
    worker.actor = QStringLiteral("worker");
    worker.component = QStringLiteral("api");
    switch (cause) {
    case TransitionCause::LateWorker:
        change.reason = record.heardAtLimit
                            ? QStringLiteral("the worker is ready after the start-up limit")
                            : QStringLiteral("the worker showed up after the start-up limit");
        break;
    case TransitionCause::AgentSeen:
        change.reason = QStringLiteral("the worker agent is there");
        break;
    case TransitionCause::InstallFinished:
        change.reason = QStringLiteral("the worker beats: its install is over");
        break;
    case TransitionCause::WorkerRevived:
        change.reason = QStringLiteral("a beat of the current incarnation");
        change.logStarts.push_back(completedLog(actiontype::workerRecovered, worker));
        break;
    default:
        change.reason = QStringLiteral("the worker says ready and no probe says otherwise");
        // Where no probe was first to see it, the worker is who tells.
        if (isStarting(instance.status) && instance.progressPercent.value_or(0) < modelLoaded)
            change.logStarts.push_back(completedLog(actiontype::workerModelLoaded, worker));
        change.logStarts.push_back(completedLog(actiontype::instanceReady, worker));
        break;
    }
    return change;
}

Task<> follow(ApiContext& context, InstanceId id, bool beats, bool saysReady) {
    // One life, start to ready, has fewer steps than this.
    for (int steps = 0; steps < 5; ++steps) {
        const InstanceRecord* record = context.plane.find(id);
        if (!record || awaitsReinstall(*record))
            co_return;
        const auto cause =
            nextStep(record->instance.status, signOf(context, *record, beats, saysReady));
        if (!cause)
            co_return;
        ControlPlane::Change change = changeFor(*cause, *record);
        const auto changed = co_await context.plane.apply(id, std::move(change));
        if (!changed) {
            // A conflict: the health check was first, with the same evidence.
            const bool expected = changed.error().kind == FailureKind::Conflict;
            log(expected ? LogLevel::Debug : LogLevel::Warning, QStringLiteral("workers"),
                QStringLiteral("instance %1 could not follow its worker: %2")
                    .arg(id.value(), changed.error().message));
            co_return;
        }
    }
}

} // namespace

std::optional<TransitionCause> nextStep(InstanceStatus status, const WorkerSign& sign) {
    switch (status) {
    case InstanceStatus::StartupFailed:
        return sign.lateAllowed ? std::optional(TransitionCause::LateWorker) : std::nullopt;
    case InstanceStatus::Booting:
        return TransitionCause::AgentSeen;
    case InstanceStatus::Installing:
        return sign.installed ? std::optional(TransitionCause::InstallFinished) : std::nullopt;
    case InstanceStatus::Starting:
        return sign.mayBeReady ? std::optional(TransitionCause::BecameReady) : std::nullopt;
    case InstanceStatus::Unavailable:
        // It beat all along when it hung: only a probe that succeeds says that it serves again.
        return sign.mayBeReady && sign.provenServing ? std::optional(TransitionCause::BecameReady)
                                                     : std::nullopt;
    case InstanceStatus::WorkerDead:
        return sign.installed && !sign.workInHand ? std::optional(TransitionCause::WorkerRevived)
                                                  : std::nullopt;
    default:
        return std::nullopt;
    }
}

Task<> followRegister(ApiContext& context, InstanceId id) {
    co_await follow(context, id, false, false);
}

Task<> followBeat(ApiContext& context, InstanceId id, WorkerStatus status) {
    co_await follow(context, id, true, status == WorkerStatus::Ready);
}

} // namespace vigie
