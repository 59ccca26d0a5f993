#pragma once

#include "core/base/task.h"
#include "core/store/store.h"
#include "tests/support/await.h"
#include "tests/support/samplerecords.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <cstdio>
#include <unistd.h>

/// Kills a process that writes to the store, again and again, and looks at what is left.
namespace vigie::crashrounds {

inline const auto childFlag = QStringLiteral("--commit-until-killed");
inline const InstanceId counterId(QStringLiteral("counter"));

inline QString named(const char* prefix, int number) {
    return QLatin1String(prefix) + QString::number(number);
}

/// Set number n touches every table; all of it must be there, or nothing.
inline ChangeSet numberedSet(int n, InstanceRecord counter) {
    ChangeSet set;
    InstanceRecord record = fullRecord(n);
    record.instance.id = InstanceId(named("i", n));
    set.inserts = {record};
    counter.version = n; // one update per set
    counter.instance.retryCount = n;
    set.updates = {counter};
    set.history = {fullChange(record.instance.id, named("h", n))};
    set.logStarts = {openLog(record.instance.id, named("l", n))};
    ActionLogFinish finish;
    finish.id = ActionLogId(named("l", n - 1));
    finish.completedAt = *record.instance.createdAt;
    set.logFinishes = {finish};
    set.volumes = {fullVolume(record.instance.id, named("v", n))};
    return set;
}

/// How many sets are in the database; -1 and a sentence when one is there in part.
inline int countSets(Store& store, QString& wrong) {
    const auto loaded = await(store.load());
    const auto open = await(store.openActions());
    if (!loaded || !*loaded || !open || !*open) {
        wrong = QStringLiteral("the database cannot be read: ") +
                (loaded && !*loaded ? loaded->error().message : QString());
        return -1;
    }
    const int sets = static_cast<int>((*loaded)->instances.size()) - 1; // and the counter
    if (sets < 0)
        return 0;
    const InstanceRecord& counter = (*loaded)->instances.front();
    const bool counted = counter.version == sets + 1 && counter.instance.retryCount == sets;
    const bool volumes = static_cast<int>((*loaded)->volumes.size()) == sets;
    const bool logs = static_cast<int>((*open)->size()) == std::min(sets, 1) &&
                      (sets == 0 || (*open)->front().id.value() == named("l", sets));
    bool last = true;
    if (sets > 0) {
        const InstanceId newest(named("i", sets));
        const auto history = await(store.history(newest, 5));
        InstanceRecord expected = fullRecord(sets);
        expected.instance.id = newest;
        last = history && *history && (*history)->size() == 1 &&
               sameRecord((*loaded)->instances.back(), expected);
    }
    if (!counted || !volumes || !logs || !last) {
        wrong = QStringLiteral("set %1 is there in part: counter %2 volumes %3 logs %4 last %5")
                    .arg(sets)
                    .arg(counted)
                    .arg(volumes)
                    .arg(logs)
                    .arg(last);
        return -1;
    }
    return sets;
}

/// The child: commits set after set, two under way at a time, and prints each number once it was
/// acknowledged. Returns only when something failed.
inline int commitUntilKilled(const QString& file) {
    const auto store = openStore(QStringLiteral("sqlite:") + file);
    if (!store) {
        std::fputs(qPrintable(store.error().message), stderr);
        return 2;
    }
    QString wrong;
    int next = countSets(**store, wrong);
    if (next < 0) {
        std::fputs(qPrintable(wrong), stderr);
        return 3;
    }
    InstanceRecord counter = fullRecord(0);
    counter.instance.id = counterId;
    counter.instance.retryCount = 0;
    if (next == 0) {
        const auto there = await((*store)->load());
        ChangeSet first;
        first.inserts = {counter};
        if (there && *there && (*there)->instances.empty() &&
            !await((*store)->commit(first)).value_or(Outcome<void>()))
            return 4;
    }
    for (;;) {
        Task<Outcome<void>> one = (*store)->commit(numberedSet(next + 1, counter));
        Task<Outcome<void>> two = (*store)->commit(numberedSet(next + 2, counter));
        for (Task<Outcome<void>>* task : {&one, &two}) {
            const auto done = await(std::move(*task));
            if (!done || !*done)
                return 5;
            const QByteArray line = QByteArray::number(++next) + '\n';
            if (::write(STDOUT_FILENO, line.constData(), static_cast<std::size_t>(line.size())) < 0)
                return 6;
        }
    }
}

/// The test: `rounds` kills over one database. Empty, or what was found wrong.
inline QString surviveKills(int rounds, quint32 seed) {
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("fleet.db"));
    QRandomGenerator random(seed);
    int acknowledged = 0;
    for (int round = 1; round <= rounds; ++round) {
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        child.start(QCoreApplication::applicationFilePath(), {childFlag, file});
        const int wanted = random.bounded(1, 12);
        int seen = 0;
        while (seen < wanted && child.waitForReadyRead(60'000)) {
            while (child.canReadLine()) {
                acknowledged = child.readLine().trimmed().toInt();
                ++seen;
            }
        }
        if (seen < wanted)
            return QStringLiteral("round %1: the child ended by itself with code %2")
                .arg(round)
                .arg(child.exitCode());
        // A moment of the next commit that no figure of ours chooses.
        for (volatile int spin = random.bounded(0, 3'000'000); spin > 0;)
            spin = spin - 1;
        child.kill();
        child.waitForFinished(60'000);
        while (child.canReadLine())
            acknowledged = child.readLine().trimmed().toInt();

        const auto store = openStore(QStringLiteral("sqlite:") + file);
        if (!store)
            return QStringLiteral("round %1: %2").arg(round).arg(store.error().message);
        QString wrong;
        const int sets = countSets(**store, wrong);
        if (sets < 0)
            return QStringLiteral("round %1: %2").arg(round).arg(wrong);
        if (sets < acknowledged)
            return QStringLiteral("round %1: %2 sets were acknowledged, %3 are there")
                .arg(round)
                .arg(acknowledged)
                .arg(sets);
    }
    return {};
}

/// True when this process was started as the child; then `code` is how it ended.
inline bool ranAsChild(const QCoreApplication&, int& code) {
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3 || arguments.at(1) != childFlag)
        return false;
    code = commitUntilKilled(arguments.at(2));
    return true;
}

} // namespace vigie::crashrounds
