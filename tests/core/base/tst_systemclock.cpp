#include "core/base/systemclock.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

/// The machine's clock on a real event loop. What cancelled timers leave behind is LeakSanitizer's
/// to see.
class TestSystemClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void runsOnceAfterItsDelay() {
        SystemClock clock;
        int runs = 0;
        const MonotonicTime begin = clock.now();
        MonotonicTime end{};
        const Timer timer = clock.schedule(20ms, [&] {
            ++runs;
            end = clock.now();
        });
        QCOMPARE(runs, 0);
        QVERIFY(timer.active());
        QTRY_COMPARE(runs, 1);
        QVERIFY(end - begin >= 20ms);
        QVERIFY(!timer.active());
    }

    void aCancelledOneNeverRunsAndFreesItsAction() {
        SystemClock clock;
        const auto captured = std::make_shared<int>(1);
        bool ran = false;
        Timer timer = clock.schedule(0ms, [&ran, captured] { ran = true; });
        Timer late = clock.schedule(1h, [&ran, captured] { ran = true; });
        timer.cancel();
        late = {};
        QCOMPARE(captured.use_count(), 1L);
        bool after = false;
        const Timer next = clock.schedule(1ms, [&after] { after = true; });
        QTRY_VERIFY(after);
        QVERIFY(!ran);
    }

    void anActionMayEndOrReplaceItsOwnTimer() {
        SystemClock clock;
        int runs = 0;
        Timer timer;
        std::function<void()> again = [&] {
            if (++runs < 5)
                timer = clock.schedule(0ms, again); // destroys the one that is running
            else
                timer.cancel();
        };
        timer = clock.schedule(0ms, again);
        QTRY_COMPARE(runs, 5);
        QVERIFY(!timer.active());
        {
            Ticker ticker(clock, 1ms, [&runs] { ++runs; });
            QTRY_VERIFY(runs >= 10);
        }
        QCoreApplication::processEvents();
    }
};

QTEST_GUILESS_MAIN(TestSystemClock)
#include "tst_systemclock.moc"
