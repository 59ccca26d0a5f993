#include "core/base/eventual.h"
#include "core/base/task.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestTask : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstAnswerWins() {
        const Eventual<int> answer;
        int seen = 0;
        TaskScope scope;
        scope.spawn([](Eventual<int> awaited, int& out) -> Task<> {
            out = co_await awaited;
        }(answer, seen));
        QVERIFY(answer.resolve(1));
        QVERIFY(!answer.resolve(2));
        QCOMPARE(seen, 1);
        QVERIFY(scope.idle());
    }

    void sleepEndsWithTimeOrStop() {
        FakeClock clock;
        QList<bool> ended;
        const auto sleeper = [](Clock& c, Duration d, std::stop_token stop,
                                QList<bool>& out) -> Task<> {
            const bool elapsed = co_await sleepFor(c, d, std::move(stop));
            out.append(elapsed);
        };
        TaskScope scope;
        scope.spawn(sleeper(clock, 1s, scope.token(), ended));
        scope.spawn(sleeper(clock, 10s, scope.token(), ended));
        clock.advance(999ms);
        QVERIFY(ended.isEmpty());
        clock.advance(1ms);
        QCOMPARE(ended, QList<bool>{true});
        scope.drain();
        QCOMPARE(ended, (QList<bool>{true, false}));
        QCOMPARE(clock.pending(), 0);
    }

    void aTickerStopsWhenItDies() {
        FakeClock clock;
        int ticks = 0;
        {
            const Ticker ticker(clock, 2s, [&] { ++ticks; });
            clock.advance(7s);
            QCOMPARE(ticks, 3);
        }
        clock.advance(10s);
        QCOMPARE(ticks, 3);
    }
};

QTEST_GUILESS_MAIN(TestTask)
#include "tst_task.moc"
