#include "core/tasks/runner/runstanding.h"

namespace vigie {

QString toString(RunStanding standing) {
    switch (standing) {
    case RunStanding::Open:
        return QStringLiteral("open");
    case RunStanding::EndedWithFailures:
        return QStringLiteral("ended_with_failures");
    case RunStanding::Finished:
        break;
    }
    return QStringLiteral("finished");
}

RunStanding standingOf(const RunState& state, int total) {
    const int over = static_cast<int>(state.results.size());
    const bool failures = state.succeeded() < over;
    if (over < total || (!state.finishedAt && (failures || total == 0)))
        return RunStanding::Open;
    return failures ? RunStanding::EndedWithFailures : RunStanding::Finished;
}

} // namespace vigie
