#include "core/tasks/runner/reports.h"

#include "core/base/timeformat.h"
#include "core/tasks/runner/runstanding.h"

namespace vigie {

namespace {

QString word(ErrorClass errorClass) {
    return QString::fromLatin1(toString(errorClass));
}

/// One line of at most `width` characters.
QString shortened(const QString& text, qsizetype width) {
    const QString line = text.simplified();
    return line.size() <= width ? line : line.left(width - 1) + u'\u2026';
}

QString attemptsOf(std::size_t count) {
    return count == 1 ? QStringLiteral("1 attempt") : QStringLiteral("%1 attempts").arg(count);
}

} // namespace

QString lineOf(const TaskResult& result) {
    const QString head =
        QStringLiteral("%1 %2 in %3, %4")
            .arg(result.succeeded ? QStringLiteral("ok  ") : QStringLiteral("FAIL"), result.taskId,
                 humanDuration(result.took), attemptsOf(result.attempts.size()));
    return result.succeeded
               ? head
               : QStringLiteral("%1: %2: %3")
                     .arg(head, word(result.errorClass), shortened(result.message, 200));
}

QString lineOf(const DeadLetter& letter) {
    return QStringLiteral("%1  died %2  tries %3  %4: %5")
        .arg(letter.id, toRfc3339(letter.diedAt))
        .arg(letter.tries)
        .arg(word(letter.errorClass), shortened(letter.message, 120));
}

QString lineOf(const CheckpointInfo& info) {
    const QString head = QStringLiteral("%1  %2 bytes").arg(info.key).arg(info.bytes);
    return info.checkpoint
               ? QStringLiteral("%1  saved %2").arg(head, toRfc3339(info.checkpoint->savedAt))
               : QStringLiteral("%1  UNREADABLE: %2").arg(head, info.checkpoint.error().message);
}

QString lineOf(const RunSummary& summary) {
    QString line = QStringLiteral("run %1: %2 of %3 tasks done, %4 failed for good")
                       .arg(summary.runId)
                       .arg(summary.succeeded)
                       .arg(summary.total)
                       .arg(summary.failed);
    const int left = summary.total - summary.succeeded - summary.failed;
    if (left > 0)
        line += QStringLiteral(", %1 left: go on with vigied task resume %2")
                    .arg(left)
                    .arg(summary.runId);
    return line;
}

QString lineOf(const ReplaySummary& summary) {
    return QStringLiteral("replayed %1: %2 done, %3 failed again, %4 left alone after their tries")
        .arg(summary.replayed)
        .arg(summary.succeeded)
        .arg(summary.failed)
        .arg(summary.resting);
}

QString lineOf(const RunState& state, int total) {
    const int failed = static_cast<int>(state.results.size()) - state.succeeded();
    return QStringLiteral("%1  %2  begun %3  %4/%5 done, %6 failed  %7")
        .arg(state.header.id,
             toString(standingOf(state, total)).replace(u'_', u' ').leftJustified(8),
             toRfc3339(state.header.startedAt))
        .arg(state.succeeded())
        .arg(total)
        .arg(failed)
        .arg(shortened(state.header.planName, 60));
}

QStringList linesOf(const DeadLetter& letter) {
    const auto line = [](const char* name, const QString& value) {
        return QStringLiteral("%1 %2").arg(QString::fromLatin1(name).leftJustified(16), value);
    };
    QStringList lines{
        line("id", letter.id),
        line("plan", letter.planName),
        line("engine", letter.engine.name + QStringLiteral(" (") + letter.engine.kind + u')'),
    };
    for (const auto& [name, value] : letter.engine.options)
        lines.append(line("", name + QStringLiteral(" = ") + value));
    lines += {line("model", letter.task.model),
              line("prompt", letter.task.prompt),
              line("file", letter.task.file),
              line("idempotency key", letter.idempotencyKey),
              line("error", word(letter.errorClass) + QStringLiteral(": ") + letter.message),
              line("attempts", QString::number(letter.attempts)),
              line("failed replays", QString::number(letter.tries)),
              line("died", toRfc3339(letter.diedAt)),
              line("last tried", toRfc3339(letter.lastTriedAt)),
              line("expires", toRfc3339(letter.expiresAt))};
    return lines;
}

} // namespace vigie
