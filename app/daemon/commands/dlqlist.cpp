#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/deadletters/deadlettercodec.h"
#include "core/tasks/runner/reports.h"

namespace vigie::commands {

namespace {

Task<int> listLetters(Context context, TaskWorkspace& workspace) {
    const auto letters = workspace.letters().letters();
    if (!letters)
        co_return complain(letters.error());
    for (const DeadLetter& letter : *letters)
        sayLine(context, lineOf(letter), encodeDeadLetter(letter));
    co_return success;
}

} // namespace

Command dlqList() {
    return taskCommand({QStringLiteral("dlq"), QStringLiteral("list")},
                       QStringLiteral("List the tasks that failed for good, oldest first"), {},
                       listLetters);
}

} // namespace vigie::commands
