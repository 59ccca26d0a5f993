#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/chaosdesk.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"

namespace vigie::chaos_ {

Task<ServerResponse> show(ApiContext& context, Call call) {
    Q_UNUSED(call);
    co_return answer::json(context.chaos->encoded());
}

Task<ServerResponse> change(ApiContext& context, Call call) {
    std::optional<ProviderTrouble> now;
    if (const TroubleDesk* desk = context.provider.troubleDesk())
        now = desk->trouble();
    auto order = decodeChaos(call.request.body, now ? &*now : nullptr, context.chaos->calm());
    if (!order)
        co_return answer::failed(order.error());
    const auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const QByteArray body = call.request.body.trimmed();
    const Outcome<void> done = co_await context.chaos->change(std::move(*order), *asker, body);
    if (!done)
        co_return answer::failed(done.error());
    co_return answer::json(context.chaos->encoded());
}

} // namespace vigie::chaos_
