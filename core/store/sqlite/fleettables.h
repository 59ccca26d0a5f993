#pragma once

#include "core/store/sqlite/connection.h"
#include "core/store/store.h"

/// The calls of FleetStore over a connection.
namespace vigie::stores::sqlite {

Outcome<FleetContents> load(Connection& connection);
Outcome<void> commit(Connection& connection, const ChangeSet& changes);
Outcome<void> saveHeartbeats(Connection& connection, const std::vector<HeartbeatStamp>& beats);

} // namespace vigie::stores::sqlite
