#include "core/sources/orchestrator/remoteoperationcodec.h"

#include <QTest>

using namespace vigie;

class TestRemoteOperationCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWish() {
        QCOMPARE(
            encodeRemoteAction(Action::RestartWorker,
                               {InstanceId(QStringLiteral("a")), InstanceId(QStringLiteral("b"))},
                               QStringLiteral("why \"so\"")),
            QByteArray("{\"action\":\"restart_worker\",\"reason\":\"why \\\"so\\\"\","
                       "\"ids\":[\"a\",\"b\"]}"));
    }

    void aPlan() {
        const auto plan = decodeRemotePlan(
            "{\"plan_id\":\"p\",\"items\":[{\"id\":\"a\",\"allowed\":false,\"blocked_by\":\"hold\","
            "\"message\":\"ada holds it\"},{\"id\":\"b\",\"allowed\":true,\"waits_for\":\"pace\"},"
            "{\"id\":\"c\",\"allowed\":true,\"blocked_by\":null,\"waits_for\":null}],"
            "\"capacity_before\":{\"ready\":3,\"cost_per_hour\":6},"
            "\"capacity_after\":{\"ready\":2,\"cost_per_hour\":4.5},\"lowest_ready\":1}");
        QVERIFY(plan);
        QCOMPARE(plan->items.size(), 3U);
        QVERIFY(!plan->items[0].allowed);
        QCOMPARE(plan->items[0].guard, QStringLiteral("hold"));
        QVERIFY(plan->items[1].allowed && plan->items[1].waits);
        QCOMPARE(plan->items[1].guard, QStringLiteral("pace"));
        QVERIFY(plan->items[2].guard.isEmpty() && !plan->items[2].waits);
        QCOMPARE(plan->capacities[0].lowestReady, 1);
        QCOMPARE(plan->capacities[0].costPerHourAfter, 4.5);
    }

    void anOperation() {
        const auto operation = decodeRemoteOperation(
            "{\"operation_id\":\"o\",\"state\":\"paused\",\"paused\":{\"reason\":\"lunch\"},"
            "\"items\":[{\"id\":\"a\",\"state\":\"done\"},{\"id\":\"b\",\"state\":\"running\"},"
            "{\"id\":\"c\",\"state\":\"pending\"},{\"id\":\"d\",\"state\":\"skipped\","
            "\"message\":\"changed\"},{\"id\":\"e\",\"state\":\"failed\"},"
            "{\"id\":\"f\",\"state\":\"unheard of\"}]}");
        QVERIFY(operation);
        QVERIFY(operation->paused && !operation->finished && !operation->aborted);
        QCOMPARE(operation->pausedBecause, QStringLiteral("lunch"));
        using enum ItemState;
        const ItemState expected[] = {Done, Running, Waiting, Skipped, Failed, OutcomeUnknown};
        for (std::size_t i = 0; i < 6; ++i)
            QVERIFY(operation->items[i].state == expected[i]);
        QCOMPARE(operation->items[3].message, QStringLiteral("changed"));
    }

    void rubbish_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("html") << QByteArray("<html></html>");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("other") << QByteArray("{\"a\":1}");
        QTest::newRow("items no list")
            << QByteArray("{\"operation_id\":\"o\",\"items\":{\"id\":\"a\"}}");
    }
    void rubbish() {
        QFETCH(QByteArray, body);
        QVERIFY(!decodeRemotePlan(body));
        QVERIFY(!decodeRemoteOperation(body));
        if (!body.contains("operation_id"))
            QVERIFY(!decodeOperationId(body));
    }
};

QTEST_GUILESS_MAIN(TestRemoteOperationCodec)
#include "tst_remoteoperationcodec.moc"
