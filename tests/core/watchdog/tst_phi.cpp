#include "core/watchdog/assess.h"
#include "core/watchdog/beatstatistics.h"

#include <QTest>

#include <cmath>

using namespace vigie;
using namespace std::chrono_literals;

class TestPhi : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void notLateIsZero() {
        QCOMPARE(phi(0s, 4s, 1s), 0.0);
        QCOMPARE(phi(4s, 4s, 1s), 0.0);
        QCOMPARE(phi(-5s, 4s, 1s), 0.0);
    }

    // Phi p means: an error with probability 10^-p. One-sided tails of the normal distribution.
    void matchesTheNormalTail_data() {
        QTest::addColumn<double>("sigmas");
        QTest::addColumn<double>("tail");
        QTest::newRow("1") << 1.0 << 0.158655;
        QTest::newRow("2") << 2.0 << 0.0227501;
        QTest::newRow("3") << 3.0 << 0.00134990;
        QTest::newRow("6") << 6.0 << 9.86588e-10;
    }
    void matchesTheNormalTail() {
        QFETCH(double, sigmas);
        QFETCH(double, tail);
        const auto elapsed = 10s + std::chrono::nanoseconds(static_cast<qint64>(sigmas * 4e9));
        QVERIFY(std::abs(phi(elapsed, 10s, 4s) + std::log10(tail)) < 1e-4);
    }

    void growsWithoutJumpAndStaysFinite() {
        double last = 0;
        for (Duration elapsed = 4s; elapsed < 1000s; elapsed += 500ms) {
            const double value = phi(elapsed, 4s, 1s);
            QVERIFY(std::isfinite(value));
            QVERIFY(value >= last);
            // Where erfc underflows the asymptotic form takes over: no step between them.
            QVERIFY(value - last < 0.3 * (elapsed / 1s) + 1);
            last = value;
        }
        QVERIFY(std::isfinite(phi(24h * 365, 1ms, 0s)));
        QVERIFY(std::isfinite(phi(1s, 0s, 0s)));
    }

    void perfectRegularityDoesNotMakeAMillisecondDeadly() {
        QVERIFY(phi(4001ms, 4s, 0s) < 1);
        QVERIFY(phi(5s, 4s, 1ns) < 2);
        QVERIFY(phi(12s, 4s, 0s) >= 8);
    }

    void statisticsOfBeats() {
        const BeatStatistics early = beatStatistics({}, 4s);
        QCOMPARE(early.mean, Duration(4s));
        QCOMPARE(early.deviation, Duration(1s));
        const std::vector<Duration> intervals{2s, 4s, 4s, 4s, 5s, 5s, 7s, 9s};
        const BeatStatistics known = beatStatistics(intervals, 1s);
        QCOMPARE(known.mean, Duration(5s));
        QCOMPARE(known.deviation, Duration(2s));
    }

    void anOutageThatIsOverDoesNotBluntIt() {
        std::vector<Duration> intervals(30, 4s);
        intervals[10] = 600s;
        QCOMPARE(beatStatistics(intervals, 4s).mean, Duration(4s));
    }
};

QTEST_GUILESS_MAIN(TestPhi)
#include "tst_phi.moc"
