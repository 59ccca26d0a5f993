#pragma once

#include "core/store/logcheck.h"
#include "core/store/sql/connection.h"

/// The action log's append-only events. Each carries the SHA-256 of the hash before it and of its
/// own words, so that none is changed, removed or slipped in unseen. Each tells its entry in full,
/// so that the newest ones alone make up `action_logs`, also when retention removed those before.
namespace vigie::stores::sql {

enum class LogEventKind {
    Start,  ///< an entry as it was begun
    Finish, ///< as it had ended
    Carry,  ///< as it stands, told again, because older events of it are not kept
    Sealed  ///< up to where retention removed events
};

struct LogEvent {
    QString actionId; ///< empty for Sealed
    qint64 at = 0;    ///< milliseconds since the Unix epoch
    QString words;    ///< canonical JSON
};

/// The columns of `action_logs` that an event tells of, for SELECT and RETURNING.
QString eventColumns(const QString& table = {});

/// An event of a row whose columns from `first` on are eventColumns().
LogEvent logEventOf(LogEventKind kind, const QSqlQuery& row, int first = 0);
/// The part of its words that comes before the state and never changes.
QString fixedWords(LogEventKind kind, const QSqlQuery& row, int first = 0);
LogEvent sealedEvent(const LogMark& upTo, qint64 at);

/// Nothing when the words begin like none of ours.
std::optional<LogEventKind> kindOf(const QString& words);

QString linkHash(const QString& before, qint64 number, qint64 at, const QString& words);

struct LogHead {
    LogMark anchor, head;
};
/// With `lock` the caller alone appends until its transaction ends.
Outcome<LogHead> readLogHead(Connection& connection, bool lock);

/// Inside the transaction that wrote what the events tell of, as its last step: of several
/// orchestrators one at a time gets beyond this point before its commit, so that nothing forks.
Outcome<void> appendLogEvents(Connection& connection, const std::vector<LogEvent>& events);

/// Inside the migration that made the tables: begins the chain and takes the entries of before into
/// it as they stand.
Outcome<void> beginLogChain(Connection& connection);

} // namespace vigie::stores::sql
