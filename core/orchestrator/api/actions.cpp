#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/operationcodec.h"
#include "core/orchestrator/api/query.h"

namespace vigie::actions {

namespace {

ServerResponse accepted(int status, const char* word, const InstanceId& id,
                        const QString& message) {
    return answer::json(encodeAccepted({QString::fromLatin1(word), id.value(), message}), status);
}

ServerResponse notPossible(int status, const QString& sentence) {
    return answer::error(status, QStringLiteral("not_possible_now"), sentence);
}

/// `?override=true` passes those guards that may be passed; somebody has to say why.
Outcome<bool> overrideOf(const Call& call, const Asker& asker) {
    QueryReader query(call.request.query);
    const bool override = query.boolean(QStringLiteral("override")).value_or(false);
    if (query.mistake())
        return fail(*query.mistake());
    if (override && asker.reason.isEmpty())
        return fail(FailureKind::Invalid,
                    QStringLiteral("to override a guard needs a reason: send \"reason\" in the "
                                   "body, or the header X-Vigie-Reason"));
    return override;
}

/// What the one path of all manual actions answered.
struct Done {
    std::optional<InstanceRecord> record;
    ServerResponse refusal; ///< when there is no record
};

Task<Done> act(ApiContext& context, Action action, InstanceId id, Call call) {
    const auto asker = askerOf(call);
    if (!asker)
        co_return Done{std::nullopt, answer::failed(asker.error())};
    const auto override = overrideOf(call, *asker);
    if (!override)
        co_return Done{std::nullopt, answer::failed(override.error())};
    Task<OperationDesk::Single> running =
        context.jobs.operations().single(action, id.value(), *asker, *override);
    OperationDesk::Single done = co_await running;
    if (done.outcome)
        co_return Done{std::move(*done.outcome), {}};
    if (done.guard.isEmpty())
        co_return Done{std::nullopt, answer::failed(done.outcome.error())};
    co_return Done{std::nullopt,
                   answer::json(encodeGuardBlocked(done.guard, done.outcome.error().message), 409)};
}

} // namespace

Task<ServerResponse> terminate(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const InstanceRecord* record = context.plane.find(*id);
    if (!record)
        co_return answer::unknownInstance(id->value());
    const InstanceStatus status = record->instance.status;
    if (isOver(status))
        co_return accepted(200, "already_terminated", *id,
                           QStringLiteral("the instance is %1 already").arg(toString(status)));
    if (status == InstanceStatus::Terminating)
        co_return accepted(202, "accepted", *id,
                           QStringLiteral("the instance is being terminated already"));

    Task<Done> acting = act(context, Action::Terminate, *id, std::move(call));
    const Done done = co_await acting;
    if (!done.record)
        co_return done.refusal;
    co_return accepted(202, "accepted", *id,
                       QStringLiteral("the instance is being terminated; GET /instances/%1 shows "
                                      "how far it is")
                           .arg(id->value()));
}

Task<ServerResponse> reinstall(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const InstanceRecord* record = context.plane.find(*id);
    if (!record)
        co_return answer::unknownInstance(id->value());
    const InstanceStatus status = record->instance.status;
    const bool hasMachine = !record->instance.providerInstanceId.isEmpty();
    if (const auto why = whyNot(Action::Reinstall, status, hasMachine))
        co_return notPossible(isOver(status) ? 400 : 409, *why);

    Task<Done> acting = act(context, Action::Reinstall, *id, std::move(call));
    const Done done = co_await acting;
    if (!done.record)
        co_return done.refusal;
    co_return accepted(202, "accepted", *id,
                       QStringLiteral("the instance is being reinstalled as incarnation %1; "
                                      "secrets of the one before are refused from now on")
                           .arg(done.record->instance.incarnation));
}

Task<ServerResponse> archive(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const InstanceRecord* record = context.plane.find(*id);
    if (!record)
        co_return answer::unknownInstance(id->value());
    const bool hasMachine = !record->instance.providerInstanceId.isEmpty();
    if (const auto why = whyNot(Action::Archive, record->instance.status, hasMachine))
        co_return notPossible(400, *why);

    Task<Done> acting = act(context, Action::Archive, *id, std::move(call));
    const Done done = co_await acting;
    if (!done.record)
        co_return done.refusal;
    co_return accepted(200, "archived", *id, QStringLiteral("the instance is archived"));
}

} // namespace vigie::actions
