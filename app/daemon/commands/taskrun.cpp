#include "app/daemon/commands/taskcommand.h"
#include "core/base/ids.h"
#include "core/tasks/plan/planreader.h"

namespace vigie::commands {

namespace {

Task<int> runPlan(Context context, TaskWorkspace& workspace) {
    auto plan = readPlanFile(context.line.operand(QStringLiteral("PLAN")));
    if (!plan)
        co_return complain(plan.error());
    QString id = context.line.value(QStringLiteral("id"));
    if (id.isEmpty())
        id = newUuid().remove(u'-').left(12);
    if (!isRunId(id))
        co_return complain({FailureKind::Invalid,
                            QStringLiteral("--id is \"%1\", but must be letters, digits, '-' and "
                                           "'_', at most 64")
                                .arg(id.left(80)),
                            0,
                            {},
                            {},
                            {}});
    const QByteArray heading =
        QStringLiteral("run %1: %2 tasks\n").arg(id).arg(plan->tasks.size()).toUtf8();
    QueueRunner runner(workspace.parts(), workspace.preset());
    Task<Outcome<RunSummary>> running =
        runner.run(std::move(*plan), id, tellTasks(context), context.stop);
    // A run that is refused has ended by now, and has no id to come back to.
    if (!running.isReady() && !wantsJson(context))
        say(heading);
    co_return co_await runToItsEnd(std::move(context), workspace, runner, std::move(running));
}

} // namespace

Command taskRun() {
    return taskCommand(
        {QStringLiteral("task"), QStringLiteral("run")},
        QStringLiteral("Run the tasks of a plan; ends with 0 when all are done, 1 when some failed "
                       "for good or are left. SIGHUP reads the configuration again"),
        {{QStringLiteral("PLAN"), QStringLiteral("TOML file of tasks (docs/tasks.md)"), false,
          false}},
        runPlan,
        {{QStringLiteral("id"),
          QStringLiteral("ID"),
          QStringLiteral("Name of the run; a new one is made up otherwise"),
          false,
          {}}},
        TaskAccess::Makes);
}

} // namespace vigie::commands
