#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"

namespace vigie::actions {

namespace {

ServerResponse accepted(int status, const char* word, const InstanceId& id,
                        const QString& message) {
    return answer::json(encodeAccepted({QString::fromLatin1(word), id.value(), message}), status);
}

ServerResponse notPossible(int status, const QString& sentence) {
    return answer::error(status, QStringLiteral("not_possible_now"), sentence);
}

QString reasonOr(const Asker& asker, const QString& otherwise) {
    return asker.reason.isEmpty() ? otherwise : asker.reason;
}

} // namespace

Task<ServerResponse> terminate(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
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

    ControlPlane::Change change;
    change.cause = TransitionCause::TerminateAsked;
    change.reason = reasonOr(*asker, QStringLiteral("terminate asked by ") + asker->actor);
    change.edit = [reason = reasonOr(*asker, QStringLiteral("user_request"))](
                      InstanceRecord& edited) { edited.instance.deletionReason = reason; };
    change.logStarts.push_back(completedLog(actiontype::requestTerminate, *asker));
    const auto changed = co_await context.plane.apply(*id, std::move(change));
    if (!changed)
        co_return answer::failed(changed.error());
    context.jobs.runNow(QStringLiteral("terminator"));
    co_return accepted(202, "accepted", *id,
                       QStringLiteral("the instance is being terminated; GET /instances/%1 shows "
                                      "how far it is")
                           .arg(id->value()));
}

Task<ServerResponse> reinstall(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const InstanceRecord* record = context.plane.find(*id);
    if (!record)
        co_return answer::unknownInstance(id->value());
    const InstanceStatus status = record->instance.status;
    const bool hasMachine = !record->instance.providerInstanceId.isEmpty();
    if (const auto why = whyNot(Action::Reinstall, status, hasMachine))
        co_return notPossible(isOver(status) ? 400 : 409, *why);

    Reinstaller::Request request;
    request.asker = *asker;
    const auto begun = co_await context.jobs.reinstaller().begin(*id, std::move(request));
    if (!begun)
        co_return answer::failed(begun.error());
    co_return accepted(202, "accepted", *id,
                       QStringLiteral("the instance is being reinstalled as incarnation %1; "
                                      "secrets of the one before are refused from now on")
                           .arg(begun->instance.incarnation));
}

Task<ServerResponse> archive(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const InstanceRecord* record = context.plane.find(*id);
    if (!record)
        co_return answer::unknownInstance(id->value());
    const bool hasMachine = !record->instance.providerInstanceId.isEmpty();
    if (const auto why = whyNot(Action::Archive, record->instance.status, hasMachine))
        co_return notPossible(400, *why);

    ControlPlane::Change change;
    change.cause = TransitionCause::ArchiveAsked;
    change.reason = reasonOr(*asker, QStringLiteral("archived by ") + asker->actor);
    change.logStarts.push_back(completedLog(actiontype::archiveInstance, *asker));
    const auto changed = co_await context.plane.apply(*id, std::move(change));
    if (!changed)
        co_return answer::failed(changed.error());
    co_return accepted(200, "archived", *id, QStringLiteral("the instance is archived"));
}

} // namespace vigie::actions
