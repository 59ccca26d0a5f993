#include "core/orchestrator/api/actionrequest.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/operationcodec.h"

#include <QUuid>

namespace vigie::operations {

namespace {

/// The request with the asker whose reason it carries.
struct Asked {
    ActionRequest request;
    Asker asker;
};

Outcome<Asked> read(ApiContext& context, const Call& call, bool planAllowed) {
    auto request = decodeActionRequest(call.request.body,
                                       context.jobs.operations().settings().waves, planAllowed);
    if (!request)
        return fail(request.error());
    auto asker = askerOf(call);
    if (!asker)
        return fail(asker.error());
    return Asked{std::move(*request), std::move(*asker)};
}

QStringList targetsOf(ApiContext& context, const ActionRequest& request) {
    if (!request.filter)
        return request.ids;
    QStringList ids;
    for (const InstanceId& id : context.plane.ids()) {
        const LiveState* live = context.plane.live(id);
        const auto said = live ? live->verdict() : std::nullopt;
        const QString verdict = said ? toString(*said) : QString();
        if (fits(*request.filter, context.plane.find(id)->instance, verdict))
            ids.append(id.value());
    }
    return ids;
}

std::optional<Failure> tooManyOrNone(const QStringList& ids) {
    if (!ids.isEmpty() && ids.size() <= maxActionTargets)
        return std::nullopt;
    const QString says = ids.isEmpty()
                             ? QStringLiteral("there is nothing to act on: no id was named, and no "
                                              "instance fits the filter")
                             : QStringLiteral("the filter fits %1 instances; at most %2 at once")
                                   .arg(ids.size())
                                   .arg(maxActionTargets);
    return Failure{FailureKind::Invalid, says, 0, {}, QStringLiteral("invalid_request"), {}};
}

/// That of the operation that the same call has begun already, else that of the one to begin; empty
/// without an Idempotency-Key.
ActionLogId operationIdFor(const Call& call, const OperationDesk& desk, WallTime now) {
    if (call.idempotencyKey.isEmpty())
        return {};
    static const QUuid space(QStringLiteral("{8d1f7f0e-64a5-4a1e-8c7b-5b6b1d2e9f03}"));
    const auto idOf = [](const QString& seed) {
        return ActionLogId(QUuid::createUuidV5(space, seed).toString(QUuid::WithoutBraces));
    };
    const auto seeds = idempotencySeeds(call, now);
    for (const QString& seed : seeds) {
        const std::optional<ActionOperation> begun = desk.find(idOf(seed));
        if (begun && now - begun->startedAt < idempotencyKept)
            return begun->id;
    }
    return idOf(seeds[0]);
}

ActionLogId operationOf(const Call& call) {
    return ActionLogId(call.parameters.value(QStringLiteral("id")).toLower());
}

ServerResponse shown(const Outcome<ActionOperation>& operation) {
    return operation ? answer::json(encodeOperation(*operation, true))
                     : answer::failed(operation.error());
}

using Control = Task<Outcome<ActionOperation>> (OperationDesk::*)(ActionLogId, Asker);

Task<ServerResponse> control(ApiContext& context, Call call, Control what) {
    auto asker = askerWithReason(call);
    if (!asker)
        co_return answer::failed(asker.error());
    if (asker->reason.isEmpty())
        asker->reason = QStringLiteral("asked by ") + asker->actor;
    Task<Outcome<ActionOperation>> running =
        (context.jobs.operations().*what)(operationOf(call), *asker);
    const Outcome<ActionOperation> changed = co_await running;
    co_return shown(changed);
}

} // namespace

Task<ServerResponse> plan(ApiContext& context, Call call) {
    const auto asked = read(context, call, false);
    if (!asked)
        co_return answer::failed(asked.error());
    const QStringList ids = targetsOf(context, asked->request);
    if (const auto refused = tooManyOrNone(ids))
        co_return answer::failed(*refused);
    co_return answer::json(encodePlan(context.jobs.operations().plan(
        *asked->request.action, ids, asked->asker, asked->request.override)));
}

Task<ServerResponse> start(ApiContext& context, Call call) {
    const auto asked = read(context, call, true);
    if (!asked)
        co_return answer::failed(asked.error());
    const ActionRequest& request = asked->request;
    OperationDesk& desk = context.jobs.operations();
    OperationDesk::Wish wish;
    wish.asker = asked->asker;
    wish.override = request.override;
    wish.waves = request.waves;
    wish.id = operationIdFor(call, desk, context.plane.clock().wallNow());
    if (request.expiresIn)
        wish.holdUntil = context.plane.clock().wallNow() +
                         std::chrono::duration_cast<std::chrono::milliseconds>(*request.expiresIn);
    if (request.planId.isEmpty()) {
        wish.action = *request.action;
        wish.ids = targetsOf(context, request);
        if (const auto refused = tooManyOrNone(wish.ids))
            co_return answer::failed(*refused);
    } else if (!desk.find(wish.id)) {
        auto plan = desk.find(request.planId);
        if (!plan)
            co_return answer::failed(plan.error());
        if (wish.asker.reason.isEmpty())
            wish.asker.reason = plan->asker.reason;
        wish.plan = std::move(*plan);
    }
    Task<Outcome<ActionOperation>> starting = desk.start(std::move(wish));
    const Outcome<ActionOperation> started = co_await starting;
    if (!started)
        co_return answer::failed(started.error());
    context.jobs.moveOperations();
    co_return answer::json(encodeStarted(*started), 202);
}

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const Outcome<void> read = co_await context.jobs.operations().catchUp();
    if (!read)
        co_return answer::failed(read.error());
    std::vector<QByteArray> all;
    for (const ActionOperation& operation : context.jobs.operations().list())
        all.push_back(encodeOperation(operation, false));
    co_return answer::json(encodeArray(all));
}

Task<ServerResponse> one(ApiContext& context, Call call) {
    const auto read = co_await context.jobs.operations().findAnywhere(operationOf(call));
    if (!read)
        co_return answer::failed(read.error());
    const std::optional<ActionOperation>& found = *read;
    if (!found)
        co_return answer::error(404, QStringLiteral("operation_not_found"),
                                QStringLiteral("there is no operation %1 among those kept; GET "
                                               "/actions lists them")
                                    .arg(operationOf(call).value().left(64)));
    co_return answer::json(encodeOperation(*found, true));
}

Task<ServerResponse> pause(ApiContext& context, Call call) {
    return control(context, std::move(call), &OperationDesk::pause);
}

Task<ServerResponse> resume(ApiContext& context, Call call) {
    return control(context, std::move(call), &OperationDesk::resume);
}

Task<ServerResponse> abort(ApiContext& context, Call call) {
    return control(context, std::move(call), &OperationDesk::abort);
}

} // namespace vigie::operations
