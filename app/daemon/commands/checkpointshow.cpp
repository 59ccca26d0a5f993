#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/runner/reports.h"
#include "core/tasks/runner/runstatecodec.h"
#include "core/tasks/runner/summarycodec.h"

namespace vigie::commands {

namespace {

Task<int> showKept(Context context, TaskWorkspace& workspace) {
    const QString key = context.line.operand(QStringLiteral("KEY"));
    const auto bytes = co_await workspace.checkpoints().get(key, context.stop);
    if (!bytes)
        co_return complain(bytes.error());
    const auto checkpoint = decodeCheckpoint(*bytes);
    if (!checkpoint)
        co_return complain(checkpoint.error());
    const auto state = decodeRunState(checkpoint->state);
    if (!state)
        co_return complain(state.error());
    const CheckpointInfo info{key, bytes->size(), *checkpoint};
    sayLine(context, lineOf(info), encodeCheckpointInfo(info));
    const int total = tasksOf(*state);
    sayLine(context, lineOf(*state, total), encodeRunEntry(*state, total));
    co_return success;
}

} // namespace

Command checkpointShow() {
    return taskCommand(
        {QStringLiteral("checkpoint"), QStringLiteral("show")},
        QStringLiteral("Show what a checkpoint holds"),
        {{QStringLiteral("KEY"), QStringLiteral("The checkpoint, as checkpoint list shows it"),
          false, false}},
        showKept);
}

} // namespace vigie::commands
