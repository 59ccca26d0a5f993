#include "core/store/sql/logseal.h"

#include "core/store/sql/replicatables.h"
#include "core/store/sql/values.h"

#include <optional>

namespace vigie::stores::sql {

namespace {

/// Of entries `a`; bound to each: the number of the last event that goes.
const QString onlyBefore =
    QStringLiteral("a.id IN (SELECT action_id FROM action_events WHERE number <= ?) AND NOT EXISTS "
                   "(SELECT 1 FROM action_events e WHERE e.action_id = a.id AND e.number > ?)");
/// Those that have not ended, and the journals of such: entries with their correlation id.
const QString isNeeded =
    QStringLiteral("(a.status = 'in_progress' OR EXISTS (SELECT 1 FROM action_logs o WHERE "
                   "o.correlation_id = a.correlation_id AND o.status = 'in_progress'))");

/// The last event that may go. The chain tells the order whatever the clocks said: what comes
/// before an old event is old, too; nothing behind one that is young goes.
Outcome<std::optional<LogMark>> lastOld(Connection& connection, const LogMark& anchor,
                                        const RetentionCut& cut) {
    std::optional<LogMark> old;
    LogMark last;
    bool young = false;
    const auto read = connection.each(
        QStringLiteral("SELECT number, hash, at FROM action_events WHERE number > ? "
                       "ORDER BY number LIMIT ?"),
        {anchor.number, cut.most}, [&](const QSqlQuery& row) {
            qint64 at = 0;
            RowReader(row) >> last.number >> last.hash >> at;
            const bool sane = at >= firstSaneTime && at <= toSql(cut.now).toLongLong();
            young = young || (sane && at >= toSql(cut.before).toLongLong());
            if (sane && !young)
                old = last;
        });
    if (!read)
        return fail(read.error());
    if (old || young || last.number == 0)
        return old;
    // None of them has a time that could be: they are as old as the next one that has.
    const auto next = connection.single(
        QStringLiteral("SELECT at FROM action_events WHERE number > ? AND at BETWEEN ? AND ? "
                       "ORDER BY number LIMIT 1"),
        {last.number, firstSaneTime, toSql(cut.now)});
    if (!next)
        return fail(next.error());
    if (!next->isNull() && next->toLongLong() < toSql(cut.before).toLongLong())
        old = last;
    return old;
}

Outcome<void> cutUpTo(Connection& connection, const LogMark& anchor, const RetentionCut& cut,
                      LogRemoval& removal) {
    const qint64 now = toSql(cut.now).toLongLong();
    std::vector<LogEvent> events;
    const auto told = connection.each(
        QStringLiteral("SELECT %1 FROM action_logs a WHERE %2 AND %3 ORDER BY a.seq")
            .arg(eventColumns(QStringLiteral("a.")), onlyBefore, isNeeded),
        {anchor.number, anchor.number}, [&](const QSqlQuery& row) {
            events.push_back(logEventOf(LogEventKind::Carry, row));
            events.back().at = now;
        });
    if (!told)
        return told;
    const auto entries =
        connection.change(QStringLiteral("DELETE FROM action_logs AS a WHERE %1 AND NOT %2")
                              .arg(onlyBefore, isNeeded),
                          {anchor.number, anchor.number});
    if (!entries)
        return fail(entries.error());
    const auto gone = connection.change(
        QStringLiteral("DELETE FROM action_events WHERE number <= ?"), {anchor.number});
    if (!gone)
        return fail(gone.error());
    const auto moved = connection.change(
        QStringLiteral("UPDATE action_log_head SET anchor_number = ?, anchor_hash = ?"),
        {anchor.number, anchor.hash});
    if (!moved)
        return fail(moved.error());
    removal = {*gone, *entries};
    events.push_back(sealedEvent(anchor, now));
    return appendLogEvents(connection, events);
}

} // namespace

Outcome<void> sealOldLog(Connection& connection, const RetentionCut& cut, LogRemoval& removal) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        removal = {};
        if (const auto ours = checkLease(connection); !ours)
            return ours;
        const auto head = readLogHead(connection, true); // nobody ends an entry meanwhile
        if (!head)
            return fail(head.error());
        const auto upTo = lastOld(connection, head->anchor, cut);
        if (!upTo)
            return fail(upTo.error());
        return *upTo ? cutUpTo(connection, **upTo, cut, removal) : Outcome<void>();
    });
}

} // namespace vigie::stores::sql
