// A breaker among clocks that jump, and waits that grow.

#include "tests/core/resilience/circuithelpers.h"

#include <QTest>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

class TestCircuitClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Flapping: each relapse doubles the wait up to the cap; healthy spells take it back.
    void theWaitGrowsOnRelapseAndShrinksBack() {
        auto options = threeInARow();
        options.waitDurationInOpenState = 10s;
        options.waitDurationFactor = 2;
        options.maxWaitDurationInOpenState = 60s;
        options.healthySpell = 100s;
        CircuitBreaker breaker(options);
        Time now = start;
        fail(breaker, 3, now);
        for (const auto expected : {10s, 20s, 40s, 60s, 60s}) { // failed trials
            QVERIFY(breaker.snapshot(now).waitInOpenState == expected);
            QVERIFY(breaker.snapshot(now).nextAttemptAt == now + expected);
            QVERIFY(!breaker.acquire(now + expected - 1ns));
            now += expected;
            fail(breaker, 1, now);
        }
        QCOMPARE(breaker.snapshot(now).relapses, 3);
        now += 60s;
        succeed(breaker, 1, now); // closes
        QVERIFY(breaker.snapshot(now).waitInOpenState == 60s);
        now += 99s; // not a healthy spell: opening again is a relapse
        fail(breaker, 3, now);
        QVERIFY(breaker.snapshot(now).waitInOpenState == 60s);
        now += 60s;
        succeed(breaker, 1, now);
        now += 100s; // one spell takes one relapse back, two take two
        fail(breaker, 3, now);
        QVERIFY(breaker.snapshot(now).waitInOpenState == 40s);
        now += 40s;
        succeed(breaker, 1, now);
        now += 250s;
        fail(breaker, 3, now);
        QVERIFY(breaker.snapshot(now).waitInOpenState == 10s);
        QCOMPARE(breaker.snapshot(now).relapses, 0);
    }

    /// A breaker that has been well for long shows it, before it has to open again.
    void healthySpellsShowWhileItIsClosed() {
        auto options = threeInARow();
        options.waitDurationInOpenState = 10s;
        options.waitDurationFactor = 2;
        options.maxWaitDurationInOpenState = 60s;
        options.healthySpell = 100s;
        CircuitBreaker breaker(options);
        fail(breaker, 3, start);
        fail(breaker, 1, start + 10s);
        fail(breaker, 1, start + 30s);
        const Time closed = start + 70s;
        succeed(breaker, 1, closed);
        const auto shows = [&breaker, closed](std::chrono::seconds later, int relapses,
                                              std::chrono::seconds wait) {
            const CircuitSnapshot seen = breaker.snapshot(closed + later);
            return seen.relapses == relapses && seen.waitInOpenState == wait;
        };
        QVERIFY(shows(0s, 2, 40s));
        QVERIFY(shows(99s, 2, 40s));
        QVERIFY(shows(100s, 1, 20s));
        QVERIFY(shows(1h, 0, 10s));
        QVERIFY(shows(0s, 2, 40s)); // reading changes nothing
        fail(breaker, 3, closed + 150s);
        QCOMPARE(breaker.snapshot(closed + 150s).relapses, 1);
    }

    void whoClosesItByHandForgives() {
        auto options = threeInARow();
        options.waitDurationFactor = 3;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        fail(breaker, 1, start + 30s);
        QVERIFY(breaker.snapshot(start + 30s).waitInOpenState == 90s);
        breaker.force(CircuitMode::Closed, start + 31s, "repaired", "ada");
        fail(breaker, 3, start + 32s);
        QVERIFY(breaker.snapshot(start + 32s).waitInOpenState == 30s);
        breaker.force(CircuitMode::Open, start + 33s, "by hand", "ada"); // is no relapse
        QVERIFY(breaker.snapshot(start + 33s).waitInOpenState == 30s);
    }

    void withoutAFactorTheWaitStays() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        for (int i = 1; i <= 5; ++i)
            fail(breaker, 1, start + i * 30s);
        QVERIFY(breaker.snapshot(start).waitInOpenState == 30s);
        QCOMPARE(breaker.snapshot(start).relapses, 0);
    }

    /// A thread that was held up for a moment comes with an earlier time than others.
    void aLittleEarlierIsNothing() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        const auto refused = breaker.acquire(start - 1s);
        QVERIFY(refused.retryAfter() == 31s);
        QVERIFY(breaker.snapshot(start).nextAttemptAt == start + 30s);
        auto call = breaker.acquire(start + 30s);
        call.succeed(start + 29s); // ended before it began
        QVERIFY(mode(breaker, start + 30s) == CircuitMode::Closed);
        breaker.acquire(start + 30s).succeed(start); // no duration, so not slow either
        const auto seen = breaker.snapshot(start + 30s);
        QCOMPARE(seen.calls, 1);
        QCOMPARE(seen.slow, 0);
    }

    void aClockSetBackDoesNotKeepItOpen() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        const Time back = start - 20h;
        // What is shown is what will be done.
        QVERIFY(breaker.snapshot(back).nextAttemptAt == back + 30s);
        QVERIFY(breaker.acquire(back).retryAfter() == 30s);
        QVERIFY(breaker.acquire(back + 29s).retryAfter() == 1s);
        QVERIFY(mode(breaker, back + 30s) == CircuitMode::HalfOpen);
        auto lost = breaker.acquire(back + 30s);
        QVERIFY(lost);
        const Time farBack = back - 1h; // and again, with a trial under way
        auto trial = breaker.acquire(farBack);
        QVERIFY(trial);
        trial.succeed(farBack);
        QVERIFY(mode(breaker, farBack) == CircuitMode::Closed);
    }

    void aWindowOfSecondsSurvivesAClockSetBack() {
        auto options = halfOfTen();
        options.slidingWindowType = SlidingWindowType::TimeBased;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        succeed(breaker, 1, start - 5s); // within the window: counts as now
        QCOMPARE(breaker.snapshot(start).calls, 4);
        succeed(breaker, 2, start - 10h); // before it: starts anew
        QCOMPARE(breaker.snapshot(start - 10h).calls, 2);
        QCOMPARE(breaker.snapshot(start - 10h).failures, 0);
        fail(breaker, 4, start - 10h + 3s);
        QVERIFY(mode(breaker, start - 10h + 3s) == CircuitMode::Open);
    }

    void theEndsOfTimeOverflowNothing_data() {
        QTest::addColumn<bool>("ofSeconds");
        QTest::newRow("calls") << false;
        QTest::newRow("seconds") << true;
    }
    void theEndsOfTimeOverflowNothing() {
        QFETCH(bool, ofSeconds);
        auto options = threeInARow();
        options.waitDurationFactor = 100;
        options.maxWaitDurationInOpenState = std::chrono::nanoseconds::max();
        options.healthySpell = 1ns;
        if (ofSeconds) {
            options.slidingWindowType = SlidingWindowType::TimeBased;
            options.slidingWindowSize = 60;
        }
        const Time ends[] = {Time::max(), Time::min(), Time{}, Time::max(), start, Time::min()};
        CircuitBreaker breaker(options);
        for (const Time one : ends)
            for (const Time other : ends) {
                succeed(breaker, 2, one);
                fail(breaker, 3, one);
                breaker.snapshot(other);
                if (auto permit = breaker.acquire(other))
                    permit.fail(one, "x");
                breaker.force(CircuitMode::ForcedOpen, one, "test", "tester", other);
                breaker.snapshot(other);
                breaker.release(other, "test");
                breaker.acquire(one).succeed(other);
                QVERIFY(breaker.snapshot(one).calls >= 0);
            }
        breaker.force(CircuitMode::Closed, start, "and on it goes");
        fail(breaker, 3);
        QVERIFY(mode(breaker) == CircuitMode::Open);
        succeed(breaker, 1, start + 30s);
        QVERIFY(mode(breaker, start + 30s) == CircuitMode::Closed);
    }

    void aGrowingWaitStopsAtItsCap() {
        auto options = threeInARow();
        options.waitDurationFactor = 100;
        options.maxWaitDurationInOpenState = 24h * 3650;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        Time now = start;
        for (int i = 0; i < 8; ++i) {
            now += breaker.snapshot(now).waitInOpenState;
            fail(breaker, 1, now);
        }
        QVERIFY(breaker.snapshot(now).waitInOpenState == options.maxWaitDurationInOpenState);
        QVERIFY(breaker.snapshot(now).relapses < 10);
    }
};

QTEST_GUILESS_MAIN(TestCircuitClock)
#include "tst_circuitclock.moc"
