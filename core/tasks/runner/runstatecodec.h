#pragma once

#include "core/base/outcome.h"
#include "core/tasks/runner/runstate.h"

#include <variant>

namespace vigie {

struct RunFinished {
    WallTime at{};
};
/// One record of a run's journal.
using RunRecord = std::variant<RunHeader, TaskResult, RunFinished>;

QByteArray encodeRunRecord(const RunRecord& record);
/// Malformed when it is none of these.
Outcome<RunRecord> decodeRunRecord(const QByteArray& bytes);

/// The whole state, for a checkpoint: {run, results}.
QByteArray encodeRunState(const RunState& state);
Outcome<RunState> decodeRunState(const QByteArray& bytes);

} // namespace vigie
