#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"
#include "core/orchestrator/api/requestcodec.h"

namespace vigie::policy_ {

namespace {

ServerResponse shown(const PolicyDesk& desk) {
    ServerResponse response = answer::json(desk.json());
    response.headers.emplaceBack("ETag", desk.version());
    return response;
}

} // namespace

Task<ServerResponse> show(ApiContext& context, Call call) {
    const PolicyDesk& desk = context.jobs.policy();
    if (answer::names(call.request.header("If-None-Match"), desk.version())) {
        ServerResponse unchanged = ServerResponse::text(304, {});
        unchanged.headers.emplaceBack("ETag", desk.version());
        co_return unchanged;
    }
    co_return shown(desk);
}

Task<ServerResponse> change(ApiContext& context, Call call) {
    PolicyDesk& desk = context.jobs.policy();
    QueryReader query(call.request.query);
    const bool dryRun = query.boolean(QStringLiteral("dry_run")).value_or(false);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    if (const auto wrong = whyNoJsonObject(call.request.body))
        co_return answer::failed(*wrong);
    if (dryRun) {
        Task<Outcome<PolicyEffect>> trying = desk.tryOnPast(call.request.body);
        const Outcome<PolicyEffect> effect = co_await trying;
        co_return effect ? answer::json(encodePolicyEffect(*effect))
                         : answer::failed(effect.error());
    }
    Call reasoned = call;
    reasoned.request.body.clear(); // the body is the policy; the reason is in the header
    const auto asker = askerOf(reasoned);
    if (!asker)
        co_return answer::failed(asker.error());
    if (asker->reason.isEmpty())
        co_return answer::error(400, QStringLiteral("invalid_request"),
                                QStringLiteral("a change of the policy needs a reason: send the "
                                               "header X-Vigie-Reason"));
    co_await desk.refresh(); // another orchestrator may have been told meanwhile
    const QByteArray known = call.request.header("If-Match");
    if (known.isEmpty())
        co_return answer::error(428, QStringLiteral("precondition_required"),
                                QStringLiteral("send the ETag of the policy that you have seen in "
                                               "If-Match; GET /policy tells it"));
    // A weak tag is taken too: it names the same policy, sent compressed.
    if (!answer::names(known, desk.version()))
        co_return answer::error(412, QStringLiteral("precondition_failed"),
                                QStringLiteral("the policy was changed meanwhile; GET /policy "
                                               "shows how"));
    Task<Outcome<void>> changing = desk.change(call.request.body, *asker);
    const Outcome<void> changed = co_await changing;
    co_return changed ? shown(desk) : answer::failed(changed.error());
}

} // namespace vigie::policy_
