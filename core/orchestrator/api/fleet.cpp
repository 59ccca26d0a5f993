#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"

namespace vigie::fleet {

namespace {
constexpr Duration longestWait = std::chrono::seconds(60);
}

Task<ServerResponse> snapshot(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    FleetFeed::Ask ask;
    ask.since = query.text(QStringLiteral("since")).toUtf8();
    ask.wait = query.seconds(QStringLiteral("wait"), {}, longestWait);
    ask.ifNoneMatch = call.request.header("If-None-Match");
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    const std::stop_token stop = call.stop;
    ServerResponse response = co_await context.feed.answer(std::move(ask), stop);
    // It may have gone while the call was held.
    if (const auto failure = context.plane.storeFailure())
        co_return answer::failed(*failure);
    co_return response;
}

} // namespace vigie::fleet
