#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/plan/taskresultcodec.h"
#include "core/tasks/runner/reports.h"
#include "core/tasks/runner/summarycodec.h"

namespace vigie::commands {

namespace {

Task<int> showRun(Context context, TaskWorkspace& workspace) {
    QStringList notes;
    const auto state = workspace.run(context.line.operand(QStringLiteral("ID")), notes);
    if (!state)
        co_return complain(state.error());
    warn(notes);
    const int total = tasksOf(*state);
    sayLine(context, lineOf(*state, total), encodeRunEntry(*state, total));
    for (const auto& [id, result] : state->results) {
        sayLine(context, lineOf(result), encodeTaskResult(result));
        if (!wantsJson(context) && result.succeeded)
            say("     " + result.text.simplified().left(200).toUtf8() + '\n');
    }
    co_return success;
}

} // namespace

Command taskShow() {
    return taskCommand(
        {QStringLiteral("task"), QStringLiteral("show")},
        QStringLiteral("Show the results of a run, each task with its answer or its failure"),
        {{QStringLiteral("ID"), QStringLiteral("The run, as task list shows it"), false, false}},
        showRun);
}

} // namespace vigie::commands
