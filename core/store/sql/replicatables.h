#pragma once

#include "core/store/sql/connection.h"
#include "core/store/store.h"

/// The calls of ReplicaStore over a connection, and the fence that guards what is written.
namespace vigie::stores::sql {

Outcome<qint64> join(Connection& connection, const QString& name, std::chrono::milliseconds lease);
Outcome<void> renew(Connection& connection, std::chrono::milliseconds lease);
Outcome<QStringList> claim(Connection& connection, const QStringList& names);
Outcome<void> unclaim(Connection& connection, const QStringList& names);
Outcome<void> leave(Connection& connection);
Outcome<QString> holder(Connection& connection, const QString& name);

/// Inside a transaction: Conflict, code "lease_lost", when this connection's lease has ended;
/// otherwise nobody can take it for ended before the commit.
Outcome<void> checkLease(Connection& connection);

/// Inside a transaction: removes leases that have ended, with what they held. Those in the middle
/// of a write, which hold their row, are left for the next time.
Outcome<void> bury(Connection& connection);

/// What `Dialect::elements` takes.
QString jsonTexts(const QStringList& texts);

} // namespace vigie::stores::sql
