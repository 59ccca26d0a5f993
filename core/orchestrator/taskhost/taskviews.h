#pragma once

#include "core/orchestrator/taskhost/taskbench.h"
#include "core/tasks/checkpoints/checkpointhistory.h"

#include <vector>

namespace vigie {

/// {id, status, total?}: what was begun.
QByteArray encodeBegun(const QString& id, const QString& status, std::optional<int> total = {});
/// GET /tasks: [{id, name, status, started_at, finished_at, total, succeeded, failed}]; a run that
/// can't be read is {id: null, error}.
QByteArray encodeRuns(const std::vector<RunState>& runs, const QHash<QString, HostedRun>& hosted,
                      const QStringList& problems);
/// GET /tasks/{id}: the same with notes, error, and tasks: their results with all attempts. Status
/// is running, finished, or stopped: it can be resumed.
QByteArray encodeRun(const RunState& state, const HostedRun& hosted, const QStringList& notes);
/// GET /dead_letters: letters as `vigied dlq show` has them.
QByteArray encodeLetters(const std::vector<DeadLetter>& letters, const QStringList& replaying);
/// GET /checkpoints: [{workflow_id, taken_at, bytes, step, sequence, key, error}]; `step` counts
/// the tasks that are over in it.
QByteArray encodeCheckpoints(const std::vector<CheckpointInfo>& checkpoints);

} // namespace vigie
