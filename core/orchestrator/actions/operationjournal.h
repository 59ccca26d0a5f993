#pragma once

#include "core/orchestrator/actions/actionoperation.h"

namespace vigie {

/// Operations as rows of the action log: one row (type OPERATION) in progress for the operation,
/// one (OPERATION_ITEM) for each item, begun and ended with it, one (OPERATION_PAUSED) for each
/// pause, in progress as long as it lasts. All carry the operation's correlation id and have it as
/// parent. Pure.

/// The row of a new operation; what it says is never changed.
ActionLog operationRow(const ActionOperation& operation);
/// The end of that row, with what became of each item.
ActionLogFinish operationEnd(const ActionOperation& operation);

/// The row of an item that begins now, or that ends without having begun (`item.stage`).
ActionLog itemRow(const ActionOperation& operation, const ActionItem& item,
                  const QStringList& passedGuards = {});
ActionLogFinish itemEnd(const ActionOperation& operation, const ActionItem& item);

/// The row of a pause, or with `aborted` of an abort.
ActionLog pauseRow(const ActionOperation& operation, const ActionOperation::Pause& pause,
                   const Asker& asker, bool aborted);

/// Whether a row in progress belongs to an operation, so that a start of the daemon leaves it.
bool isJournalRow(const ActionLog& row);

/// The operation of its own row as it began, or as it ended; nothing for another row or one that
/// can't be read.
std::optional<ActionOperation> readOperation(const ActionLog& row);
/// Brings it up to date by the other rows of its correlation id, in whatever order.
void readJournal(ActionOperation& operation, const std::vector<ActionLog>& rows);

} // namespace vigie
