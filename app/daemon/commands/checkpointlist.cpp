#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/runner/reports.h"
#include "core/tasks/runner/summarycodec.h"

namespace vigie::commands {

namespace {

Task<int> listKept(Context context, TaskWorkspace& workspace) {
    const QString run = context.line.operand(QStringLiteral("RUN"));
    const auto checkpoints =
        co_await listCheckpoints(workspace.checkpoints(), run, false, context.stop);
    if (!checkpoints)
        co_return complain(checkpoints.error());
    bool allGood = true;
    for (const CheckpointInfo& info : *checkpoints) {
        allGood = allGood && info.checkpoint;
        sayLine(context, lineOf(info), encodeCheckpointInfo(info));
    }
    co_return allGood ? success : runTimeFailure;
}

} // namespace

Command checkpointList() {
    return taskCommand(
        {QStringLiteral("checkpoint"), QStringLiteral("list")},
        QStringLiteral("List the checkpoints, each one read and checked; ends with 1 when one is "
                       "damaged"),
        {{QStringLiteral("RUN"), QStringLiteral("Only those of this run"), true, false}}, listKept);
}

} // namespace vigie::commands
