#include "core/model/historycodec.h"
#include "core/model/instancecodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/instancesort.h"
#include "core/orchestrator/api/query.h"
#include "core/orchestrator/lifecycle.h"

#include <algorithm>

namespace vigie::instances {

Task<ServerResponse> list(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const bool archived = query.boolean(QStringLiteral("archived")).value_or(false);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    std::vector<QByteArray> rows;
    for (const InstanceId& id : context.plane.ids()) {
        if (context.plane.find(id)->instance.isArchived == archived)
            rows.push_back(context.teller.encoded(id));
    }
    co_return answer::json(encodeArray(rows));
}

Task<ServerResponse> search(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const bool archived = query.boolean(QStringLiteral("archived")).value_or(false);
    PageInfo page;
    page.offset = query.integer(QStringLiteral("offset"), 0, 0, 10'000'000);
    page.limit = query.integer(QStringLiteral("limit"), 50, 1, 500);
    const QString sortBy =
        query.word(QStringLiteral("sort_by"), QStringLiteral("created_at"), instanceSortKeys());
    const QString direction = query.word(QStringLiteral("sort_dir"), QStringLiteral("desc"),
                                         {QStringLiteral("asc"), QStringLiteral("desc")});
    if (query.mistake())
        co_return answer::failed(*query.mistake());

    std::vector<const Instance*> found;
    for (const InstanceId& id : context.plane.ids()) {
        const Instance& instance = context.plane.find(id)->instance;
        ++page.totalCount;
        if (instance.isArchived == archived)
            found.push_back(&instance);
    }
    page.filteredCount = static_cast<qint64>(found.size());
    // Sorted by what is shown: the cost until now, not until the last change of state.
    std::vector<Instance> priced;
    if (sortBy == QLatin1String("total_cost")) {
        const WallTime now = context.plane.clock().wallNow();
        priced.reserve(found.size());
        for (const Instance*& each : found) {
            priced.push_back(*each);
            priced.back().totalCost = costUntil(*context.plane.find(each->id), now);
            each = &priced.back();
        }
    }
    sortInstances(found, sortBy, direction == QLatin1String("asc"));
    std::vector<QByteArray> rows;
    const size_t first = std::min(static_cast<size_t>(page.offset), found.size());
    const size_t last = std::min(first + static_cast<size_t>(page.limit), found.size());
    for (size_t i = first; i < last; ++i)
        rows.push_back(context.teller.encoded(found[i]->id));
    co_return answer::json(encodePage(page, rows));
}

Task<ServerResponse> one(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    if (!context.plane.find(*id))
        co_return answer::unknownInstance(id->value());
    co_return answer::json(
        encodeInstanceDetail(context.teller.instance(*id), context.plane.volumesOf(*id)));
}

Task<ServerResponse> history(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const int limit = query.integer(QStringLiteral("limit"), 500, 1, 1000);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    if (!context.plane.find(*id))
        co_return answer::unknownInstance(id->value());
    const auto changes = co_await context.plane.store().history(*id, limit);
    if (!changes)
        co_return answer::failed(changes.error());
    co_return answer::json(encodeHistory(*changes));
}

Task<ServerResponse> heartbeats(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const InstanceRecord* record = context.plane.find(*id);
    if (!record)
        co_return answer::unknownInstance(id->value());
    HeartbeatFigures figures;
    figures.instanceId = id->value();
    figures.last = record->instance.workerLastHeartbeat;
    if (const LiveState* live = context.plane.live(*id)) {
        if (live->lastBeat)
            figures.age = context.plane.clock().now() - *live->lastBeat;
        figures.phi = live->phi();
        figures.intervals = live->intervals;
    }
    co_return answer::json(encodeHeartbeatFigures(figures));
}

Task<ServerResponse> tokenFigures(ApiContext& context, Call call) {
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    if (!context.plane.find(*id))
        co_return answer::unknownInstance(id->value());
    const auto totals = co_await context.plane.store().tokenTotals(*id);
    if (!totals)
        co_return answer::failed(totals.error());
    co_return answer::json(
        encodeTokenTotals(totals->empty() ? std::nullopt : std::optional(totals->front())));
}

} // namespace vigie::instances
