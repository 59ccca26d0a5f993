#include "core/resilience/callwindow.h"
#include "core/resilience/timewindow.h"

#include <QTest>

#include <limits>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

constexpr CallOutcome good{}, bad{true, false, 1000}, slow{false, true, 0};
constexpr RateRules half{{0.5, 4, false}, {0, 4, true}};

} // namespace

class TestCallWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void holdsTheLastCalls() {
        CallWindow window(3);
        window.add(bad);
        window.add(good);
        window.add(slow);
        QVERIFY(window.sums() == (WindowSums{3, 1, 1, 1000}));
        window.add(good);
        QVERIFY(window.sums() == (WindowSums{3, 0, 1, 0}));
        window.addSuccesses(2);
        QVERIFY(window.sums() == (WindowSums{3, 0, 0, 0}));
        window.clear();
        QVERIFY(window.sums() == (WindowSums{}));
    }

    void goodCallsCountedElsewherePushTheOldestOut() {
        CallWindow window(4);
        window.add(bad);
        window.add(bad);
        QVERIFY(window.sums(1) == (WindowSums{3, 2, 0, 2000}));
        QVERIFY(window.sums(3) == (WindowSums{4, 1, 0, 1000}));
        QVERIFY(window.sums(4) == (WindowSums{4, 0, 0, 0}));
        QVERIFY(window.sums(std::numeric_limits<std::uint64_t>::max()) == (WindowSums{4, 0, 0, 0}));
        QVERIFY(window.sums() == (WindowSums{2, 2, 0, 2000})); // only looked at
    }

    void takesRoomForNoMoreTroublesThanFit() {
        CallWindow window(100);
        for (int i = 0; i < 1000; ++i)
            window.add(i % 3 ? bad : good);
        const WindowSums sums = window.sums();
        QCOMPARE(sums.calls, 100);
        QCOMPARE(sums.failures, 66);
    }

    /// Positions are 64 bits and pass their end like any other number.
    void positionsMayOverflow() {
        constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
        for (const std::uint64_t first :
             {last - 4, last - 1, last, last - (std::uint64_t{1} << 32)}) {
            CallWindow window(5, first), plain(5);
            for (int i = 0; i < 20; ++i) {
                const CallOutcome outcome = i % 3 == 0 ? bad : i % 4 == 0 ? slow : good;
                window.add(outcome);
                plain.add(outcome);
                QVERIFY(window.sums() == plain.sums());
                QVERIFY(window.sums(3) == plain.sums(3));
                QCOMPARE(*window.distance(bad, half), *plain.distance(bad, half));
            }
        }
    }

    void manyMoreCallsThanThirtyTwoBits() {
        CallWindow window(10);
        window.add(bad);
        for (int i = 0; i < 5; ++i)
            window.addSuccesses(std::uint64_t{1} << 62); // the sum passes 2^64
        QVERIFY(window.sums() == (WindowSums{10, 0, 0, 0}));
        window.add(bad);
        QVERIFY(window.sums() == (WindowSums{10, 1, 0, 1000}));
    }

    void distanceIsHowManyMore() {
        CallWindow window(6);
        QCOMPARE(*window.distance(bad, half), 4); // the minimum
        window.addSuccesses(4);
        QCOMPARE(*window.distance(bad, half), 3); // 3 of 6, the oldest has left
        window.add(bad);
        QCOMPARE(*window.distance(bad, half), 2);
        QVERIFY(!window.distance(slow, half));
        QVERIFY(!window.distance(bad, {}));
    }

    void secondsPass() {
        const TimeWindow::Time start{24h};
        TimeWindow window(3);
        window.moveTo(start);
        window.add(bad);
        window.moveTo(start + 1s);
        window.addSuccesses(2);
        QVERIFY(window.sums(start + 1500ms, 1) == (WindowSums{4, 1, 0, 1000}));
        QVERIFY(window.sums(start + 2999ms) == (WindowSums{3, 1, 0, 1000}));
        QVERIFY(window.sums(start + 3s) == (WindowSums{2, 0, 0, 0}));
        QVERIFY(window.sums(start + 4s) == (WindowSums{}));
        QVERIFY(window.runningSince() == start + 1s);
        window.moveTo(start + 3s);
        QVERIFY(window.sums(start + 3s) == (WindowSums{2, 0, 0, 0}));
        window.moveTo(start + 100h); // everything has passed
        QVERIFY(window.sums(start + 100h) == (WindowSums{}));
        window.moveTo(TimeWindow::Time::min());
        QVERIFY(window.runningSince() == TimeWindow::Time::min());
    }

    void distanceWhenNothingLeaves() {
        const TimeWindow::Time start{24h};
        TimeWindow window(60);
        window.moveTo(start);
        QCOMPARE(*window.distance(bad, half, start), 4);
        window.addSuccesses(7);
        QCOMPARE(*window.distance(bad, half, start), 7); // 7 of 14
        QCOMPARE(*window.distance(bad, half, start, 3), 10);
        QCOMPARE(*window.distance(bad, half, start + 2min), 4);
        const RateRules always{{1, 1, false}, {}};
        QVERIFY(!window.distance(bad, always, start)); // the good ones stay
        const RateRules tenth{{0.1, 1, false}, {}};
        QCOMPARE(*window.distance(bad, tenth, start), 1);
    }
};

QTEST_GUILESS_MAIN(TestCallWindow)
#include "tst_callwindow.moc"
