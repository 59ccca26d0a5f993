#include "core/store/sql/retention.h"

#include "core/store/sql/logseal.h"
#include "core/store/sql/replicatables.h"
#include "core/store/sql/values.h"

namespace vigie::stores::sql {

namespace {

constexpr auto answersKept = std::chrono::hours(24); // as rememberAnswer() does

const char* const tables[] = {"instances",    "instance_volumes", "instance_state_history",
                              "action_logs",  "action_events",    "finops_events",
                              "token_totals", "samples",          "commands",
                              "api_tokens",   "idempotency_keys"};

/// One transaction that deletes by `sql` with its `values`.
Outcome<int> removed(Connection& connection, const QString& sql, const QVariantList& values) {
    int rows = 0;
    const auto done = connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        if (const auto ours = checkLease(connection); !ours)
            return ours;
        const auto gone = connection.change(sql, values);
        if (!gone)
            return fail(gone.error());
        rows = *gone;
        return {};
    });
    if (!done)
        return fail(done.error());
    return rows;
}

Outcome<int> removeHistory(Connection& connection, const RetentionCut& cut) {
    return removed(connection,
                   QStringLiteral("DELETE FROM instance_state_history WHERE seq IN (SELECT h.seq "
                                  "FROM instance_state_history h WHERE h.created_at BETWEEN ? "
                                  "AND ? AND EXISTS (SELECT 1 FROM instance_state_history n "
                                  "WHERE n.instance_id = h.instance_id AND n.seq > h.seq) "
                                  "ORDER BY h.created_at LIMIT ?)"),
                   {firstSaneTime, toSql(cut.before), cut.most});
}

Outcome<int> removeFinops(Connection& connection, const RetentionCut& cut) {
    return removed(connection,
                   QStringLiteral("DELETE FROM finops_events WHERE seq IN (SELECT seq FROM "
                                  "finops_events WHERE created_at BETWEEN ? AND ? "
                                  "ORDER BY created_at LIMIT ?)"),
                   {firstSaneTime, toSql(cut.before), cut.most});
}

Outcome<int> removeAnswers(Connection& connection, const RetentionCut& cut) {
    return removed(connection,
                   QStringLiteral("DELETE FROM idempotency_keys WHERE key IN (SELECT key FROM "
                                  "idempotency_keys WHERE created_at < ? LIMIT ?)"),
                   {toSql(cut.now - answersKept), cut.most});
}

} // namespace

Outcome<std::vector<TableRows>> removeOld(Connection& connection, const RetentionCut& cut) {
    std::vector<TableRows> all;
    const auto note = [&all](const char* table, const Outcome<int>& rows) -> Outcome<void> {
        if (!rows)
            return fail(rows.error());
        all.push_back({QString::fromLatin1(table), *rows});
        return {};
    };
    LogRemoval log;
    auto done = sealOldLog(connection, cut, log);
    if (done)
        done = note("action_events", log.events);
    if (done)
        done = note("action_logs", log.entries);
    if (done)
        done = note("instance_state_history", removeHistory(connection, cut));
    if (done)
        done = note("finops_events", removeFinops(connection, cut));
    if (done)
        done = note("idempotency_keys", removeAnswers(connection, cut));
    if (!done)
        return fail(done.error());
    return all;
}

Outcome<StoreSize> size(Connection& connection) {
    StoreSize size;
    for (const char* table : tables) {
        const auto rows =
            connection.single(QStringLiteral("SELECT count(*) FROM %1").arg(QLatin1String(table)));
        if (!rows)
            return fail(rows.error());
        size.tables.push_back({QString::fromLatin1(table), rows->toLongLong()});
    }
    const auto bytes = connection.single(connection.dialect().bytes);
    if (!bytes)
        return fail(bytes.error());
    size.bytes = bytes->toLongLong();
    return size;
}

} // namespace vigie::stores::sql
