#include "tests/core/resilience/circuithelpers.h"

#include <QTest>

#include <barrier>
#include <memory>
#include <thread>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

class TestCircuitStress : public QObject {
    Q_OBJECT

private Q_SLOTS:
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

    /// No outcome is lost or counted twice, whoever opens and closes the breaker meanwhile.
    void everyOutcomeIsCountedOnceOrLate() {
        constexpr int threads = 4, calls = 20'000;
        CircuitOptions options = threeInARow();
        options.consecutiveFailures = 0;
        options.slidingWindowSize = 100'000; // holds all of them
        std::atomic<int> outcomes{0}, late{0};
        CircuitBreaker breaker(options, [&](const CircuitEvent& event) {
            outcomes += event.kind == CircuitEvent::Kind::Success ||
                        event.kind == CircuitEvent::Kind::Failure;
            late += event.kind == CircuitEvent::Kind::LateResult;
        });
        std::int64_t failures = 0;
        const auto run = [&](auto&& each) {
            std::vector<std::thread> callers;
            for (int thread = 0; thread < threads; ++thread)
                callers.emplace_back([&each, thread] {
                    for (int i = 0; i < calls; ++i)
                        each(thread, i);
                });
            for (auto& caller : callers)
                caller.join();
        };
        run([&](int thread, int i) {
            auto permit = breaker.acquire(start);
            if ((i + thread) % 5 == 0)
                permit.fail(start, "x");
            else
                permit.succeed(start);
        });
        failures = threads * calls / 5;
        auto seen = breaker.snapshot(start);
        QCOMPARE(seen.calls, std::int64_t{threads} * calls);
        QCOMPARE(seen.failures, failures);
        QCOMPARE(late.load(), 0);

        outcomes = 0;
        run([&](int thread, int i) {
            auto permit = breaker.acquire(start);
            if (thread == 0 && i % 50 == 0)
                breaker.force(CircuitMode::Closed, start, "a new generation");
            permit.succeed(start);
        });
        seen = breaker.snapshot(start);
        QCOMPARE(outcomes + late, threads * calls);
        QCOMPARE(seen.lateResults, static_cast<std::uint64_t>(late.load()));
        QVERIFY(late >= calls / 50); // at least those of thread 0
        QVERIFY(seen.calls <= threads * calls - late);
    }

    /// While others succeed all the time, a row of failures of one caller is what opens it, and a
    /// success can't hide in between: the breaker is open when the last of them returns.
    void successesNeverHideAFailureRate() {
        constexpr int rounds = 300;
        CircuitOptions options = threeInARow();
        options.consecutiveFailures = 0;
        options.failureRateThreshold = 0.5;
        options.slidingWindowSize = 8;
        options.minimumNumberOfCalls = 4;
        // 2 failures and 2 successes in any order reach the rule with the fourth outcome.
        for (int round = 0; round < rounds; ++round) {
            CircuitBreaker breaker(options);
            std::barrier together(2);
            const auto both = [&](bool good) {
                together.arrive_and_wait();
                for (int i = 0; i < 2; ++i) {
                    auto permit = breaker.acquire(start);
                    good ? permit.succeed(start) : permit.fail(start, "x");
                }
            };
            std::thread other(both, true);
            both(false);
            other.join();
            QVERIFY(mode(breaker) == CircuitMode::Open);
        }
    }

    void overridesComeAndGoUnderLoad() {
        CircuitBreaker breaker(threeInARow());
        std::atomic<bool> done{false};
        std::atomic<std::int64_t> ticks{0};
        const auto now = [&] { return start + std::chrono::microseconds(ticks++); };
        std::vector<std::thread> callers;
        for (int thread = 0; thread < 3; ++thread)
            callers.emplace_back([&, thread] {
                while (!done) {
                    auto permit = breaker.acquire(now());
                    if (permit && thread == 0)
                        permit.fail(now(), "x");
                    else
                        permit.succeed(now());
                    breaker.snapshot(now());
                }
            });
        constexpr CircuitMode modes[] = {CircuitMode::ForcedOpen, CircuitMode::MetricsOnly,
                                         CircuitMode::ForcedClosed, CircuitMode::Disabled,
                                         CircuitMode::HalfOpen};
        for (int i = 0; i < 2000; ++i) {
            const Time at = now();
            breaker.force(modes[i % 5], at, "test", "tester", at + 20us);
        }
        done = true;
        for (auto& caller : callers)
            caller.join();
        const Time quiet = start + 1h;
        for (int i = 0; i < 3; ++i)
            breaker.acquire(quiet).succeed(quiet);
        const auto seen = breaker.snapshot(quiet);
        QVERIFY(seen.effective == CircuitMode::Closed);
        QCOMPARE(seen.trialsRunning, 0);
    }
};

QTEST_GUILESS_MAIN(TestCircuitStress)
#include "tst_circuitstress.moc"
