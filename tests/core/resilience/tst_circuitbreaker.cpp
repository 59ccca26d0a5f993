#include "tests/core/resilience/circuithelpers.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

class TestCircuitBreaker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensAfterConsecutiveFailures() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 2);
        breaker.acquire(start).succeed(start); // starts the count anew
        fail(breaker, 2);
        QVERIFY(mode(breaker) == CircuitMode::Closed);
        fail(breaker, 1);
        QVERIFY(mode(breaker) == CircuitMode::Open);

        const auto refused = breaker.acquire(start + 10s);
        QVERIFY(!refused);
        QVERIFY(refused.retryAfter() == 20s);
        const auto seen = breaker.snapshot(start + 10s);
        QCOMPARE(seen.notPermitted, 1ULL);
        QVERIFY(seen.openedAt == start);
        QVERIFY(seen.nextAttemptAt == start + 30s);
        QCOMPARE(seen.transitions.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(seen.transitions[0].cause),
                 QStringLiteral("3 consecutive failures; the last: connection refused"));
        // The window still shows the calls that opened it.
        QCOMPARE(seen.calls, 6);
        QCOMPARE(seen.failures, 5);
        QCOMPARE(seen.consecutiveFailures, 3);
    }

    void closesAfterTheConfiguredSuccesses() {
        auto options = threeInARow();
        options.successesToClose = 2;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        const Time later = start + 30s;
        auto trial = breaker.acquire(later);
        QVERIFY(trial);
        QVERIFY(!breaker.acquire(later)); // one at a time
        trial.succeed(later);
        QVERIFY(mode(breaker, later) == CircuitMode::HalfOpen);
        QCOMPARE(breaker.snapshot(later).trialsSucceeded, 1);
        breaker.acquire(later).succeed(later);
        const auto seen = breaker.snapshot(later);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QCOMPARE(seen.calls, 0); // a fresh start
        QVERIFY(!seen.openedAt && !seen.nextAttemptAt);
    }

    void aFailedTrialOpensItForAnotherWait() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        breaker.acquire(start + 30s).fail(start + 31s, "still down");
        QVERIFY(mode(breaker, start + 31s) == CircuitMode::Open);
        QVERIFY(!breaker.acquire(start + 60s));
        QVERIFY(breaker.acquire(start + 61s));
    }

    void anIdleBreakerShowsHalfOpenByTimeAlone() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        QVERIFY(mode(breaker, start + 30s - 1ns) == CircuitMode::Open);
        for (int i = 0; i < 5; ++i) // reading again and again changes nothing
            QVERIFY(mode(breaker, start + 30s) == CircuitMode::HalfOpen);
        QCOMPARE(breaker.snapshot(start + 30s).transitions.size(), std::size_t{1});
        QVERIFY(mode(breaker, start) == CircuitMode::Open);
    }

    void aLateResultIsIgnored() {
        CircuitBreaker breaker(threeInARow());
        auto before = breaker.acquire(start);
        auto alsoBefore = breaker.acquire(start);
        fail(breaker, 3);
        before.succeed(start + 1s); // from when it was closed: neither closes nor counts
        QVERIFY(mode(breaker, start + 1s) == CircuitMode::Open);
        auto trial = breaker.acquire(start + 30s);
        alsoBefore.fail(start + 30s); // neither opens the half-open breaker again
        QVERIFY(mode(breaker, start + 30s) == CircuitMode::HalfOpen);
        trial.succeed(start + 31s);
        QVERIFY(mode(breaker, start + 31s) == CircuitMode::Closed);
        QCOMPARE(breaker.snapshot(start).lateResults, 2ULL);
    }

    void aLateTrialDoesNotCloseTheNextRound() {
        auto options = threeInARow();
        options.permittedNumberOfCallsInHalfOpenState = 2;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        auto slowTrial = breaker.acquire(start + 30s);
        breaker.acquire(start + 30s).fail(start + 30s);
        auto next = breaker.acquire(start + 60s);
        slowTrial.succeed(start + 61s);
        QVERIFY(mode(breaker, start + 61s) == CircuitMode::HalfOpen);
        QCOMPARE(breaker.snapshot(start).trialsRunning, 1);
        next.succeed(start + 62s);
        QVERIFY(mode(breaker, start + 62s) == CircuitMode::Closed);
    }

    void aDroppedPermitFreesItsSlot() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        {
            const auto trial = breaker.acquire(start + 30s);
            QVERIFY(trial);
            QVERIFY(!breaker.acquire(start + 30s));
        }
        auto moved = breaker.acquire(start + 30s);
        auto second = std::move(moved);
        QVERIFY(!moved && second);
        QCOMPARE(breaker.snapshot(start).trialsRunning, 1);
        second = breaker.acquire(start + 30s); // refused: the old one is dropped by the assignment
        QVERIFY(!second);
        QCOMPARE(breaker.snapshot(start).trialsRunning, 0);
        QVERIFY(breaker.acquire(start + 30s));
    }

    void aDroppedPermitCountsAsNothing() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 2);
        { const auto cancelled = breaker.acquire(start); }
        QCOMPARE(breaker.snapshot(start).calls, 2);
        QCOMPARE(breaker.snapshot(start).consecutiveFailures, 2);
    }

    void aTrialThatNeverComesBackDoesNotWedgeIt() {
        auto options = threeInARow();
        options.maxWaitDurationInHalfOpenState = 60s;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        auto lost = breaker.acquire(start + 30s);
        QVERIFY(!breaker.acquire(start + 89s));
        auto fresh = breaker.acquire(start + 90s);
        QVERIFY(fresh);
        lost.succeed(start + 91s); // too late to matter
        QVERIFY(mode(breaker, start + 91s) == CircuitMode::HalfOpen);
        fresh.succeed(start + 92s);
        QVERIFY(mode(breaker, start + 92s) == CircuitMode::Closed);
    }

    void aPermitIsSpentOnce() {
        CircuitBreaker breaker(threeInARow());
        auto permit = breaker.acquire(start);
        permit.fail(start);
        permit.fail(start);
        permit.succeed(start);
        QCOMPARE(breaker.snapshot(start).calls, 1);
    }

    void keepsTheLastTwentyTransitions() {
        CircuitBreaker breaker(threeInARow());
        for (int i = 0; i < 30; ++i)
            breaker.force(i % 2 ? CircuitMode::Closed : CircuitMode::Open, start + i * 1s,
                          std::to_string(i));
        const auto seen = breaker.snapshot(start + 30s);
        QCOMPARE(seen.transitions.size(), std::size_t{20});
        QCOMPARE(QString::fromStdString(seen.transitions.front().cause), QStringLiteral("10"));
        QCOMPARE(QString::fromStdString(seen.transitions.back().cause), QStringLiteral("29"));
    }

    void tellsItsListener() {
        using Kind = CircuitEvent::Kind;
        QList<Kind> kinds;
        QStringList causes;
        std::unique_ptr<CircuitBreaker> breaker;
        breaker = std::make_unique<CircuitBreaker>(threeInARow(), [&](const CircuitEvent& event) {
            kinds.append(event.kind);
            if (event.transition)
                causes.append(QString::fromStdString(event.transition->cause));
            breaker->snapshot(start); // outside the lock: reading back is allowed
        });
        breaker->acquire(start).succeed(start + 1s);
        { const auto dropped = breaker->acquire(start); }
        auto late = breaker->acquire(start);
        fail(*breaker, 3);
        late.fail(start);
        QVERIFY(!breaker->acquire(start));
        QCOMPARE(kinds,
                 (QList<Kind>{Kind::Success, Kind::Dropped, Kind::Failure, Kind::Failure,
                              Kind::Failure, Kind::Transition, Kind::LateResult, Kind::Refused}));
        QCOMPARE(causes.size(), 1);
    }

    void someTrialsMayFail() {
        auto options = threeInARow();
        options.successesToClose = 2;
        options.permittedFailuresInHalfOpenState = 1;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        const Time later = start + 30s;
        breaker.acquire(later).fail(later, "a hiccup");
        QVERIFY(mode(breaker, later) == CircuitMode::HalfOpen);
        QCOMPARE(breaker.snapshot(later).trialsFailed, 1);
        succeed(breaker, 1, later);
        breaker.acquire(later).fail(later, "down again"); // the first in excess
        const auto seen = breaker.snapshot(later);
        QVERIFY(seen.computed == CircuitMode::Open);
        QCOMPARE(text(seen.transitions.back().cause),
                 QStringLiteral("2 trial calls failed; the last: down again"));
        fail(breaker, 1, later + 30s);
        succeed(breaker, 2, later + 30s);
        QVERIFY(mode(breaker, later + 30s) == CircuitMode::Closed);
    }

    void countsOpeningsAndResets() {
        std::uint64_t opens = 0, resets = 0;
        CircuitBreaker breaker(threeInARow(), [&](const CircuitEvent& event) {
            opens += event.transition && event.transition->opened;
            resets += event.transition && event.transition->wasReset;
        });
        fail(breaker, 3);
        fail(breaker, 1, start + 30s);    // opens again
        succeed(breaker, 1, start + 60s); // closes
        fail(breaker, 3, start + 60s);
        breaker.force(CircuitMode::ForcedClosed, start + 61s, "not an opening or a reset");
        breaker.release(start + 62s, "done");
        breaker.force(CircuitMode::Open, start + 63s, "open already");
        breaker.force(CircuitMode::Closed, start + 64s, "reset by hand");
        const auto seen = breaker.snapshot(start + 64s);
        QCOMPARE(seen.opens, 3U);
        QCOMPARE(seen.resets, 2U);
        QCOMPARE(opens, seen.opens);
        QCOMPARE(resets, seen.resets);
    }

    /// resilience4j#347: without traffic it stayed open for ever; #935, #2289: stuck half open.
    void neitherIdlenessNorLostTrialsWedgeIt() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        const Time nextYear = start + 24h * 365;
        const auto idle = breaker.snapshot(nextYear);
        QVERIFY(idle.computed == CircuitMode::HalfOpen && idle.effective == CircuitMode::HalfOpen);
        QVERIFY(idle.nextAttemptAt == start + 30s); // long past: at once
        Time now = nextYear;
        std::vector<CircuitPermit> lost;
        for (int i = 0; i < 10; ++i, now += 60s) {
            lost.push_back(breaker.acquire(now));
            QVERIFY(lost.back());
            QVERIFY(!breaker.acquire(now));
            QVERIFY(breaker.snapshot(now).nextAttemptAt == now + 60s);
        }
        breaker.acquire(now).succeed(now);
        QVERIFY(mode(breaker, now) == CircuitMode::Closed);
        for (auto& permit : lost)
            permit.fail(now, "much too late");
        QVERIFY(mode(breaker, now) == CircuitMode::Closed);
        QCOMPARE(breaker.snapshot(now).lateResults, 10U);
    }

    /// Trials that take long one after the other are not lost ones.
    void slowTrialsInARowAreNotGivenUp() {
        auto options = threeInARow();
        options.successesToClose = 3;
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        Time now = start + 30s;
        for (int i = 0; i < 3; ++i) {
            auto trial = breaker.acquire(now);
            QVERIFY(trial);
            now += 50s;
            QVERIFY(!breaker.acquire(now));
            trial.succeed(now);
        }
        QVERIFY(mode(breaker, now) == CircuitMode::Closed);
    }
};

QTEST_GUILESS_MAIN(TestCircuitBreaker)
#include "tst_circuitbreaker.moc"
