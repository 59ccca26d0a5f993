#pragma once

#include "tests/core/tasks/runner/taskbench.h"

#include <QRandomGenerator>
#include <QTest>

/// Kills `vigied task run` and `task resume` at random points and looks at what is left.
namespace vigie::killrounds {

struct Seen {
    QHash<QString, int> records; ///< results in the journal, by task
    QHash<QString, QString> texts;
};

/// Reads the journal record by record, so that a task written down twice is seen.
inline Seen lookInto(const QString& folder) {
    Seen seen;
    auto log = RecordLog::open(folder + QStringLiteral("/journal.log"));
    if (!log)
        return seen;
    const RecordLog::Guard guard(*log);
    const auto damage = log->read([&seen](QByteArrayView payload) {
        const auto record = decodeRunRecord(payload.toByteArray());
        if (!record)
            return;
        if (const auto* result = std::get_if<TaskResult>(&*record)) {
            ++seen.records[result->taskId];
            seen.texts[result->taskId] = result->text;
        }
    });
    Q_UNUSED(damage);
    return seen;
}

/// Runs plan after plan until `kills` processes were killed. Empty, or what was found wrong.
inline QString surviveKills(int kills, quint32 seed) {
    constexpr int tasks = 60;
    QRandomGenerator random(seed);
    CountingModel model;
    TaskBench bench;
    const QString plan = bench.writePlan(model.url(), tasks);
    int killed = 0;
    int resumed = 0;
    int askedAgain = 0;
    for (int number = 1; killed < kills; ++number) {
        const QString id = QStringLiteral("run%1").arg(number);
        const int workedBefore = model.worked();
        Seen before;
        for (int round = 0;; ++round) {
            if (round > 200)
                return id + QStringLiteral(" never ends");
            // As if it had never begun: killed before its first record was durable.
            const bool begun = QFile::exists(bench.runFolder(id) + QStringLiteral("/journal.log"));
            const bool resumable =
                begun && RunJournal::look(bench.runFolder(id), id).value().state.header.id == id;
            QStringList words =
                resumable ? QStringList{QStringLiteral("task"), QStringLiteral("resume"), id}
                          : QStringList{QStringLiteral("task"), QStringLiteral("run"), plan,
                                        QStringLiteral("--id=") + id};
            words += {QStringLiteral("--checkpoint-interval=0.01"),
                      QStringLiteral("--checkpoint-keep=2")};
            resumed += resumable ? 1 : 0;
            model.takeNew();
            Program vigied(QStringLiteral("vigied"));
            vigied.start(bench.command(words));
            bool ended = false;
            if (killed < kills) {
                // From its first instruction to its last.
                ended = vigied.waitForEnd(random.bounded(20, 500));
                if (!ended) {
                    vigied.kill9();
                    ++killed;
                }
            } else {
                ended = vigied.waitForEnd(60'000);
                if (!ended)
                    return id + QStringLiteral(" does not end");
            }
            // What was on its way when the process died.
            if (!model.drained())
                return id + QStringLiteral(": a process that ended stays connected");
            for (const QString& key : model.takeNew()) {
                const QString task = key.section(u':', -1);
                if (before.records.contains(task))
                    return QStringLiteral("%1: %2 was done and asked for again").arg(id, task);
            }
            const Seen after = lookInto(bench.runFolder(id));
            for (auto it = before.records.begin(); it != before.records.end(); ++it)
                if (!after.records.contains(it.key()))
                    return QStringLiteral("%1: %2 was done and is lost").arg(id, it.key());
            for (auto it = after.records.begin(); it != after.records.end(); ++it)
                if (it.value() != 1)
                    return QStringLiteral("%1: %2 is written down %3 times")
                        .arg(id, it.key())
                        .arg(it.value());
            before = after;
            if (!ended)
                continue;
            if (vigied.exitCode() != 0)
                return QStringLiteral("%1 ended with %2: %3")
                    .arg(id)
                    .arg(vigied.exitCode())
                    .arg(QString::fromUtf8(vigied.standardError()));
            break;
        }
        if (before.records.size() != tasks)
            return QStringLiteral("%1 has %2 results").arg(id).arg(before.records.size());
        for (const QString& text : std::as_const(before.texts))
            if (text != CountingModel::textFor(QStringLiteral("work")))
                return QStringLiteral("%1: a result is \"%2\"").arg(id, text);
        if (model.worked() - workedBefore != tasks)
            return QStringLiteral("%1: the model worked %2 times")
                .arg(id)
                .arg(model.worked() - workedBefore);
        const TaskBench::Ended shown = bench.run(
            {QStringLiteral("task"), QStringLiteral("show"), id, QStringLiteral("--json")});
        if (shown.json().value(QStringLiteral("succeeded")).toInt() != tasks)
            return id + QStringLiteral(" is shown otherwise: ") +
                   QString::fromUtf8(shown.out.left(200));
    }
    for (const int times : model.asked())
        askedAgain += times - 1;
    qInfo("%d kills, %d resumed processes, %d tasks in flight sent again under their key", killed,
          resumed, askedAgain);
    return {};
}

} // namespace vigie::killrounds
