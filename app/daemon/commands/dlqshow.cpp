#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/deadletters/deadlettercodec.h"
#include "core/tasks/runner/reports.h"

namespace vigie::commands {

namespace {

Task<int> showLetter(Context context, TaskWorkspace& workspace) {
    const auto letter = workspace.letters().find(context.line.operand(QStringLiteral("ID")));
    if (!letter)
        co_return complain(letter.error());
    sayLine(context, linesOf(*letter).join(u'\n'), encodeDeadLetter(*letter));
    co_return success;
}

} // namespace

Command dlqShow() {
    return taskCommand(
        {QStringLiteral("dlq"), QStringLiteral("show")},
        QStringLiteral("Show all that is known of a dead letter"),
        {{QStringLiteral("ID"), QStringLiteral("The letter, as dlq list shows it"), false, false}},
        showLetter);
}

} // namespace vigie::commands
