#include "core/model/breakercodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/breakerrequest.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"

#include <algorithm>

namespace vigie::breakers {

namespace {

ServerResponse unknownBreaker(const QString& name) {
    return answer::error(404, QStringLiteral("breaker_not_found"),
                         QStringLiteral("there is no circuit breaker \"%1\"; GET "
                                        "/circuit_breakers names those that there are")
                             .arg(name.left(100)));
}

ServerResponse shown(const ApiContext& context, const QString& name) {
    const std::vector<Breaker> all = context.breakers();
    const auto found = std::ranges::find(all, name, &Breaker::name);
    return found == all.end() ? unknownBreaker(name) : answer::json(encodeBreaker(*found));
}

} // namespace

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const std::vector<Breaker> all = context.breakers();
    co_return answer::json(encodeBreakers(all));
}

Task<ServerResponse> calls(ApiContext& context, Call call) {
    const QString name = call.parameters.value(QStringLiteral("name"));
    const auto window = context.breakerCalls(name);
    if (!window)
        co_return unknownBreaker(name);
    co_return answer::json(encodeBreakerCalls(*window));
}

Task<ServerResponse> impose(ApiContext& context, Call call) {
    const QString name = call.parameters.value(QStringLiteral("name"));
    const std::vector<Breaker> all = context.breakers();
    if (std::ranges::find(all, name, &Breaker::name) == all.end())
        co_return unknownBreaker(name); // said before anything of the body is judged
    const auto request = decodeBreakerRequest(call.request.body);
    if (!request)
        co_return answer::failed(request.error());
    auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    asker->reason = request->reason;
    Outcome<void> done;
    if (request->override_) {
        BreakerOrder order{name, *request->override_, request->reason, {}};
        if (request->expiresIn)
            order.until =
                context.plane.clock().wallNow() +
                std::chrono::duration_cast<std::chrono::milliseconds>(*request->expiresIn);
        done = co_await context.overrides.impose(std::move(order), *asker);
    } else {
        done = co_await context.overrides.lift(name, *asker);
    }
    if (!done)
        co_return answer::failed(done.error());
    co_return shown(context, name);
}

} // namespace vigie::breakers
