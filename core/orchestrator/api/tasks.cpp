#include "core/orchestrator/api/answer.h"
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

} // namespace

namespace tasks {

Task<ServerResponse> begin(ApiContext& context, Call call) {
    auto order = decodeRunOrder(call.request.body);
    if (!order)
        co_return answer::failed(order.error());
    const Outcome<QByteArray> body = co_await context.tasks.begin(std::move(*order));
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

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const Outcome<QByteArray> body = co_await context.tasks.letters();
    co_return answered(body);
}

Task<ServerResponse> edit(ApiContext& context, Call call) {
    auto change = decodeLetterChange(call.request.body);
    if (!change)
        co_return answer::failed(change.error());
    const Outcome<QByteArray> body = co_await context.tasks.edit(idOf(call), std::move(*change));
    co_return answered(body);
}

Task<ServerResponse> drop(ApiContext& context, Call call) {
    const QString why = QStringLiteral("dropped by ") + call.caller.name;
    const Outcome<QByteArray> body = co_await context.tasks.drop(idOf(call), why);
    co_return answered(body);
}

Task<ServerResponse> replay(ApiContext& context, Call call) {
    const Outcome<QByteArray> body = co_await context.tasks.replay(idOf(call));
    co_return answered(body, 202);
}

} // namespace deadletters

namespace checkpoints {

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const Outcome<QByteArray> body = co_await context.tasks.checkpoints();
    co_return answered(body);
}

Task<ServerResponse> resume(ApiContext& context, Call call) {
    const Outcome<QByteArray> body = co_await context.tasks.resume(idOf(call));
    co_return answered(body, 202);
}

} // namespace checkpoints

} // namespace vigie
