#pragma once

#include "core/store/retentionstore.h"
#include "core/store/sql/connection.h"

/// The calls of RetentionStore over a connection; see there.
namespace vigie::stores::sql {

Outcome<std::vector<TableRows>> removeOld(Connection& connection, const RetentionCut& cut);
Outcome<StoreSize> size(Connection& connection);

} // namespace vigie::stores::sql
