#pragma once

#include "core/tasks/checkpoints/checkpointhistory.h"
#include "core/tasks/runner/deadletterreplay.h"
#include "core/tasks/runner/queuerunner.h"

namespace vigie {

// One JSON object each, for scripts.
QByteArray encodeRunSummary(const RunSummary& summary);
QByteArray encodeReplaySummary(const ReplaySummary& summary);
/// {id, name, started_at, finished_at?, total, succeeded, failed}
QByteArray encodeRunEntry(const RunState& state, int total);
/// {key, bytes, saved_at, sequence, run} or {key, bytes, error}
QByteArray encodeCheckpointInfo(const CheckpointInfo& info);

} // namespace vigie
