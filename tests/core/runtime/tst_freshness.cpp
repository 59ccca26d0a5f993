#include "core/runtime/freshness.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestFreshness : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void byAge_data() {
        QTest::addColumn<int>("ageMs");
        QTest::addColumn<bool>("failing");
        QTest::addColumn<bool>("answered");
        QTest::addColumn<QString>("expected");
        // interval 2 s, last poll took 100 ms: slack 1.1 s
        QTest::newRow("just now") << 0 << false << true << QStringLiteral("live");
        QTest::newRow("live, failing") << 3100 << true << true << QStringLiteral("live");
        QTest::newRow("edge of live") << 3100 << false << true << QStringLiteral("live");
        QTest::newRow("late") << 3101 << false << true << QStringLiteral("late");
        QTest::newRow("late, failing") << 3101 << true << true << QStringLiteral("late");
        QTest::newRow("edge of late") << 7100 << true << true << QStringLiteral("late");
        QTest::newRow("stale: a poll hangs") << 7101 << false << true << QStringLiteral("stale");
        QTest::newRow("unreachable") << 7101 << true << true << QStringLiteral("unreachable");
        QTest::newRow("never, new") << 0 << false << false << QStringLiteral("waiting");
        QTest::newRow("never, hangs") << 60'000 << false << false << QStringLiteral("waiting");
        QTest::newRow("never, first failure") << 500 << true << false << QStringLiteral("waiting");
        QTest::newRow("never, fails on") << 7101 << true << false << QStringLiteral("unreachable");
    }
    void byAge() {
        QFETCH(int, ageMs);
        QFETCH(bool, failing);
        QFETCH(bool, answered);
        QFETCH(QString, expected);
        const MonotonicTime start{1h};
        FreshnessFacts facts{2s, start, std::nullopt, failing, 100ms};
        if (answered)
            facts.lastSuccess = start;
        QCOMPARE(vigie::toString(freshnessOf(facts, start + std::chrono::milliseconds(ageMs))),
                 expected);
    }

    void slackFollowsSlowPollsUpToAnInterval() {
        const MonotonicTime start{1h};
        QVERIFY(freshnessSlack({2s, start, start, false, 0s}) == 1s);
        QVERIFY(freshnessSlack({2s, start, start, false, 600ms}) == 1600ms);
        QVERIFY(freshnessSlack({2s, start, start, false, 30s}) == 2s);
        QVERIFY(freshnessSlack({50ms, start, start, false, 1ms}) == 250ms);
    }
};

QTEST_GUILESS_MAIN(TestFreshness)
#include "tst_freshness.moc"
