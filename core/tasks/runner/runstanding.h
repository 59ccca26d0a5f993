#pragma once

#include "core/tasks/runner/runstate.h"

namespace vigie {

/// How a run stands that nobody works on.
enum class RunStanding {
    Open,              ///< there is something left: resume goes on with it
    EndedWithFailures, ///< nothing is left but what failed for good
    Finished,          ///< every task is done
};
/// "open", "ended_with_failures", "finished"
QString toString(RunStanding standing);

/// `total`: tasks of the plan; 0 when it can't be read, then the journal's word is taken.
RunStanding standingOf(const RunState& state, int total);

} // namespace vigie
