#include "tests/core/resilience/circuithelpers.h"

#include <QTest>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

class TestCircuitWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensAtTheFailureRateOnceThereAreEnoughCalls() {
        auto options = threeInARow();
        options.consecutiveFailures = 0;
        options.failureRateThreshold = 0.5;
        options.slidingWindowSize = 10;
        options.minimumNumberOfCalls = 6;
        CircuitBreaker breaker(options);
        for (int i = 0; i < 2; ++i) {
            breaker.acquire(start).succeed(start);
            fail(breaker, 1);
        }
        fail(breaker, 1); // 3 of 5, but too few calls
        QVERIFY(mode(breaker) == CircuitMode::Closed);
        QVERIFY(!breaker.snapshot(start).failureRate);
        breaker.acquire(start).succeed(start); // 3 of 6: a success completes the minimum
        const auto seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Open);
        QCOMPARE(*seen.failureRate, 0.5);
        QCOMPARE(QString::fromStdString(seen.transitions.back().cause),
                 QStringLiteral("50 % of the last 6 calls failed"));
    }

    void theWindowForgetsTheOldest() {
        auto options = threeInARow();
        options.consecutiveFailures = 0;
        options.failureRateThreshold = 0.5;
        options.slidingWindowSize = 4;
        options.minimumNumberOfCalls = 4;
        CircuitBreaker breaker(options);
        fail(breaker, 1);
        for (int i = 0; i < 4; ++i)
            breaker.acquire(start).succeed(start);
        fail(breaker, 1); // 1 of 4, the first has left the window
        QVERIFY(mode(breaker) == CircuitMode::Closed);
        QCOMPARE(breaker.snapshot(start).failures, 1);
    }

    void opensAtTheSlowCallRate() {
        auto options = threeInARow();
        options.slowCallRateThreshold = 0.5;
        options.slowCallDurationThreshold = 2s;
        options.minimumNumberOfCalls = 2;
        CircuitBreaker breaker(options);
        breaker.acquire(start).succeed(start + 1999ms);
        QCOMPARE(breaker.snapshot(start).slow, 0);
        breaker.acquire(start).succeed(start + 2s);
        const auto seen = breaker.snapshot(start + 2s);
        QVERIFY(seen.computed == CircuitMode::Open);
        QCOMPARE(seen.slow, 1);
        QCOMPARE(QString::fromStdString(seen.transitions.back().cause),
                 QStringLiteral("50 % of the last 2 calls took 2 s or longer"));
        // A trial that is slow again opens it again.
        breaker.acquire(start + 40s).succeed(start + 43s);
        QVERIFY(mode(breaker, start + 43s) == CircuitMode::Open);
    }

    /// A good call can't raise the rate of a full window, but the seconds that pass can.
    void aWindowOfSecondsForgetsByTime() {
        auto options = halfOfTen();
        options.slidingWindowType = SlidingWindowType::TimeBased;
        CircuitBreaker breaker(options);
        succeed(breaker, 20, start);
        fail(breaker, 12, start + 5s); // 12 of 32
        QVERIFY(mode(breaker, start + 9s) == CircuitMode::Closed);
        QCOMPARE(breaker.snapshot(start + 9s).calls, 32);
        // Reading a second later shows what is left; nothing opens by being looked at.
        const auto later = breaker.snapshot(start + 10s);
        QCOMPARE(later.calls, 12);
        QCOMPARE(*later.failureRate, 1.0);
        QVERIFY(later.computed == CircuitMode::Closed);
        QCOMPARE(breaker.snapshot(start + 15s).calls, 0);
        breaker.acquire(start + 10s).succeed(start + 10s); // 12 of 13
        const auto seen = breaker.snapshot(start + 10s);
        QVERIFY(seen.computed == CircuitMode::Open);
        QCOMPARE(text(seen.transitions.back().cause),
                 QStringLiteral("92 % of the 13 calls of the last 10 s failed"));
        QCOMPARE(breaker.snapshot(start + 25s).calls, 13); // kept while it is open
    }

    void countsEachClassByItsWeight() {
        auto options = threeInARow();
        options.ignoredErrors = {ErrorClass::Conflict};
        options.errorWeights = {{ErrorClass::RateLimited, 0.5}, {ErrorClass::Timeout, 2}};
        CircuitBreaker breaker(options);
        const auto failAs = [&](ErrorClass what) { breaker.acquire(start).fail(start, what, "x"); };
        failAs(ErrorClass::Conflict); // ignored: as if it had not been made
        QCOMPARE(breaker.snapshot(start).calls, 0);
        failAs(ErrorClass::Timeout);
        failAs(ErrorClass::InvalidRequest); // by its traits the peer is well: a success
        auto seen = breaker.snapshot(start);
        QCOMPARE(seen.calls, 2);
        QCOMPARE(seen.failures, 1);
        QCOMPARE(seen.consecutiveFailures, 0);
        failAs(ErrorClass::RateLimited);
        failAs(ErrorClass::Timeout);
        seen = breaker.snapshot(start);
        QCOMPARE(seen.weight, 4.5);
        QCOMPARE(seen.consecutiveWeight, 2.5);
        QCOMPARE(*seen.failuresToOpen, 1);
        QVERIFY(seen.computed == CircuitMode::Closed);
        failAs(ErrorClass::RateLimited); // 0.5 + 2 + 0.5
        QVERIFY(mode(breaker) == CircuitMode::Open);
    }

    void anIgnoredTrialFreesItsSlotAndOneOfNoWeightCloses() {
        auto options = threeInARow();
        options.ignoredErrors = {ErrorClass::Conflict};
        CircuitBreaker breaker(options);
        fail(breaker, 3);
        breaker.acquire(start + 30s).fail(start + 30s, ErrorClass::Conflict);
        QVERIFY(mode(breaker, start + 30s) == CircuitMode::HalfOpen);
        breaker.acquire(start + 30s).fail(start + 30s, ErrorClass::InvalidRequest);
        QVERIFY(mode(breaker, start + 30s) == CircuitMode::Closed);
    }

    void tellsHowFarItIsFromOpening() {
        auto options = halfOfTen();
        options.consecutiveFailures = 4;
        options.slowCallRateThreshold = 0.3;
        options.slowCallDurationThreshold = 1s;
        CircuitBreaker breaker(options);
        auto seen = breaker.snapshot(start);
        QCOMPARE(*seen.failuresToOpen, 4);
        QCOMPARE(*seen.slowCallsToOpen, 6); // the minimum number of calls
        fail(breaker, 2);
        QCOMPARE(*breaker.snapshot(start).failuresToOpen, 2);
        succeed(breaker, 5);
        seen = breaker.snapshot(start);
        QCOMPARE(*seen.failuresToOpen, 3); // 5 of 10
        QCOMPARE(*seen.slowCallsToOpen, 3);
        fail(breaker, 3);
        seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Open);
        QVERIFY(!seen.failuresToOpen);
        breaker.acquire(start + 30s).drop(start + 30s);
        QCOMPARE(*breaker.snapshot(start + 30s).failuresToOpen, 1);
    }

    void neverOpensWithoutARule() {
        auto options = threeInARow();
        options.consecutiveFailures = 0;
        CircuitBreaker breaker(options);
        fail(breaker, 500);
        const auto seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QVERIFY(!seen.failuresToOpen && !seen.slowCallsToOpen);
        QCOMPARE(seen.calls, 100);
    }

    void otherOptionsComeIntoForceWithoutForgetting() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 2);
        breaker.force(CircuitMode::ForcedOpen, start, "hold", "ops");
        auto options = threeInARow();
        options.name = "another";
        options.consecutiveFailures = 4;
        options.waitDurationInOpenState = 5s;
        breaker.configure(options, start);
        auto seen = breaker.snapshot(start);
        QCOMPARE(text(seen.options.name), QStringLiteral("peer"));
        QCOMPARE(seen.consecutiveFailures, 2);
        QCOMPARE(seen.calls, 2);
        QVERIFY(seen.effective == CircuitMode::ForcedOpen);
        breaker.release(start, "done", "ops");
        fail(breaker, 2);
        QVERIFY(mode(breaker) == CircuitMode::Open);
        QVERIFY(mode(breaker, start + 5s) == CircuitMode::HalfOpen);

        breaker.force(CircuitMode::Closed, start, "again");
        fail(breaker, 2);
        options.slidingWindowType = SlidingWindowType::TimeBased;
        options.slidingWindowSize = 10;
        options.consecutiveFailures = 2; // reached already: the next outcome tells, a good one not
        breaker.configure(options, start);
        QCOMPARE(breaker.snapshot(start).calls, 0);
        breaker.acquire(start).succeed(start);
        QVERIFY(mode(breaker) == CircuitMode::Closed);
        QCOMPARE(breaker.snapshot(start).calls, 1);
    }
};

QTEST_GUILESS_MAIN(TestCircuitWindow)
#include "tst_circuitwindow.moc"
