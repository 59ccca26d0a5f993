#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/apimetrics.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/latencycodec.h"
#include "core/orchestrator/api/query.h"

namespace vigie::latency {

Task<ServerResponse> show(ApiContext& context, Call call) {
    constexpr int shortest = 10;
    constexpr int longest = 15 * 60;
    QueryReader query(call.request.query);
    const QString name = query.text(QStringLiteral("name"));
    const int seconds = query.integer(QStringLiteral("window_s"), 300, shortest, longest);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    const Duration window = std::chrono::seconds(seconds);
    std::map<QString, Histogram> all = context.metrics.latencies(window);
    if (!name.isEmpty()) {
        if (!all.contains(name))
            co_return answer::error(404, QStringLiteral("latency_not_found"),
                                    QStringLiteral("nothing is measured as \"%1\"; GET /latency "
                                                   "without a name shows all")
                                        .arg(name.left(100)));
        std::erase_if(all, [&name](const auto& one) { return one.first != name; });
    }
    co_return answer::json(encodeLatencies(all, window, context.plane.clock().wallNow()));
}

} // namespace vigie::latency
