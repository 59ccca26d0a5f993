#pragma once

#include "core/store/sql/connection.h"
#include "core/store/store.h"

/// The calls of FleetStore over a connection.
namespace vigie::stores::sql {

Outcome<FleetContents> load(Connection& connection);
Outcome<FleetContents> loadSome(Connection& connection, const std::vector<InstanceId>& ids);
Outcome<void> commit(Connection& connection, const ChangeSet& changes);
Outcome<void> saveHeartbeats(Connection& connection, const std::vector<HeartbeatStamp>& beats);
Outcome<void> saveAssessments(Connection& connection, const std::vector<AssessmentStamp>& stamps);

} // namespace vigie::stores::sql
