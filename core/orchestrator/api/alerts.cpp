#include "core/orchestrator/alerting/alertdesk.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"

#include <algorithm>

namespace vigie::alerts {

namespace {

constexpr qsizetype mostFilters = 32;
constexpr auto goodFor = std::chrono::minutes(5); ///< Alertmanager's resolve_timeout

/// The `filter`s of a query, each a matcher.
Outcome<std::vector<LabelMatcher>> filtersOf(const QUrlQuery& query) {
    const QStringList texts =
        query.allQueryItemValues(QStringLiteral("filter"), QUrl::FullyDecoded);
    if (texts.size() > mostFilters)
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1 filters; at most %2").arg(texts.size()).arg(mostFilters));
    std::vector<LabelMatcher> matchers;
    for (const QString& text : texts) {
        auto matcher = LabelMatcher::parse(text);
        if (!matcher)
            return fail(matcher.error());
        matchers.push_back(std::move(*matcher));
    }
    return matchers;
}

/// Alertmanager's rule: a filter fits a silence that has the same matcher, or one like it.
bool fits(const LabelMatcher& filter, const Silence& silence) {
    return std::ranges::any_of(silence.matchers, [&filter](const LabelMatcher& matcher) {
        return matcher.name() == filter.name() &&
               filter.matches({{matcher.name(), matcher.value()}});
    });
}

} // namespace

Task<ServerResponse> list(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const bool active = query.boolean(QStringLiteral("active")).value_or(true);
    const bool silenced = query.boolean(QStringLiteral("silenced")).value_or(true);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    const auto filters = filtersOf(call.request.query);
    if (!filters)
        co_return answer::failed(filters.error());
    std::vector<ToldAlert> told = context.alerts->alerts();
    std::erase_if(told, [&](const ToldAlert& each) {
        const bool wanted = each.silencedBy.isEmpty() ? active : silenced;
        return !wanted || !std::ranges::all_of(*filters, [&each](const LabelMatcher& filter) {
            return filter.matches(each.alert.labels);
        });
    });
    for (ToldAlert& each : told)
        each.endsAt = context.plane.clock().wallNow() + goodFor;
    co_return answer::json(encodeAlerts(told));
}

Task<ServerResponse> silences(ApiContext& context, Call call) {
    const auto filters = filtersOf(call.request.query);
    if (!filters)
        co_return answer::failed(filters.error());
    auto known = co_await context.alerts->silences();
    if (!known)
        co_return answer::failed(known.error());
    std::erase_if(*known, [&filters](const Silence& silence) {
        return !std::ranges::all_of(
            *filters, [&silence](const LabelMatcher& filter) { return fits(filter, silence); });
    });
    co_return answer::json(encodeSilences(*known, context.plane.clock().wallNow()));
}

Task<ServerResponse> silence(ApiContext& context, Call call) {
    auto wanted = decodeSilence(call.request.body, context.plane.clock().wallNow());
    if (!wanted)
        co_return answer::failed(wanted.error());
    auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const auto id = co_await context.alerts->silence(std::move(*wanted), *asker);
    if (!id)
        co_return answer::failed(id.error());
    co_return answer::json(encodeSilenceId(*id));
}

Task<ServerResponse> endSilence(ApiContext& context, Call call) {
    auto asker = askerWithReason(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const auto done =
        co_await context.alerts->expire(call.parameters.value(QStringLiteral("id")), *asker);
    if (!done)
        co_return answer::failed(done.error());
    co_return answer::json("{}");
}

} // namespace vigie::alerts
