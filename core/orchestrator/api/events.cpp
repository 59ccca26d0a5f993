#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/eventfeed.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"

namespace vigie::events {

namespace {

Failure wrong(const QString& sentence) {
    return {FailureKind::Invalid, sentence, 0, {}, QStringLiteral("invalid_request"), {}};
}

} // namespace

Task<ServerResponse> stream(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const QString topics = query.text(QStringLiteral("topics"));
    const QString instance = query.uuid(QStringLiteral("instance_id"));
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    EventFeed::Ask ask;
    ask.topics = topics.isEmpty() ? EventFeed::topics() : topics.split(QLatin1Char(','));
    for (const QString& topic : std::as_const(ask.topics)) {
        if (!EventFeed::topics().contains(topic))
            co_return answer::failed(
                wrong(QStringLiteral("query parameter topics names \"%1\"; there are: %2")
                          .arg(topic.left(64), EventFeed::topics().join(QLatin1String(", ")))));
    }
    ask.instance = InstanceId(instance);
    ask.lastEventId = call.request.header("Last-Event-ID");
    co_return context.events->open(ask);
}

} // namespace vigie::events
