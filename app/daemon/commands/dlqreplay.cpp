#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/runner/deadletterreplay.h"
#include "core/tasks/runner/reports.h"
#include "core/tasks/runner/summarycodec.h"

namespace vigie::commands {

namespace {

Task<int> replayLetters(Context context, TaskWorkspace& workspace) {
    ReplayOptions options;
    options.ids = context.line.operands(QStringLiteral("ID"));
    if (const QString rate = context.line.value(QStringLiteral("rate")); !rate.isEmpty()) {
        bool isNumber = false;
        options.perSecond = rate.toDouble(&isNumber);
        if (!isNumber || !(options.perSecond >= 0.001 && options.perSecond <= 1000)) {
            warn({QStringLiteral("--rate is \"%1\", but must be a number from 0.001 to 1000")
                      .arg(rate.left(40))});
            co_return usageFailure;
        }
    }
    const bool named = !options.ids.isEmpty();
    const QueueRunnerParts parts = workspace.parts();
    Task<Outcome<ReplaySummary>> running = replayDeadLetters(
        parts, workspace.preset(), std::move(options), tellTasks(context), context.stop);
    const auto summary = co_await running;
    if (!summary)
        co_return complain(summary.error());
    warn(summary->notes);
    sayLine(context, lineOf(*summary), encodeReplaySummary(*summary));
    co_return summary->failed > 0 || (named && summary->resting > 0) ? runTimeFailure : success;
}

} // namespace

Command dlqReplay() {
    return taskCommand(
        {QStringLiteral("dlq"), QStringLiteral("replay")},
        QStringLiteral(
            "Try dead letters again; what succeeds leaves the queue and its run has it "
            "done. Ends with 1 when some failed again, or one that was named has no tries left"),
        {{QStringLiteral("ID"),
          QStringLiteral("Letters, as dlq list shows them; none: all that have tries left"), true,
          true}},
        replayLetters,
        {{QStringLiteral("rate"),
          QStringLiteral("N"),
          QStringLiteral("At most so many letters a second begin (default 1)"),
          false,
          {}}});
}

} // namespace vigie::commands
