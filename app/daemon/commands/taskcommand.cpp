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
    co_return co_await run(std::move(context), **workspace);
}

} // namespace

Command taskCommand(QStringList words, QString summary, std::vector<OperandSpec> operands,
                    std::function<Task<int>(Context, TaskWorkspace&)> run,
                    std::vector<SwitchSpec> switches) {
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
    command.run = [run = std::move(run)](Context context) {
        return openAndRun(run, std::move(context));
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

Task<int> runToItsEnd(Context context, QueueRunner& runner, Task<Outcome<RunSummary>> running) {
    context.onHangUp([&runner, reread = context.reread] {
        const auto settings = reread();
        const auto preset =
            settings ? presetFrom(*settings) : Outcome<WorkflowPreset>(fail(settings.error()));
        QString problem = preset ? QString() : preset.error().message;
        if (preset)
            problem = QString::fromStdString(runner.configure(*preset));
        warn({problem.isEmpty() ? QStringLiteral("configured anew: preset %1").arg(preset->name)
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
