#include "app/daemon/commands/taskcommand.h"

#include "core/calls/profiles.h"
#include "core/tasks/plan/taskresultcodec.h"
#include "core/tasks/runner/reports.h"
#include "core/tasks/runner/summarycodec.h"

#include <cstdio>

namespace vigie::commands {

namespace {

const QString taskJsonFlag = QStringLiteral("json");

Task<int> openAndRun(std::function<Task<int>(Context, TaskWorkspace&)> run, Context context) {
    const auto workspace = TaskWorkspace::open(context.clock, context.line.settings());
    if (!workspace)
        co_return complain(workspace.error());
    if ((*workspace)->faultsOn())
        warnOfFaults(context.line.settings().text(QStringLiteral("resilience.faults")));
    co_return co_await run(std::move(context), **workspace);
}

/// A list of what nobody has made yet is empty; a folder that somebody named must be there.
Task<int> lookAndRun(std::function<Task<int>(Context, TaskWorkspace&)> run, bool lists,
                     TaskTraces traces, Context context) {
    const Settings& settings = context.line.settings();
    if (const auto found = lookForTasks(settings, traces); !found) {
        const bool named = !settings.text(QStringLiteral("tasks.directory")).isEmpty() ||
                           !settings.text(QStringLiteral("resilience.checkpoint_dir")).isEmpty();
        if (named || !lists)
            co_return complain(found.error());
        warn({found.error().message});
        co_return success;
    }
    co_return co_await openAndRun(std::move(run), std::move(context));
}

} // namespace

Command taskCommand(QStringList words, QString summary, std::vector<OperandSpec> operands,
                    std::function<Task<int>(Context, TaskWorkspace&)> run,
                    std::vector<SwitchSpec> switches, TaskAccess access) {
    const bool lists = operands.empty() || operands.front().optional;
    const TaskTraces traces = access == TaskAccess::Resumes ? TaskTraces::Any
                              : words.front() == QLatin1String("checkpoint")
                                  ? TaskTraces::Checkpoints
                                  : TaskTraces::Runs;
    Command command;
    command.words = std::move(words);
    command.summary = std::move(summary);
    command.operands = std::move(operands);
    command.switches = std::move(switches);
    command.switches.push_back(
        {taskJsonFlag, {}, QStringLiteral("Print one JSON object a line"), false, {}});
    command.sections = {QStringLiteral("tasks"), QStringLiteral("resilience"),
                        QStringLiteral("log")};
    command.settings = taskSettings(); // with the flags that the daemon has not
    if (access == TaskAccess::Makes)
        command.run = [run = std::move(run)](Context context) {
            return openAndRun(run, std::move(context));
        };
    else
        command.run = [run = std::move(run), lists, traces](Context context) {
            return lookAndRun(run, lists, traces, std::move(context));
        };
    return command;
}

bool wantsJson(const Context& context) {
    return context.line.has(taskJsonFlag);
}

void sayLine(const Context& context, const QString& text, const QByteArray& json) {
    say((wantsJson(context) ? json : text.toUtf8()) + '\n');
}

void warn(const QStringList& notes) {
    for (const QString& note : notes)
        std::fprintf(stderr, "vigied: %s\n", qUtf8Printable(note));
}

QueueRunner::Told tellTasks(const Context& context) {
    return [json = wantsJson(context)](const TaskResult& result) {
        say((json ? encodeTaskResult(result) : lineOf(result).toUtf8()) + '\n');
    };
}

Task<int> runToItsEnd(Context context, TaskWorkspace& workspace, QueueRunner& runner,
                      Task<Outcome<RunSummary>> running) {
    context.onHangUp([&workspace, &runner, reread = context.reread] {
        const auto settings = reread();
        const auto taken =
            settings ? workspace.reload(*settings) : Outcome<void>(fail(settings.error()));
        QString problem = taken ? QString() : taken.error().message;
        if (taken)
            problem = QString::fromStdString(runner.configure(workspace.preset()));
        warn({problem.isEmpty()
                  ? QStringLiteral("configured anew: preset %1").arg(workspace.preset().name)
                  : QStringLiteral("not configured anew: ") + problem});
    });
    const auto summary = co_await running;
    context.onHangUp({});
    if (!summary)
        co_return complain(summary.error());
    warn(summary->notes);
    sayLine(context, lineOf(*summary), encodeRunSummary(*summary));
    co_return summary->succeeded == summary->total ? success : runTimeFailure;
}

} // namespace vigie::commands
