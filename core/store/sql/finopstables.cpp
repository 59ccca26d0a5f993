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

/// So that they are told without the events, which retention removes.
Outcome<void> addToTotals(Connection& connection, const FinopsEvent& event) {
    static const QString sql = QStringLiteral(
        "INSERT INTO token_totals (instance_id, requests, input_tokens, output_tokens, "
        "requests_counter, input_counter, output_counter, begun, ended) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (instance_id) DO UPDATE SET "
        "requests = token_totals.requests + excluded.requests, "
        "input_tokens = token_totals.input_tokens + excluded.input_tokens, "
        "output_tokens = token_totals.output_tokens + excluded.output_tokens, "
        "requests_counter = excluded.requests_counter, input_counter = excluded.input_counter, "
        "output_counter = excluded.output_counter, ended = excluded.ended");
    QVariantList values{event.instanceId.value()};
    add(values, event.used.value_or(TokenCount{}));
    add(values, event.counter);
    values << toSql(event.at) << toSql(event.at);
    const auto summed = connection.change(sql, values);
    if (!summed)
        return fail(summed.error());
    return {};
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
    return event.kind == FinopsKind::TokensUsed ? addToTotals(connection, event) : Outcome<void>();
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
    QString sql = QStringLiteral("SELECT instance_id, requests, input_tokens, output_tokens, "
                                 "requests_counter, input_counter, output_counter, begun, ended "
                                 "FROM token_totals");
    QVariantList values;
    if (!id.isEmpty()) {
        sql += QStringLiteral(" WHERE instance_id = ?");
        values.append(id.value());
    }
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
