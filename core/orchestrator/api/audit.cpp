#include "core/model/actionlogcodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"

#include <algorithm>

namespace vigie::audit {

namespace {

// The filters that both calls share.
ActionLogQuery filters(QueryReader& query) {
    ActionLogQuery filter;
    filter.instanceId = InstanceId(query.uuid(QStringLiteral("instance_id")));
    filter.component = query.word(
        QStringLiteral("component"), {},
        {QStringLiteral("api"), QStringLiteral("backend"), QStringLiteral("orchestrator")});
    filter.status = query.word(
        QStringLiteral("status"), {},
        {QStringLiteral("success"), QStringLiteral("failed"), QStringLiteral("in_progress")});
    filter.actionType = query.text(QStringLiteral("action_type"));
    filter.correlationId = query.text(QStringLiteral("correlation_id"));
    return filter;
}

std::optional<Failure> mistakeIn(const ActionLogQuery& filter) {
    // An empty list would look like "that never happened".
    if (filter.actionType.isEmpty() || isActionType(filter.actionType))
        return std::nullopt;
    return Failure{FailureKind::Invalid,
                   QStringLiteral("query parameter action_type is \"%1\"; GET /action_types lists "
                                  "what there is")
                       .arg(filter.actionType.left(64)),
                   0,
                   {},
                   QStringLiteral("invalid_request"),
                   {}};
}

// The store tells the newest first; the oldest first is its last page, turned round.
struct Slice {
    ActionLogQuery query;
    bool reversed = false;
};
Slice sliceOf(const ActionLogQuery& asked, qint64 found, bool oldestFirst) {
    Slice slice{asked, oldestFirst};
    if (oldestFirst) {
        const qint64 end = found - asked.offset;
        const qint64 begin = std::max<qint64>(0, end - asked.limit);
        slice.query.offset = static_cast<int>(begin);
        slice.query.limit = static_cast<int>(std::max<qint64>(0, end - begin));
    }
    return slice;
}

} // namespace

Task<ServerResponse> list(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    ActionLogQuery filter = filters(query);
    filter.offset = query.integer(QStringLiteral("offset"), 0, 0, 10'000'000);
    filter.limit = query.integer(QStringLiteral("limit"), 200, 1, 1000);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    if (const auto bad = mistakeIn(filter))
        co_return answer::failed(*bad);
    const auto rows = co_await context.plane.store().actionLogs(std::move(filter));
    if (!rows)
        co_return answer::failed(rows.error());
    co_return answer::json(encodeActionLogs(*rows));
}

Task<ServerResponse> search(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    ActionLogQuery filter = filters(query);
    filter.offset = query.integer(QStringLiteral("offset"), 0, 0, 10'000'000);
    filter.limit = query.integer(QStringLiteral("limit"), 50, 1, 500);
    query.word(QStringLiteral("sort_by"), {}, {QStringLiteral("created_at")});
    const QString direction = query.word(QStringLiteral("sort_dir"), QStringLiteral("desc"),
                                         {QStringLiteral("asc"), QStringLiteral("desc")});
    const bool withStats = query.boolean(QStringLiteral("include_stats")).value_or(false);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    if (const auto bad = mistakeIn(filter))
        co_return answer::failed(*bad);

    Store& store = context.plane.store();
    const auto everything = co_await store.actionLogTotals(ActionLogQuery());
    if (!everything)
        co_return answer::failed(everything.error());
    const auto found = co_await store.actionLogTotals(filter);
    if (!found)
        co_return answer::failed(found.error());
    const Slice slice = sliceOf(filter, found->all(), direction == QLatin1String("asc"));
    std::vector<ActionLog> page;
    if (slice.query.limit > 0) {
        auto rows = co_await store.actionLogs(slice.query);
        if (!rows)
            co_return answer::failed(rows.error());
        page = std::move(*rows);
        if (slice.reversed)
            std::ranges::reverse(page);
    }
    ActionLogCounts counts{filter.offset,
                           filter.limit,
                           static_cast<int>(everything->all()),
                           static_cast<int>(found->all()),
                           {}};
    if (withStats) {
        counts.byStatus = ActionLogCounts::ByStatus{static_cast<int>(found->success),
                                                    static_cast<int>(found->failed),
                                                    static_cast<int>(found->inProgress)};
    }
    co_return answer::json(encodeActionLogPage(counts, page));
}

Task<ServerResponse> types(ApiContext& context, Call call) {
    Q_UNUSED(context);
    Q_UNUSED(call);
    co_return answer::json(encodeActionTypes());
}

} // namespace vigie::audit
