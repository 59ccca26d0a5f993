#include "core/orchestrator/actionlogs.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestWriteQueue : public QObject {
    Q_OBJECT

    static ActionLog row(const QString& id) {
        ActionLog made = actionLog(actiontype::healthCheck, ActionLogStatus::Success, {});
        made.id = ActionLogId(id);
        return made;
    }
    static Failure away() {
        return {FailureKind::Storage, QStringLiteral("the database is away"), 0, {}, {}, {}};
    }

private Q_SLOTS:
    void whatHappenedIsWrittenOnceTheStoreIsBack() {
        ControlFixture f;
        ActionLog begun = actionLog(actiontype::providerCreate, ActionLogStatus::InProgress, {});
        begun.id = ActionLogId(QStringLiteral("begun"));
        QVERIFY(finishedTask(f.plane.writeLog(begun)));
        f.store.failure = away();
        finishedTask(f.plane.note(finished(begun.id)));
        finishedTask(f.plane.note(row(QStringLiteral("check"))));
        // What is to happen isn't queued: who asks is told.
        QVERIFY(!finishedTask(f.plane.writeLog(row(QStringLiteral("asked")))));
        QCOMPARE(f.plane.laterWrites().waiting, std::size_t(2));
        finishedTask(f.plane.flushBeats());
        QCOMPARE(f.plane.laterWrites().waiting, std::size_t(2));
        f.store.failure.reset();
        finishedTask(f.plane.flushBeats());
        QCOMPARE(f.plane.laterWrites().waiting, std::size_t(0));
        QCOMPARE(f.plane.laterWrites().written, 2U);
        QVERIFY(finishedTask(f.store.openActions())->empty());
        QCOMPARE(f.store.logsOf(actiontype::healthCheck).size(), 1U);
    }

    void overTheBoundTheOldestIsLostAndCounted() {
        ControlFixture f;
        f.store.failure = away();
        for (std::size_t i = 0; i < WriteQueue::most + 3; ++i)
            finishedTask(f.plane.note(row(QString::number(i))));
        QCOMPARE(f.plane.laterWrites().waiting, WriteQueue::most);
        QCOMPARE(f.plane.laterWrites().lost, 3U);
        f.store.failure.reset();
        finishedTask(f.plane.flushBeats());
        const auto rows = f.store.logsOf(actiontype::healthCheck);
        QCOMPARE(rows.size(), WriteQueue::most);
        QCOMPARE(rows.front().id.value(), QStringLiteral("3"));
    }

    void oneThatTheStoreNeverTakesHoldsUpNobody() {
        ControlFixture f;
        WriteQueue queue(f.store);
        for (const char* id : {"first", "second"}) {
            ChangeSet set;
            set.logStarts = {row(QLatin1String(id))};
            queue.add(std::move(set));
        }
        f.store.failure = away();
        for (int i = 0; i < WriteQueue::triesOfOne; ++i)
            finishedTask(queue.flush());
        QCOMPARE(queue.figures().lost, 1U);
        f.store.failure.reset();
        finishedTask(queue.flush());
        QCOMPARE(queue.figures().written, 1U);
        QCOMPARE(f.store.logsOf(actiontype::healthCheck).front().id.value(),
                 QStringLiteral("second"));
    }
};

QTEST_GUILESS_MAIN(TestWriteQueue)
#include "tst_writequeue.moc"
