#pragma once

#include "core/base/outcome.h"
#include "core/tasks/plan/executionplan.h"

#include <QByteArray>

namespace vigie {

/// Reads a plan from TOML (docs/tasks.md describes the format). Invalid with one sentence that
/// names the file and line, the key, its value and what is expected. `folder`: what relative
/// `file`s of tasks start from. Options of engines are checked when the engine is made.
Outcome<ExecutionPlan> readPlan(const QByteArray& toml, const QString& fileName,
                                const QString& folder);

/// The same from a file of at most 4 MiB.
Outcome<ExecutionPlan> readPlanFile(const QString& path);

constexpr int maxTasksOfPlan = 10'000;

} // namespace vigie
