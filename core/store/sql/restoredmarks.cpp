#include "core/store/sql/restoredmarks.h"

#include "core/base/ids.h"

namespace vigie::stores::sql {

namespace {

const QString restoredAt = QStringLiteral("restored_at");     // when, in ms
const QString restoredFrom = QStringLiteral("restored_from"); // the newest entry of the backup
const QString restoredHeld = QStringLiteral("restored_held"); // as long as nobody released it

WallTime timeOf(const QString& milliseconds) {
    return WallTime(std::chrono::milliseconds(milliseconds.toLongLong()));
}

} // namespace

QStringList restoringStatements(const Dialect& dialect, int schemaVersion, WallTime now) {
    // Whatever came after the newest of these, the backup knows nothing of.
    QString newest = QStringLiteral("0");
    for (const char* stamp : {"created_at) FROM action_logs", "created_at) FROM instances",
                              "worker_last_heartbeat) FROM instances"})
        newest = QStringLiteral("%1(%2, coalesce((SELECT max(%3), 0))")
                     .arg(dialect.greatest, newest, QLatin1String(stamp));
    const QString put = QStringLiteral("INSERT INTO meta (key, value) VALUES ('%1', %2) "
                                       "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    QStringList statements{
        put.arg(QStringLiteral("store_id"), u'\'' + newUuid() + u'\''),
        put.arg(restoredAt, QStringLiteral("'%1'").arg(now.time_since_epoch().count())),
        put.arg(restoredFrom, QStringLiteral("CAST(%1 AS TEXT)").arg(newest)),
        put.arg(restoredHeld, QStringLiteral("'1'"))};
    // A create or a deletion looks first whether it happened; what else was in hand must not happen
    // a second time.
    statements += QStringLiteral(
        "UPDATE instances SET work_in_hand = NULL, work_log_id = NULL, next_attempt_at = NULL, "
        "version = version + 1 WHERE work_in_hand NOT IN ('', 'provision', 'terminate')");
    if (schemaVersion >= 2)
        statements +=
            {QStringLiteral("DELETE FROM claims"), QStringLiteral("DELETE FROM replicas")};
    if (schemaVersion >= 3)
        statements += QStringLiteral("UPDATE commands SET replica = NULL");
    return statements;
}

void readRestored(const QString& key, const QString& value, std::optional<StoreRestored>& into) {
    if (key != restoredAt && key != restoredFrom && key != restoredHeld)
        return;
    if (!into)
        into.emplace();
    if (key == restoredAt)
        into->at = timeOf(value);
    else if (key == restoredFrom)
        into->from = timeOf(value);
    else
        into->held = true;
}

Outcome<void> releaseRestored(Connection& connection) {
    const auto gone =
        connection.change(QStringLiteral("DELETE FROM meta WHERE key = ?"), {restoredHeld});
    if (!gone)
        return fail(gone.error());
    return {};
}

} // namespace vigie::stores::sql
