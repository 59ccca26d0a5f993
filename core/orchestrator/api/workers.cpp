#include "core/base/log.h"
#include "core/model/heartbeatcodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/apimetrics.h"
#include "core/orchestrator/api/callerlimits.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/requestcodec.h"
#include "core/orchestrator/api/workeraccess.h"
#include "core/orchestrator/api/workerprogress.h"
#include "core/orchestrator/secrets.h"

namespace vigie::workers {

namespace {

// simdjson says that a body is bad, QJsonDocument where.
Failure whyBad(const QByteArray& body, const Failure& otherwise) {
    return whyNoJsonObject(body).value_or(otherwise);
}

std::optional<ServerResponse> refuseOver(const InstanceRecord& record) {
    if (!isOver(record.instance.status))
        return std::nullopt;
    return answer::error(409, QStringLiteral("instance_is_over"),
                         QStringLiteral("instance %1 is %2; its worker has nothing to do any more")
                             .arg(record.instance.id.value(), toString(record.instance.status)));
}

// Only who has shown that it is this instance's worker is counted as it.
std::optional<ServerResponse> refuseWild(const ApiContext& context, const InstanceId& id) {
    const auto wait = context.limits ? context.limits->refuse(id.value()) : std::nullopt;
    if (!wait)
        return std::nullopt;
    return answer::tooManyRequests(QStringLiteral("the worker of instance ") + id.value(), *wait);
}

// Two workers with one secret: the one that beats keeps its token.
bool anotherOneBeats(const ApiContext& context, const InstanceRecord& record,
                     const Registration& registration) {
    const LiveState* live = context.plane.live(record.instance.id);
    return !record.workerTokenHash.isEmpty() && !record.workerId.isEmpty() &&
           record.workerId != registration.workerId && live && live->lastBeat &&
           context.plane.clock().now() - *live->lastBeat < 3 * context.beatInterval;
}

void takeRegistration(InstanceRecord& record, const Registration& registration) {
    if (registration.healthPort)
        record.instance.workerHealthPort = registration.healthPort;
    if (registration.vllmPort)
        record.instance.workerVllmPort = registration.vllmPort;
    if (!registration.modelId.isEmpty())
        record.instance.workerModelId = registration.modelId;
    if (record.instance.ipAddress.isEmpty())
        record.instance.ipAddress = registration.ipAddress;
}

ServerResponse tokenRace() {
    return answer::error(409, QStringLiteral("token_already_exists_or_race"),
                         QStringLiteral("another worker registered for this instance and beats; "
                                        "end one of the two, or register again once it is "
                                        "silent"));
}

} // namespace

Task<ServerResponse> enroll(ApiContext& context, Call call) {
    const auto registration = decodeRegistration(call.request.body);
    if (!registration)
        co_return answer::failed(whyBad(call.request.body, registration.error()));
    const InstanceId id = registration->instanceId;
    const auto proof = proveWorker(context.plane, id, call.request);
    if (!proof)
        co_return answer::failed(proof.error());
    if (auto wild = refuseWild(context, id))
        co_return *wild;
    const InstanceRecord record = *context.plane.find(id);
    if (auto over = refuseOver(record))
        co_return *over;
    if (*proof != WorkerProof::Token && anotherOneBeats(context, record, *registration))
        co_return tokenRace();

    ControlPlane::Change change;
    Secret token;
    const bool handOut = *proof != WorkerProof::Token;
    if (handOut)
        token = newSecret();
    change.refuse = [before = record](const InstanceRecord& now) -> std::optional<QString> {
        // Another register, or a reinstall, was first.
        if (now.workerTokenHash == before.workerTokenHash &&
            now.bootstrapSecretHash == before.bootstrapSecretHash &&
            now.formerSecretHash == before.formerSecretHash)
            return std::nullopt;
        return QStringLiteral("another registration was first");
    };
    change.edit = [registration = *registration, proof = *proof,
                   hash = token.hash](InstanceRecord& edited) {
        takeRegistration(edited, registration);
        vigie::enroll(edited, proof, registration.workerId, hash);
    };
    const auto changed = co_await context.plane.apply(id, std::move(change));
    if (!changed) {
        if (changed.error().kind == FailureKind::Conflict)
            co_return tokenRace();
        co_return answer::failed(changed.error());
    }
    log(LogLevel::Info, QStringLiteral("workers"),
        QStringLiteral("worker %1 of instance %2 registered")
            .arg(registration->workerId, id.value()),
        call.correlationId, call.traceId());
    co_await followRegister(context, id);
    RegistrationAnswer answer{QStringLiteral("registered"), token.plain, token.plain.left(8)};
    co_return answer::json(encodeRegistrationAnswer(answer));
}

Task<ServerResponse> heartbeat(ApiContext& context, Call call) {
    const auto beat = decodeHeartbeat(call.request.body);
    if (!beat)
        co_return answer::failed(whyBad(call.request.body, beat.error()));
    const auto proof = proveWorker(context.plane, beat->instanceId, call.request);
    if (!proof)
        co_return answer::failed(proof.error());
    if (auto wild = refuseWild(context, beat->instanceId))
        co_return *wild;
    if (auto over = refuseOver(*context.plane.find(beat->instanceId)))
        co_return *over;
    context.plane.beat(*beat);
    context.metrics.countBeat();
    // What it means for the state may fail with the store; the beat itself is taken.
    co_await followBeat(context, beat->instanceId, beat->status);
    co_return answer::json(QByteArrayLiteral(R"({"status":"ok"})"));
}

} // namespace vigie::workers
