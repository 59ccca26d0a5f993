#pragma once

#include "core/store/fleetstore.h"
#include "core/store/sql/connection.h"

/// What tells a store that came out of a backup from one that went on all the time.
namespace vigie::stores::sql {

/// Statements that make a backup of this schema version a store of its own: nobody's lease, another
/// id, marked as restored at `now`. Without parameters, for one transaction.
QStringList restoringStatements(const Dialect& dialect, int schemaVersion, WallTime now);

/// From the keys of the table meta; `into` stays as it is for a key of something else.
void readRestored(const QString& key, const QString& value, std::optional<StoreRestored>& into);

/// Inside a transaction: a person has looked, automation may go on.
Outcome<void> releaseRestored(Connection& connection);

} // namespace vigie::stores::sql
