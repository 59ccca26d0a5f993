#include "core/resilience/circuitbreaker.h"

#include <QTest>

#include <barrier>
#include <memory>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

using Time = CircuitBreaker::Time;
const Time start{24h};

CircuitOptions threeInARow() {
    CircuitOptions options;
    options.name = "peer";
    options.consecutiveFailures = 3;
    options.waitDurationInOpenState = 30s;
    return options;
}

void fail(CircuitBreaker& breaker, int times, Time at = start) {
    for (int i = 0; i < times; ++i)
        breaker.acquire(at).fail(at, "connection refused");
}

CircuitMode mode(const CircuitBreaker& breaker, Time at = start) {
    return breaker.snapshot(at).computed;
}

} // namespace

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

    void forcedOpenRefusesAndKeepsWhatItWas() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::ForcedOpen, start, "maintenance");
        const auto refused = breaker.acquire(start);
        QVERIFY(!refused);
        QVERIFY(!refused.retryAfter());
        const auto seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QVERIFY(seen.effective == CircuitMode::ForcedOpen);
        QCOMPARE(QString::fromStdString(seen.transitions.back().cause),
                 QStringLiteral("maintenance"));
        breaker.release(start, "done");
        QVERIFY(breaker.acquire(start));
    }

    void forcedClosedLetsPassAndGoesOnComputing() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::ForcedClosed, start, "we need it");
        fail(breaker, 3);
        auto seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Open);
        QVERIFY(seen.effective == CircuitMode::ForcedClosed);
        QVERIFY(breaker.acquire(start)); // would be refused
        auto trial = breaker.acquire(start + 30s);
        auto bystander = breaker.acquire(start + 30s);
        QVERIFY(trial && bystander);
        bystander.fail(start + 30s); // not a trial: decides nothing
        trial.succeed(start + 30s);
        seen = breaker.snapshot(start + 30s);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QCOMPARE(seen.notPermitted, 0ULL);
    }

    void disabledLooksAtNothing() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::Disabled, start, "CIRCUIT_BREAKER_ENABLED=false");
        fail(breaker, 50);
        const auto seen = breaker.snapshot(start);
        QCOMPARE(seen.calls, 0);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QVERIFY(seen.effective == CircuitMode::Disabled);
    }

    void metricsOnlyCountsButNeverMoves() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::MetricsOnly, start, "trying it out");
        fail(breaker, 20);
        const auto seen = breaker.snapshot(start);
        QCOMPARE(seen.failures, 20);
        QCOMPARE(seen.consecutiveFailures, 20);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QVERIFY(seen.effective == CircuitMode::MetricsOnly);
        QVERIFY(breaker.acquire(start));
    }

    void movesByHand() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::ForcedOpen, start, "hold");
        breaker.force(CircuitMode::HalfOpen, start + 5s, "try one");
        auto seen = breaker.snapshot(start + 5s);
        QVERIFY(seen.effective == CircuitMode::HalfOpen);
        QVERIFY(seen.openedAt == start + 5s);
        QVERIFY(seen.transitions.back().from == CircuitMode::ForcedOpen);
        auto trial = breaker.acquire(start + 5s);
        QVERIFY(!breaker.acquire(start + 5s));
        trial.succeed(start + 6s);
        QVERIFY(mode(breaker, start + 6s) == CircuitMode::Closed);
        breaker.force(CircuitMode::Open, start + 7s, "by hand");
        QVERIFY(breaker.acquire(start + 8s).retryAfter() == 29s);
        breaker.force(CircuitMode::Closed, start + 9s, "reset");
        QVERIFY(breaker.acquire(start + 9s));
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

    void wrongOptionsAreNamed_data() {
        QTest::addColumn<int>("field");
        QTest::addColumn<QString>("named");
        QTest::newRow("good") << 0 << QString();
        QTest::newRow("window") << 1 << "slidingWindowSize is 0, but must be in 1..100000";
        QTest::newRow("minimum") << 2
                                 << "minimumNumberOfCalls is 11, but must be in "
                                    "1..slidingWindowSize";
        QTest::newRow("rate") << 3 << "failureRateThreshold is 50.000000, but must be in 0..1";
        QTest::newRow("wait") << 4 << "waitDurationInOpenState is 0 ns, but must be above 0";
        QTest::newRow("permitted")
            << 5 << "permittedNumberOfCallsInHalfOpenState is 0, but must be 1 or more";
        QTest::newRow("successes") << 6 << "successesToClose is -1, but must be 1 or more";
    }
    void wrongOptionsAreNamed() {
        QFETCH(int, field);
        QFETCH(QString, named);
        CircuitOptions options;
        options.slidingWindowSize = field == 1 ? 0 : 10;
        options.minimumNumberOfCalls = field == 2 ? 11 : 10;
        options.failureRateThreshold = field == 3 ? 50 : 0.5;
        options.waitDurationInOpenState = field == 4 ? 0s : 1s;
        options.permittedNumberOfCallsInHalfOpenState = field == 5 ? 0 : 1;
        options.successesToClose = field == 6 ? -1 : 1;
        QCOMPARE(QString::fromStdString(options.problem()), named);
    }

    /// Everybody comes back in the moment the wait is over: exactly N get a trial.
    void aStampedeGetsExactlyTheTrialsPermitted() {
        constexpr int threads = 8, rounds = 200, permitted = 3;
        auto options = threeInARow();
        options.permittedNumberOfCallsInHalfOpenState = permitted;
        options.successesToClose = 2;
        for (int round = 0; round < rounds; ++round) {
            CircuitBreaker breaker(options);
            fail(breaker, 3);
            std::atomic<int> admitted{0};
            std::barrier together(threads);
            std::vector<std::thread> callers;
            for (int i = 0; i < threads; ++i)
                callers.emplace_back([&] {
                    together.arrive_and_wait();
                    auto permit = breaker.acquire(start + 30s);
                    admitted += permit ? 1 : 0;
                    together.arrive_and_wait(); // nobody hands back before all have asked
                    if (permit)
                        permit.succeed(start + 31s);
                });
            for (auto& caller : callers)
                caller.join();
            QCOMPARE(admitted.load(), permitted);
            const auto seen = breaker.snapshot(start + 31s);
            QVERIFY(seen.computed == CircuitMode::Closed);
            QCOMPARE(seen.notPermitted, static_cast<unsigned long long>(threads - permitted));
            QCOMPARE(seen.lateResults, 1ULL); // the third success came after the second closed it
        }
    }

    /// Many threads, all operations, then the sums must agree and a quiet end must heal it.
    void countsStayTrueUnderContention() {
        constexpr int threads = 4, calls = 20'000;
        std::atomic<unsigned long long> refused{0}, events{0};
        auto options = threeInARow();
        options.waitDurationInOpenState = 1ms;
        options.permittedNumberOfCallsInHalfOpenState = 2;
        CircuitBreaker breaker(options, [&](const CircuitEvent& event) {
            events += event.kind != CircuitEvent::Kind::Transition;
        });
        std::vector<std::thread> callers;
        for (int thread = 0; thread < threads; ++thread)
            callers.emplace_back([&, thread] {
                for (int i = 0; i < calls; ++i) {
                    const Time now = start + i * 10us;
                    auto permit = breaker.acquire(now);
                    if (!permit)
                        ++refused;
                    else if (i % 7 == thread)
                        permit.drop(now);
                    else if (i % 100 < 40)
                        permit.fail(now, "x");
                    else
                        permit.succeed(now);
                    if (i % 1000 == 0)
                        breaker.snapshot(now);
                    if (thread == 0 && i % 5000 == 4999) {
                        breaker.force(CircuitMode::ForcedClosed, now, "test");
                        breaker.release(now, "test");
                    }
                }
            });
        for (auto& caller : callers)
            caller.join();
        QCOMPARE(breaker.snapshot(start).notPermitted, refused.load());
        QCOMPARE(events.load(), static_cast<unsigned long long>(threads) * calls);
        const Time quiet = start + 1h;
        for (int i = 0; i < 3; ++i)
            breaker.acquire(quiet).succeed(quiet);
        QVERIFY(mode(breaker, quiet) == CircuitMode::Closed);
        QCOMPARE(breaker.snapshot(quiet).trialsRunning, 0);
    }
};

QTEST_GUILESS_MAIN(TestCircuitBreaker)
#include "tst_circuitbreaker.moc"
