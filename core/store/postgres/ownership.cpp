#include "core/store/postgres/ownership.h"

#include "core/store/postgres/connection.h"

namespace vigie::stores::postgres {

namespace {

constexpr int lockClass = 0x56494749; // "VIGI"
constexpr int lockNumber = 1;

QString holder(Connection& connection) {
    QString who;
    // Only for a message: a failure here changes nothing.
    (void)connection.each(
        QStringLiteral("SELECT coalesce(a.application_name, ''), a.pid FROM pg_locks l "
                       "JOIN pg_stat_activity a ON a.pid = l.pid "
                       "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ? AND "
                       "l.objid = ? AND l.database = (SELECT oid FROM pg_database WHERE datname "
                       "= current_database())"),
        {lockClass, lockNumber}, [&who](const QSqlQuery& row) {
            const QString name = row.value(0).toString();
            who = QStringLiteral("%1 (its session has the server's process id %2)")
                      .arg(name.isEmpty() ? QStringLiteral("another orchestrator") : name,
                           row.value(1).toString());
        });
    return who.isEmpty() ? QStringLiteral("another orchestrator") : who;
}

} // namespace

Outcome<void> takeOwnership(Connection& connection) {
    const auto taken = connection.execute(
        QStringLiteral("SELECT pg_advisory_lock(%1, %2)").arg(lockClass).arg(lockNumber));
    if (taken)
        return {};
    if (taken.error().code != u"database_busy")
        return fail(taken.error());
    Failure failure{FailureKind::Storage,
                    QStringLiteral("The database %1 is in use by %2; it serves one orchestrator "
                                   "at a time. Stop that one, or choose another database.")
                        .arg(connection.address().display(), holder(connection)),
                    0,
                    {},
                    {},
                    {}};
    failure.code = QStringLiteral("store_in_use");
    return fail(std::move(failure));
}

} // namespace vigie::stores::postgres
