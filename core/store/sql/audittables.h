#pragma once

#include "core/store/sql/logchain.h"
#include "core/store/store.h"

/// The calls of AuditStore over a connection, and the writes that belong to a change set.
namespace vigie::stores::sql {

Outcome<void> addHistory(Connection& connection, const StateChange& change);
/// Adds what has to be appended to the log's chain to `events`.
Outcome<void> addLog(Connection& connection, const ActionLog& log, std::vector<LogEvent>& events);
/// Ends an entry once: one that is unknown or finished already stays as it is. `events` as above.
Outcome<void> finishLog(Connection& connection, const ActionLogFinish& finish,
                        std::vector<LogEvent>& events);

Outcome<std::vector<ActionLog>> actionLogs(Connection& connection, const ActionLogQuery& query);
Outcome<std::vector<ActionLog>> openActions(Connection& connection);
/// Of orchestrators whose lease is over, or that had none.
Outcome<std::vector<ActionLog>> forgottenActions(Connection& connection);
Outcome<std::vector<StateChange>> history(Connection& connection, const InstanceId& id, int limit);

} // namespace vigie::stores::sql
