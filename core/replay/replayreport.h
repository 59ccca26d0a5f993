#pragma once

#include "core/resilience/replay.h"

#include <QString>

namespace vigie {

/// What a replay showed, for people: one line for each transition, and one that sums up.
QString replayReport(const ReplayResult& result);

} // namespace vigie
