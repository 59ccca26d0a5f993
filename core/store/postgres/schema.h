#pragma once

#include "core/base/outcome.h"

namespace vigie::stores::postgres {

class Connection;

/// All tables live in this schema of the database.
inline constexpr const char* schemaName = "vigie";

/// Refuses servers that are too old or only copies, schemas of other programs and of newer
/// versions; only reads.
Outcome<void> checkServer(Connection& connection);

/// Brings the database to the newest schema, one transaction a version, and counts the opening. To
/// be called under the lock of the database.
Outcome<void> migrate(Connection& connection);

} // namespace vigie::stores::postgres
