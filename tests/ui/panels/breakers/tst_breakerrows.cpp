#include "tests/support/samplesnapshot.h"
#include "ui/panels/breakers/breakerrows.h"

#include <QtTest>

using namespace vigie;
using namespace vigie::panels::breakers;
using namespace std::chrono_literals;

class TestBreakerRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void worstFirstOursBeforeTheirs() {
        const auto all = rows(sampleSnapshot());
        QCOMPARE(all.size(), size_t(7));
        QCOMPARE(all[0].breaker.name, QStringLiteral("source:gra-1"));
        QVERIFY(all[0].own);
        int last = 0;
        for (const BreakerRow& row : all) {
            QVERIFY(urgency(row.breaker) >= last);
            last = urgency(row.breaker);
        }
    }
    void computedAndEffectiveAreBothShown() {
        for (const BreakerRow& row : rows(sampleSnapshot())) {
            if (!row.breaker.override_)
                continue;
            const auto all = columns();
            QCOMPARE(all[0].cell(row).text, QStringLiteral("forced open"));
            QCOMPARE(all[3].cell(row).text, QStringLiteral("closed"));
            QCOMPARE(countdownText(row.breaker, row.now), QStringLiteral("22 min more"));
        }
    }
    void nearnessTakesTheNearestThreshold_data() {
        QTest::addColumn<int>("inARow");
        QTest::addColumn<double>("failing");
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0 << 0.0 << 0.0 << "0 of 5 in a row";
        QTest::newRow("in a row") << 3 << 0.1 << 0.6 << "3 of 5 in a row";
        QTest::newRow("rate") << 1 << 0.41 << 0.82 << "41 % of 50 % failing";
        QTest::newRow("past it") << 9 << 0.0 << 1.0 << "9 of 5 in a row";
    }
    void nearnessTakesTheNearestThreshold() {
        QFETCH(int, inARow);
        QFETCH(double, failing);
        Breaker breaker;
        breaker.failureThreshold = 5;
        breaker.failureRateThreshold = 0.5;
        breaker.consecutiveFailures = inARow;
        breaker.failureRate = failing;
        QTEST(*nearness(breaker), "share");
        QTEST(nearnessText(breaker), "text");
    }
    void withoutThresholdsThereIsNoDistance() {
        QVERIFY(!nearness(Breaker{}));
        QCOMPARE(nearnessText(Breaker{}), QStringLiteral("–"));
    }
    void toldDistanceIsShown() {
        Breaker breaker;
        breaker.failureThreshold = 5;
        breaker.consecutiveFailures = 3;
        breaker.failuresToOpen = 2;
        QCOMPARE(nearnessText(breaker), QStringLiteral("3 of 5 in a row, 2 to go"));
    }
    void windowsAreNamed() {
        Breaker breaker;
        QCOMPARE(windowText(breaker), QStringLiteral("–"));
        breaker.windowSize = 100;
        breaker.timeBasedWindow = false;
        QCOMPARE(windowText(breaker), QStringLiteral("last 100 calls"));
        breaker.windowSize = 60;
        breaker.timeBasedWindow = true;
        QCOMPARE(windowText(breaker), QStringLiteral("last 1 min"));
    }
    void factsAreToldWhereTheyAreKnown() {
        Breaker breaker;
        QCOMPARE(factsText(breaker), QString());
        breaker.opens = 3;
        breaker.resets = 2;
        breaker.windowSize = 100;
        breaker.timeBasedWindow = false;
        breaker.minimumCalls = 10;
        breaker.slowCallDurationThreshold = 60s;
        QCOMPARE(factsText(breaker),
                 QStringLiteral("opened 3 times, closed again 2 times · last 100 calls, rates from "
                                "10 on · slow from 1 min"));
    }
    void countdowns() {
        Breaker breaker;
        QCOMPARE(countdownText(breaker, sampleNow()), QString());
        breaker.effective = BreakerMode::Open;
        breaker.nextAttemptAt = sampleNow() + 26s;
        QCOMPARE(countdownText(breaker, sampleNow()), QStringLiteral("in 26 s"));
        QCOMPARE(countdownText(breaker, sampleNow() + 30s), QStringLiteral("with the next call"));
    }
    void transitionsAreNewestFirst() {
        const auto history = transitionRows(rows(sampleSnapshot())[0]);
        QCOMPARE(history.size(), size_t(3));
        QVERIFY(history[0].transition.at > history[2].transition.at);
    }
    void remoteBreakersOfASilentSourceAreHatched() {
        FleetSnapshot snapshot = sampleSnapshot();
        snapshot.sources[0].freshness = Freshness::Unreachable;
        for (const BreakerRow& row : rows(snapshot)) {
            QCOMPARE(row.stale, !row.own); // ours we know, theirs we knew
            for (const auto& column : columns()) {
                const Cell cell = column.cell(row);
                QCOMPARE(cell.hatched, row.stale);
                QVERIFY(!row.stale || !std::holds_alternative<BreakerMode>(cell.shape));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestBreakerRows)
#include "tst_breakerrows.moc"
