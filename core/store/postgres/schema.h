#pragma once

#include "core/store/storeupkeep.h"

namespace vigie::stores::postgres {

class Connection;

/// All tables live in this schema of the database.
inline constexpr const char* schemaName = "vigie";
/// What is announced here names the schema's tables, so both have one name.
inline constexpr const char* channel = "vigie";

/// Of this program.
int newestVersion();
/// 0 when there are no tables of ours.
Outcome<int> storedVersion(Connection& connection);
/// The steps that migrate() takes from that version on.
Migration migrationFrom(int version);
/// The numbers of the advisory lock that migrate() holds, as the server's functions take them.
QByteArray migrationLockKey();

/// Refuses servers that are too old or only copies, schemas of other programs and of newer
/// versions; only reads.
Outcome<void> checkServer(Connection& connection);

/// Storage, code "schema_newer", when the database has a schema that this program does not know.
Outcome<void> checkNotNewer(Connection& connection);
/// Storage, naming both versions, unless the schema is exactly this program's.
Outcome<void> checkVersion(Connection& connection);

/// Brings the database to the newest schema, one transaction a version, and counts the opening.
/// With each version every lease ends: who was made for an older one can't write any more.
/// Under an advisory lock, so that of several that start at once one does it and the others wait.
Outcome<void> migrate(Connection& connection);

} // namespace vigie::stores::postgres
