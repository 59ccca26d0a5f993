#pragma once

#include "core/tasks/checkpoints/checkpointhistory.h"
#include "core/tasks/deadletters/deadletter.h"
#include "core/tasks/runner/deadletterreplay.h"
#include "core/tasks/runner/queuerunner.h"

namespace vigie {

/// Lines for people at a shell, each without its line break.
QString lineOf(const TaskResult& result);
QString lineOf(const DeadLetter& letter);
QString lineOf(const CheckpointInfo& info);
QString lineOf(const RunSummary& summary);
QString lineOf(const ReplaySummary& summary);
/// A run as `vigied task list` shows it; its total comes from its plan (0: unreadable).
QString lineOf(const RunState& state, int total);
/// All that there is to know of a letter, a line each.
QStringList linesOf(const DeadLetter& letter);

} // namespace vigie
