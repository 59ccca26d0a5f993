#pragma once

#include "app/dashboard/dashboard.h"
#include "core/base/task.h"

namespace vigie {

/// Why pictures can't be written to `folder`, which is made when missing; empty when they can.
QString tourFolderProblem(const QString& folder);

/// Waits for data of every source (at most a minute), then writes one PNG of each panel, the
/// inspector and both dialogs to `folder`, and sets `exitCode`: 0 when all is there, 1 when a
/// picture could not be written or no data came. Says why on stderr.
Task<> tour(Dashboard& dashboard, Clock& clock, QString folder, bool demo, int& exitCode,
            std::stop_token stop);

} // namespace vigie
