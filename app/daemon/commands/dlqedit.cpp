#include "app/daemon/commands/taskcommand.h"
#include "core/tasks/deadletters/deadlettercodec.h"
#include "core/tasks/runner/letterchange.h"
#include "core/tasks/runner/reports.h"

#include <cmath>

namespace vigie::commands {

namespace {

Task<int> editLetter(Context context, TaskWorkspace& workspace) {
    const CommandLine& line = context.line;
    const QString prompt = QStringLiteral("prompt");
    const QString model = QStringLiteral("model");
    const QString timeout = QStringLiteral("timeout");
    const QString option = QStringLiteral("option");
    LetterChange change;
    if (line.has(prompt))
        change.prompt = line.value(prompt);
    if (line.has(model))
        change.model = line.value(model);
    if (line.has(timeout)) {
        const double seconds = line.value(timeout).toDouble();
        if (!(seconds >= 0.001 && seconds <= 86'400)) {
            warn({QStringLiteral("--timeout is \"%1\", but must be seconds from 0.001 to 86400")
                      .arg(line.value(timeout).left(40))});
            co_return usageFailure;
        }
        change.timeout = Duration(std::llround(seconds * 1e9));
    }
    for (const QString& pair : line.values(option)) {
        if (pair.indexOf(u'=') < 1) {
            warn({QStringLiteral("--option is \"%1\", but must be NAME=VALUE").arg(pair.left(80))});
            co_return usageFailure;
        }
        change.options.insert_or_assign(pair.section(u'=', 0, 0), pair.section(u'=', 1));
    }
    const auto letter = changeLetter(workspace.parts(), line.operand(QStringLiteral("ID")), change);
    if (!letter)
        co_return complain(letter.error());
    sayLine(context, linesOf(*letter).join(u'\n'), encodeDeadLetter(*letter));
    co_return success;
}

} // namespace

Command dlqEdit() {
    const auto change = [](const char* name, const char* value, const char* help,
                           bool repeatable = false) {
        return SwitchSpec{QString::fromLatin1(name),
                          QString::fromLatin1(value),
                          QString::fromUtf8(help),
                          repeatable,
                          {}};
    };
    return taskCommand(
        {QStringLiteral("dlq"), QStringLiteral("edit")},
        QStringLiteral("Change a dead letter before it is replayed; it gets new tries"),
        {{QStringLiteral("ID"), QStringLiteral("The letter, as dlq list shows it"), false, false}},
        editLetter,
        {change("prompt", "TEXT", "Another prompt"), change("model", "NAME", "Another model"),
         change("timeout", "SECONDS", "Another time-out of one attempt"),
         change("option", "NAME=VALUE",
                "Another option of its engine, such as url=http://...; NAME= takes one away",
                true)});
}

} // namespace vigie::commands
