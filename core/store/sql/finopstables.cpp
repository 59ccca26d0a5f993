#include "core/store/sql/finopstables.h"

#include "core/store/sql/values.h"

#include <algorithm>

namespace vigie::stores::sql {

namespace {

const QString finopsColumns =
    QStringLiteral("id, event_type, created_at, instance_id, pool, instance_type, status, "
                   "correlation_id, cost_per_hour, total_cost");

FinopsEvent readEvent(const QSqlQuery& query) {
    FinopsEvent event;
    RowReader row(query);
    row >> event.number >> event.id;
    event.kind = finopsKindFromString(row.word()).value_or(FinopsKind::CostUpdated);
    row >> event.at >> event.instanceId >> event.pool >> event.instanceType >> event.status >>
        event.correlationId >> event.costPerHour >> event.totalCost;
    return event;
}

} // namespace

Outcome<void> addFinopsEvent(Connection& connection, const FinopsEvent& event) {
    static const QString sql = QStringLiteral("INSERT INTO finops_events (%1) VALUES (?%2)")
                                   .arg(finopsColumns, QStringLiteral(", ?").repeated(9));
    const auto added = connection.change(
        sql, {event.id, toString(event.kind), toSql(event.at), event.instanceId.value(),
              toSql(event.pool), toSql(event.instanceType), event.status,
              toSql(event.correlationId), event.costPerHour, event.totalCost});
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

} // namespace vigie::stores::sql
