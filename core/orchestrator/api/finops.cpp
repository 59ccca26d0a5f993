#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"

namespace vigie::finops {

Task<ServerResponse> list(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    FinopsQuery wanted;
    const QString instance = query.uuid(QStringLiteral("instance_id"));
    const QString afterText = query.text(QStringLiteral("after"));
    wanted.limit = query.integer(QStringLiteral("limit"), 200, 1, 1000);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    qint64 after = -1;
    if (call.request.query.hasQueryItem(QStringLiteral("after"))) {
        bool whole = false;
        after = afterText.toLongLong(&whole);
        if (!whole || after < -1)
            co_return answer::error(400, QStringLiteral("invalid_request"),
                                    QStringLiteral("query parameter after is \"%1\"; it must be a "
                                                   "whole number from 0 to 9223372036854775807")
                                        .arg(afterText.left(64)));
    }
    wanted.instanceId = InstanceId(instance);
    wanted.newest = after < 0;
    wanted.after = std::max<qint64>(after, 0);
    const auto events = co_await context.plane.store().finopsEvents(wanted);
    if (!events)
        co_return answer::failed(events.error());
    co_return answer::json(encodeFinopsEvents(*events));
}

} // namespace vigie::finops
