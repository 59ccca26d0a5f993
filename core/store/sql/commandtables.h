#pragma once

#include "core/store/sql/connection.h"
#include "core/store/store.h"

/// The calls of CommandStore over a connection.
namespace vigie::stores::sql {

/// Inside a transaction: puts a command into the queue.
Outcome<void> addCommand(Connection& connection, const QueuedCommand& command);

Outcome<std::vector<QueuedCommand>> commands(Connection& connection);
Outcome<std::vector<QueuedCommand>> takeCommands(Connection& connection,
                                                 const std::vector<CommandKind>& kinds, int most);
Outcome<void> settleCommand(Connection& connection, const QueuedCommand& command,
                            std::optional<std::chrono::milliseconds> again);

} // namespace vigie::stores::sql
