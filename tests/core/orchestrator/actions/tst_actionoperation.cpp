#include "core/orchestrator/actions/actionoperation.h"
#include "core/orchestrator/actions/operationjournal.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

ActionOperation operationOf(int items, int canary = 1, int size = 3) {
    ActionOperation operation;
    operation.id = ActionLogId(QStringLiteral("op"));
    operation.waves = {canary, size, 10s, 0.5};
    for (int i = 0; i < items; ++i) {
        ActionItem item;
        item.id = QString::number(i);
        operation.items.push_back(item);
    }
    return operation;
}

void set(ActionOperation& operation, std::initializer_list<ItemStage> stages) {
    std::size_t place = 0;
    for (const ItemStage stage : stages)
        operation.items[place++].stage = stage;
}

using enum ItemStage;

} // namespace

class TestActionOperation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itemsBelongToWaves() {
        const WaveOptions waves{1, 3, 0s, 0};
        QList<int> places;
        for (std::size_t i = 0; i < 8; ++i)
            places.append(waveOf(i, waves));
        QCOMPARE(places, (QList<int>{0, 1, 1, 1, 2, 2, 2, 3}));
        QCOMPARE(waveOf(0, {0, 2, 0s, 0}), 0);
        QCOMPARE(waveOf(2, {0, 2, 0s, 0}), 1);
        QCOMPARE(waveCount(operationOf(8)), 4);
        QCOMPARE(waveCount(operationOf(0)), 0);
    }

    void theCanaryGoesFirstAndAlone() {
        ActionOperation operation = operationOf(5);
        const MonotonicTime now(1h);
        QCOMPARE(nextStep(operation, now).start, (std::vector<std::size_t>{0}));
        set(operation, {Running});
        QVERIFY(nextStep(operation, now).start.empty());
        set(operation, {Done});
        operation.waveEndedAt = now;
        QVERIFY(nextStep(operation, now + 9s).start.empty());
        QCOMPARE(nextStep(operation, now + 10s).start, (std::vector<std::size_t>{1, 2, 3}));
        set(operation, {Done, Running, Done, Done});
        QVERIFY(nextStep(operation, now + 20s).start.empty());
        set(operation, {Done, Done, Done, Done, Done});
        QVERIFY(nextStep(operation, now + 20s).finished);
    }

    void aWaveThatFailsStopsTheRest() {
        ActionOperation operation = operationOf(7);
        const MonotonicTime now(1h);
        set(operation, {Done, Failed, Done, Done});
        QVERIFY(!nextStep(operation, now).pause); // one of three is within half
        set(operation, {Done, Failed, Failed, Done});
        const NextStep step = nextStep(operation, now);
        QVERIFY(step.pause && step.start.empty());
        QCOMPARE(*step.pause->wave, 1);
        QVERIFY(step.pause->reason.contains(QLatin1String("2 of the 3")));
        operation.acceptedWaves.push_back(1); // a person said: go on
        QCOMPARE(nextStep(operation, now).start.size(), 3U);
    }

    void theCanaryFails() {
        ActionOperation operation = operationOf(3);
        set(operation, {Failed});
        QVERIFY(nextStep(operation, MonotonicTime(1h)).pause);
        set(operation, {Skipped}); // was never begun: no failure
        QVERIFY(!nextStep(operation, MonotonicTime(1h)).pause);
    }

    void pausedAndAborted() {
        ActionOperation operation = operationOf(4);
        set(operation, {Done, Running});
        operation.paused.emplace();
        const NextStep paused = nextStep(operation, MonotonicTime(1h));
        QVERIFY(paused.start.empty() && !paused.abandon && !paused.finished);
        operation.aborted.emplace();
        const NextStep aborted = nextStep(operation, MonotonicTime(1h));
        QVERIFY(aborted.abandon && !aborted.finished);
        QCOMPARE(stateOf(operation), QStringLiteral("aborting"));
    }

    void theJournalTellsAllOfIt() {
        ActionOperation operation = operationOf(5);
        operation.action = Action::Replace;
        operation.override = true;
        operation.asker.reason = QStringLiteral("old disks");
        operation.asker.actor = QStringLiteral("ada");
        operation.asker.correlationId = QStringLiteral("c-1");
        operation.items[0].instance = InstanceId(QStringLiteral("i0"));
        operation.items[0].plannedStatus = InstanceStatus::Ready;
        operation.items[0].plannedIncarnation = 3;
        const ActionLog row = operationRow(operation);
        auto read = readOperation(row);
        QVERIFY(read);
        QVERIFY(read->action == Action::Replace);
        QVERIFY(read->override && read->waves == operation.waves);
        QCOMPARE(read->asker.reason, operation.asker.reason);
        QCOMPARE(read->asker.actor, QStringLiteral("ada"));
        QCOMPARE(read->items.size(), 5U);
        QCOMPARE(read->items[0].instance.value(), QStringLiteral("i0"));
        QCOMPARE(read->items[0].plannedIncarnation, 3);

        std::vector<ActionLog> rows;
        set(operation, {Done, Running, Skipped, Failed});
        operation.items[2].code = QStringLiteral("changed");
        operation.items[2].message = QStringLiteral("It was ready.");
        operation.items[3].code = QStringLiteral("failed");
        for (std::size_t i = 0; i < 4; ++i)
            rows.push_back(itemRow(operation, operation.items[i]));
        ActionOperation::Pause pause{ActionLogId(QStringLiteral("p")), QStringLiteral("lunch"),
                                     QStringLiteral("ada"), WallTime(1h), 1};
        rows.push_back(pauseRow(operation, pause, Asker{}, false));
        rows.push_back(ActionLog{}); // of something else
        readJournal(*read, rows);
        for (std::size_t i = 0; i < 5; ++i)
            QVERIFY(read->items[i].stage == operation.items[i].stage);
        QCOMPARE(read->items[2].code, QStringLiteral("changed"));
        QCOMPARE(read->items[2].message, QStringLiteral("It was ready."));
        QCOMPARE(read->paused->reason, QStringLiteral("lunch"));
        QVERIFY(read->acceptedWaves.empty());
        rows[4].status = ActionLogStatus::Success; // a person went on
        readJournal(*read, rows);
        QVERIFY(!read->paused);
        QCOMPARE(read->acceptedWaves, std::vector<int>{1});

        ActionLog over = row;
        const ActionLogFinish end = operationEnd(operation);
        over.status = end.status;
        over.responsePayload = end.responsePayload;
        over.completedAt = WallTime(2h);
        const auto done = readOperation(over);
        QVERIFY(done && done->finishedAt);
        QVERIFY(done->items[3].stage == Failed);
        QCOMPARE(stateOf(*done), QStringLiteral("finished"));
    }

    void rubbishIsNoOperation_data() {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no json") << QByteArray("{");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("unknown action") << QByteArray("{\"action\":\"explode\",\"items\":[]}");
    }
    void rubbishIsNoOperation() {
        QFETCH(QByteArray, payload);
        ActionLog row;
        row.actionType = QString::fromUtf16(actiontype::operation);
        row.requestPayload = payload;
        QVERIFY(!readOperation(row));
    }
};

QTEST_GUILESS_MAIN(TestActionOperation)
#include "tst_actionoperation.moc"
