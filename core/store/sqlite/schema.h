#pragma once

#include "core/store/storeupkeep.h"

namespace vigie::stores::sqlite {

class Connection;

/// Of this program.
int newestVersion();
/// 0 for a file without tables.
Outcome<int> storedVersion(Connection& connection);
/// The steps that migrate() takes from that version on.
Migration migrationFrom(int version);

/// Refuses files of a newer version and databases of other programs; only reads.
Outcome<void> checkOwner(Connection& connection, const QString& path);

/// Storage, naming both versions and what to do about it, unless the file has exactly the schema of
/// this program.
enum class SchemaUse { Beside, Reading };
Outcome<void> checkVersion(Connection& connection, const QString& path, SchemaUse use);

/// Brings the file to the newest schema, one transaction a version, and counts the opening.
Outcome<void> migrate(Connection& connection);

} // namespace vigie::stores::sqlite
