#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/runner/reports.h"
#include "core/tasks/runner/summarycodec.h"

namespace vigie::commands {

namespace {

Task<int> listRuns(Context context, TaskWorkspace& workspace) {
    QStringList problems;
    for (const RunState& state : workspace.runs(problems)) {
        const int total = tasksOf(state);
        sayLine(context, lineOf(state, total), encodeRunEntry(state, total));
    }
    warn(problems);
    co_return problems.isEmpty() ? success : runTimeFailure;
}

} // namespace

Command taskList() {
    return taskCommand({QStringLiteral("task"), QStringLiteral("list")},
                       QStringLiteral("List the runs, oldest first"), {}, listRuns);
}

} // namespace vigie::commands
