#include "app/daemon/commands/taskcommand.h"

namespace vigie::commands {

namespace {

Task<int> dropLetters(Context context, TaskWorkspace& workspace) {
    const QStringList ids = context.line.operands(QStringLiteral("ID"));
    for (const QString& id : ids) {
        if (const auto dropped = workspace.letters().drop(id, QStringLiteral("by hand")); !dropped)
            co_return complain(dropped.error());
        if (!wantsJson(context))
            say("dropped " + id.toUtf8() + '\n');
    }
    co_return success;
}

} // namespace

Command dlqDrop() {
    return taskCommand(
        {QStringLiteral("dlq"), QStringLiteral("drop")},
        QStringLiteral("Give dead letters up: they are gone"),
        {{QStringLiteral("ID"), QStringLiteral("Letters, as dlq list shows them"), false, true}},
        dropLetters);
}

} // namespace vigie::commands
