#include "core/store/sql/finopstables.h"

#include "core/store/sql/values.h"

#include <algorithm>

namespace vigie::stores::sql {

namespace {

const QString finopsColumns =
    QStringLiteral("id, event_type, created_at, instance_id, pool, instance_type, status, "
                   "correlation_id, cost_per_hour, total_cost, requests, input_tokens, "
                   "output_tokens, requests_counter, input_counter, output_counter");

std::optional<TokenCount> readCount(RowReader& row) {
    std::optional<qint64> requests;
    std::optional<qint64> input;
    std::optional<qint64> output;
    row >> requests >> input >> output;
    return requests ? std::optional(TokenCount{*requests, input.value_or(0), output.value_or(0)})
                    : std::nullopt;
}

void add(QVariantList& values, const std::optional<TokenCount>& count) {
    for (const auto member : {&TokenCount::requests, &TokenCount::input, &TokenCount::output})
        values.append(count ? toSql((*count).*member) : QVariant());
}

FinopsEvent readEvent(const QSqlQuery& query) {
    FinopsEvent event;
    RowReader row(query);
    row >> event.number >> event.id;
    event.kind = finopsKindFromString(row.word()).value_or(FinopsKind::CostUpdated);
    row >> event.at >> event.instanceId >> event.pool >> event.instanceType >> event.status >>
        event.correlationId >> event.costPerHour >> event.totalCost;
    event.used = readCount(row);
    event.counter = readCount(row);
    return event;
}

} // namespace

Outcome<void> addFinopsEvent(Connection& connection, const FinopsEvent& event) {
    static const QString sql = QStringLiteral("INSERT INTO finops_events (%1) VALUES (?%2)")
                                   .arg(finopsColumns, QStringLiteral(", ?").repeated(15));
    QVariantList values{event.id,          toString(event.kind),
                        toSql(event.at),   event.instanceId.value(),
                        toSql(event.pool), toSql(event.instanceType),
                        event.status,      toSql(event.correlationId),
                        event.costPerHour, event.totalCost};
    add(values, event.used);
    add(values, event.counter);
    const auto added = connection.change(sql, values);
    if (!added)
        return fail(added.error());
    return {};
}

Outcome<std::vector<FinopsEvent>> finopsEvents(Connection& connection, const FinopsQuery& query) {
    QString sql =
        QStringLiteral("SELECT seq, %1 FROM finops_events WHERE seq > ? ").arg(finopsColumns);
    QVariantList values{query.after};
    if (!query.instanceId.isEmpty()) {
        sql += QStringLiteral("AND instance_id = ? ");
        values.append(query.instanceId.value());
    }
    sql += QStringLiteral("ORDER BY seq %1 LIMIT ?")
               .arg(query.newest ? QLatin1String("DESC") : QLatin1String("ASC"));
    values.append(std::clamp(query.limit, 1, 1000));
    std::vector<FinopsEvent> events;
    const auto read = connection.each(
        sql, values, [&events](const QSqlQuery& row) { events.push_back(readEvent(row)); });
    if (!read)
        return fail(read.error());
    if (query.newest)
        std::ranges::reverse(events);
    return events;
}

Outcome<std::vector<TokenTotals>> tokenTotals(Connection& connection, const InstanceId& id) {
    const QString of = id.isEmpty() ? QString() : QStringLiteral(" AND instance_id = ?");
    const QString sql =
        QStringLiteral("SELECT e.instance_id, s.requests, s.input, s.output, e.requests_counter, "
                       "e.input_counter, e.output_counter, s.begun, s.ended FROM finops_events e "
                       "JOIN (SELECT max(seq) AS newest, CAST(sum(requests) AS BIGINT) AS "
                       "requests, CAST(sum(input_tokens) AS BIGINT) AS input, "
                       "CAST(sum(output_tokens) AS BIGINT) AS output, min(created_at) AS begun, "
                       "max(created_at) AS ended FROM finops_events "
                       "WHERE event_type = ?%1 GROUP BY instance_id) s ON s.newest = e.seq")
            .arg(of);
    QVariantList values{toString(FinopsKind::TokensUsed)};
    if (!id.isEmpty())
        values.append(id.value());
    std::vector<TokenTotals> all;
    const auto read = connection.each(sql, values, [&all](const QSqlQuery& query) {
        TokenTotals totals;
        RowReader row(query);
        row >> totals.instanceId;
        totals.used = readCount(row).value_or(TokenCount{});
        totals.counter = readCount(row).value_or(TokenCount{});
        row >> totals.first >> totals.last;
        all.push_back(std::move(totals));
    });
    if (!read)
        return fail(read.error());
    return all;
}

} // namespace vigie::stores::sql
