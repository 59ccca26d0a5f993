#include "app/daemon/commands/taskcommand.h"

namespace vigie::commands {

namespace {

Task<int> resumeRun(Context context, TaskWorkspace& workspace) {
    QueueRunner runner(workspace.parts(), workspace.preset());
    Task<Outcome<RunSummary>> running =
        runner.resume(context.line.operand(QStringLiteral("ID")), tellTasks(context), context.stop);
    co_return co_await runToItsEnd(std::move(context), workspace, runner, std::move(running));
}

} // namespace

Command taskResume() {
    return taskCommand(
        {QStringLiteral("task"), QStringLiteral("resume")},
        QStringLiteral("Go on with a run that was stopped or killed: what is done stays done"),
        {{QStringLiteral("ID"), QStringLiteral("The run, as task list shows it"), false, false}},
        resumeRun, {}, TaskAccess::Resumes);
}

} // namespace vigie::commands
