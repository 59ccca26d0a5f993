#include "core/store/sql/audittables.h"

#include "core/store/sql/values.h"

#include <algorithm>

namespace vigie::stores::sql {

namespace {

const QString logColumns = QStringLiteral(
    "id, action_type, component, status, error_code, error_message, instance_id, user_id, "
    "request_payload, response_payload, duration_ms, source_ip, created_at, completed_at, "
    "parent_log_id, metadata, correlation_id, instance_status_before, instance_status_after");

const QString historyColumns =
    QStringLiteral("id, instance_id, from_status, to_status, reason, metadata, created_at");

ActionLog readLog(const QSqlQuery& query) {
    ActionLog log;
    RowReader row(query);
    row >> log.id >> log.actionType >> log.component;
    log.status = actionLogStatusFromString(row.word()).value_or(ActionLogStatus::InProgress);
    row >> log.errorCode >> log.errorMessage >> log.instanceId >> log.userId >>
        log.requestPayload >> log.responsePayload >> log.durationMs >> log.sourceIp >>
        log.createdAt >> log.completedAt >> log.parentLogId >> log.metadata >> log.correlationId >>
        log.instanceStatusBefore >> log.instanceStatusAfter;
    return log;
}

StateChange readChange(const QSqlQuery& query) {
    StateChange change;
    RowReader row(query);
    row >> change.id >> change.instanceId;
    change.from = instanceStatusFromString(row.word());
    change.to = instanceStatusFromString(row.word());
    row >> change.reason >> change.metadata >> change.at;
    return change;
}

Outcome<std::vector<ActionLog>> readLogs(Connection& connection, const QString& rest,
                                         const QVariantList& values) {
    std::vector<ActionLog> logs;
    const auto read =
        connection.each(QStringLiteral("SELECT %1 FROM action_logs %2").arg(logColumns, rest),
                        values, [&](const QSqlQuery& query) { logs.push_back(readLog(query)); });
    if (!read)
        return fail(read.error());
    return logs;
}

Outcome<void> written(const Outcome<int>& rows) {
    if (!rows)
        return fail(rows.error());
    return {};
}

} // namespace

Outcome<void> addHistory(Connection& connection, const StateChange& change) {
    static const QString sql =
        QStringLiteral("INSERT INTO instance_state_history (%1) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .arg(historyColumns);
    return written(connection.change(
        sql, {change.id, change.instanceId.value(), toString(change.from), toString(change.to),
              toSql(change.reason), toSql(change.metadata), toSql(change.at)}));
}

Outcome<void> addLog(Connection& connection, const ActionLog& log, std::vector<LogEvent>& events) {
    // What was stored goes into the chain, not what was meant: a database may keep a text
    // otherwise.
    static const QString sql =
        QStringLiteral("INSERT INTO action_logs (%1, replica) VALUES (?%2) RETURNING %3")
            .arg(logColumns, QStringLiteral(", ?").repeated(19), eventColumns());
    return connection.each(
        sql,
        {log.id.value(),
         log.actionType,
         toSql(log.component),
         toString(log.status),
         toSql(log.errorCode),
         toSql(log.errorMessage),
         toSql(log.instanceId),
         toSql(log.userId),
         toSql(log.requestPayload),
         toSql(log.responsePayload),
         toSql(log.durationMs),
         toSql(log.sourceIp),
         toSql(log.createdAt),
         toSql(log.completedAt),
         toSql(log.parentLogId),
         toSql(log.metadata),
         toSql(log.correlationId),
         toSql(log.instanceStatusBefore),
         toSql(log.instanceStatusAfter),
         connection.lease() == 0 ? QVariant() : QVariant(connection.lease())},
        [&](const QSqlQuery& row) { events.push_back(logEventOf(LogEventKind::Start, row)); });
}

Outcome<void> finishLog(Connection& connection, const ActionLogFinish& finish,
                        std::vector<LogEvent>& events) {
    const QString sql =
        QStringLiteral("UPDATE action_logs SET status = ?, error_code = ?, error_message = ?, "
                       "response_payload = coalesce(?, response_payload), completed_at = ?, "
                       "duration_ms = %1(0, ? - created_at), "
                       "instance_status_after = coalesce(?, instance_status_after) "
                       "WHERE id = ? AND status = 'in_progress' RETURNING %2")
            .arg(connection.dialect().greatest, eventColumns());
    return connection.each(
        sql,
        {toString(finish.status), toSql(finish.errorCode), toSql(finish.errorMessage),
         toSql(finish.responsePayload), toSql(finish.completedAt), toSql(finish.completedAt),
         toSql(finish.instanceStatusAfter), finish.id.value()},
        [&](const QSqlQuery& row) { events.push_back(logEventOf(LogEventKind::Finish, row)); });
}

Outcome<std::vector<ActionLog>> actionLogs(Connection& connection, const ActionLogQuery& query) {
    QStringList conditions;
    QVariantList values;
    // From the most selective on: only the first may be looked up in an index.
    const auto filter = [&](const char* column, const QString& value) {
        if (value.isEmpty())
            return;
        conditions.append(QStringLiteral("%1%2 = ?")
                              .arg(conditions.isEmpty() ? QString() : connection.dialect().noIndex,
                                   QLatin1String(column)));
        values.append(value);
    };
    filter("correlation_id", query.correlationId);
    filter("instance_id", query.instanceId.value());
    filter("action_type", query.actionType);
    filter("status", query.status);
    filter("component", query.component);
    QString rest = QStringLiteral("ORDER BY seq DESC LIMIT ? OFFSET ?");
    if (!conditions.isEmpty())
        rest.prepend(QStringLiteral("WHERE %1 ").arg(conditions.join(QLatin1String(" AND "))));
    values << std::clamp(query.limit, 1, 1000) << std::max(query.offset, 0);
    return readLogs(connection, rest, values);
}

Outcome<std::vector<ActionLog>> openActions(Connection& connection) {
    return readLogs(connection, QStringLiteral("WHERE status = 'in_progress' ORDER BY seq"), {});
}

Outcome<std::vector<ActionLog>> forgottenActions(Connection& connection) {
    return readLogs(connection,
                    QStringLiteral("WHERE status = 'in_progress' AND (replica IS NULL OR NOT "
                                   "EXISTS (SELECT 1 FROM replicas WHERE id = replica)) "
                                   "ORDER BY seq"),
                    {});
}

Outcome<std::vector<StateChange>> history(Connection& connection, const InstanceId& id, int limit) {
    static const QString sql =
        QStringLiteral("SELECT %1 FROM instance_state_history WHERE instance_id = ? "
                       "ORDER BY seq DESC LIMIT ?")
            .arg(historyColumns);
    std::vector<StateChange> changes;
    const auto read =
        connection.each(sql, {id.value(), std::max(limit, 0)},
                        [&](const QSqlQuery& query) { changes.push_back(readChange(query)); });
    if (!read)
        return fail(read.error());
    std::ranges::reverse(changes);
    return changes;
}

} // namespace vigie::stores::sql
