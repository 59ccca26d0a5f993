#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"

namespace vigie {

namespace {

ServerResponse answered(const Outcome<QByteArray>& body, int status = 200) {
    return body ? answer::json(*body, status) : answer::failed(body.error());
}

QString idOf(const Call& call) {
    return call.parameters.value(QStringLiteral("id"));
}

using Work = Task<Outcome<QByteArray>>;

/// Answers with what `work` came to, and writes down who asked for it when it was taken.
Task<ServerResponse> recorded(ApiContext& context, const char16_t* actionType, Asker asker,
                              QByteArray subject, Work work, int status = 200) {
    const Outcome<QByteArray> body = co_await work;
    if (body)
        co_await noteAsked(context.plane, actionType, std::move(asker), std::move(subject));
    co_return answered(body, status);
}

Task<ServerResponse> refused(const Failure& failure) {
    co_return answer::failed(failure);
}

} // namespace

namespace tasks {

Task<ServerResponse> begin(ApiContext& context, Call call) {
    auto order = decodeRunOrder(call.request.body);
    if (!order)
        co_return answer::failed(order.error());
    auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const Outcome<QByteArray> body = co_await context.tasks.begin(std::move(*order));
    if (body)
        co_await noteAsked(context.plane, actiontype::tasksStarted, std::move(*asker), {}, *body);
    co_return answered(body, 202);
}

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const Outcome<QByteArray> body = co_await context.tasks.runs();
    co_return answered(body);
}

Task<ServerResponse> one(ApiContext& context, Call call) {
    const Outcome<QByteArray> body = co_await context.tasks.run(idOf(call));
    co_return answered(body);
}

} // namespace tasks

namespace deadletters {

namespace {

/// What is changed, not to what: a prompt may be long, and may be nobody else's business.
QStringList fieldsOf(const LetterChange& change) {
    QStringList fields;
    if (change.prompt)
        fields.append(QStringLiteral("prompt"));
    if (change.model)
        fields.append(QStringLiteral("model"));
    if (change.timeout)
        fields.append(QStringLiteral("timeout_seconds"));
    for (const auto& [name, value] : change.options)
        fields.append(QStringLiteral("options.") + name);
    return fields;
}

} // namespace

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const Outcome<QByteArray> body = co_await context.tasks.letters();
    co_return answered(body);
}

Task<ServerResponse> edit(ApiContext& context, Call call) {
    auto change = decodeLetterChange(call.request.body);
    if (!change)
        return refused(change.error());
    auto asker = askerOf(call);
    if (!asker)
        return refused(asker.error());
    QByteArray subject = encodeSubject("letter", idOf(call), fieldsOf(*change));
    return recorded(context, actiontype::deadLetterChanged, std::move(*asker), std::move(subject),
                    context.tasks.edit(idOf(call), std::move(*change)));
}

Task<ServerResponse> drop(ApiContext& context, Call call) {
    auto asker = askerWithReason(call);
    if (!asker)
        return refused(asker.error());
    QString why = QStringLiteral("dropped by ") + call.caller.name;
    if (!asker->reason.isEmpty())
        why += QStringLiteral(": ") + asker->reason;
    return recorded(context, actiontype::deadLetterDropped, std::move(*asker),
                    encodeSubject("letter", idOf(call)), context.tasks.drop(idOf(call), why));
}

Task<ServerResponse> replay(ApiContext& context, Call call) {
    auto asker = askerWithReason(call);
    if (!asker)
        return refused(asker.error());
    return recorded(context, actiontype::deadLetterReplayed, std::move(*asker),
                    encodeSubject("letter", idOf(call)), context.tasks.replay(idOf(call)), 202);
}

} // namespace deadletters

namespace checkpoints {

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const Outcome<QByteArray> body = co_await context.tasks.checkpoints();
    co_return answered(body);
}

Task<ServerResponse> resume(ApiContext& context, Call call) {
    auto asker = askerWithReason(call);
    if (!asker)
        return refused(asker.error());
    return recorded(context, actiontype::tasksResumed, std::move(*asker),
                    encodeSubject("run", idOf(call)), context.tasks.resume(idOf(call)), 202);
}

} // namespace checkpoints

} // namespace vigie
