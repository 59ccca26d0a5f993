#include "core/resilience/callthreads.h"
#include "core/resilience/threadrunner.h"
#include "tests/core/resilience/manualtime.h"
#include "tests/support/calllog.h"

#include <QTest>

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

using Answer = Result<int>;

Profile plain() {
    Profile profile;
    profile.name = "test";
    profile.retry.backoff.first = 1s;
    profile.retry.backoff.factor = 2;
    profile.retry.backoff.jitter = BackoffOptions::Jitter::None;
    return profile;
}

CallOptions idempotent() {
    CallOptions options;
    options.idempotent = true;
    return options;
}

Answer failure(ErrorClass errorClass = ErrorClass::ServerError) {
    return CallError{errorClass, "it failed", {}};
}

/// Fails so often, then answers 7.
struct Flaky {
    int failures;
    int calls = 0;
    Answer operator()(const CallContext&) { return ++calls <= failures ? failure() : Answer(7); }
};

} // namespace

class TestThreadRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aGoodCallIsMadeOnce() {
        CallLog log;
        Pipeline pipeline("k", plain(), {&log});
        Flaky call{0};
        const Answer answer = runOnThread(pipeline, ManualTime(), call);
        QVERIFY(answer);
        QCOMPARE(answer.value(), 7);
        QCOMPARE(call.calls, 1);
        QCOMPARE(log.text(), std::string("success"));
    }

    void failuresAreRetriedWithGrowingWaits() {
        CallLog log;
        ManualTime time;
        Pipeline pipeline("k", plain(), {&log});
        Flaky call{2};
        const Answer answer = runOnThread(pipeline, time, call, idempotent());
        QVERIFY(answer);
        QCOMPARE(call.calls, 3);
        QVERIFY((time.waits() == std::vector<std::chrono::nanoseconds>{1s, 2s}));
        QCOMPARE(log.text(), std::string("retry retry success"));
        QCOMPARE(log.events().back().attempt, 3);
        QVERIFY(log.events().back().duration == 3s);
    }

    void whatMayHaveHappenedIsNotRepeated_data() {
        QTest::addColumn<int>("errorClass");
        QTest::addColumn<bool>("idempotent");
        QTest::addColumn<int>("calls");
        QTest::newRow("unknown outcome") << int(ErrorClass::OutcomeUnknown) << false << 1;
        QTest::newRow("and idempotent") << int(ErrorClass::OutcomeUnknown) << true << 3;
        QTest::newRow("not carried out") << int(ErrorClass::ConnectionRefused) << false << 3;
        QTest::newRow("final") << int(ErrorClass::InvalidRequest) << true << 1;
    }
    void whatMayHaveHappenedIsNotRepeated() {
        QFETCH(int, errorClass);
        QFETCH(bool, idempotent);
        QFETCH(int, calls);
        Pipeline pipeline("k", plain());
        CallOptions options;
        options.idempotent = idempotent;
        int made = 0;
        const auto call = [&](const CallContext& context) {
            ++made;
            return context.attempt == made ? failure(ErrorClass(errorClass)) : Answer(0);
        };
        QVERIFY(!runOnThread(pipeline, ManualTime(), call, options));
        QCOMPARE(made, calls);
    }

    void theDeadlineOfTheWholeRunHolds() {
        Profile profile = plain();
        profile.retry.maxAttempts = 10;
        profile.retry.overallDeadline = 5s;
        Pipeline pipeline("k", profile);
        ManualTime time;
        const auto start = time.now();
        Flaky call{10};
        QVERIFY(!runOnThread(pipeline, time, call, idempotent()));
        QCOMPARE(call.calls, 3); // at 0, 1 and 3 s; the next would be at 7
        QVERIFY(time.now() - start == 3s);
    }

    void aLateCallOnTheSameThreadIsSeenAsLate() {
        Profile profile = plain();
        profile.retry.maxAttempts = 1;
        CallLog log;
        ManualTime time;
        Pipeline pipeline("k", profile, {&log});
        const Answer answer = runOnThread(pipeline, time, [&](const CallContext& context) {
            time.advance(context.deadline - time.now() + 1ns);
            return Answer(7);
        });
        QVERIFY(!answer);
        QVERIFY(answer.error().errorClass == ErrorClass::Timeout);
        QCOMPARE(answer.error().message, std::string("\"k\" did not answer within 10 s"));
        QCOMPARE(log.text(), std::string("timeout late_result failure"));
        QCOMPARE(pipeline.circuit()->snapshot(time.now()).failures, 1);
    }

    void aTimeoutHoldsAgainstACalleeThatIgnoresIt() {
        Profile profile = plain();
        profile.retry.maxAttempts = 1;
        CallLog log;
        CallThreads threads;
        PipelineParts parts{&log};
        parts.threads = &threads;
        Pipeline pipeline("k", profile, parts);
        auto release = std::make_shared<Gate>();
        auto toldToStop = std::make_shared<std::atomic<bool>>(false);
        const Answer answer =
            runOnThread(pipeline, ManualTime(), [release, toldToStop](const CallContext& context) {
                release->waitUntil(Gate::Time::max(), {}); // whatever `context.stop` says
                *toldToStop = context.stop.stop_requested();
                return Answer(7);
            });
        QVERIFY(!answer);
        QVERIFY(answer.error().errorClass == ErrorClass::Timeout);
        QCOMPARE(log.text(), std::string("timeout failure"));
        QCOMPARE(pipeline.timeout().lateResults(), 0U);
        release->open();
        QTRY_COMPARE(pipeline.timeout().lateResults(), 1U);
        QVERIFY(*toldToStop);
        QTRY_COMPARE(log.text(), std::string("timeout failure late_result"));
        QTRY_COMPARE(threads.busy(), 0);
    }

    void whenAllThreadsAreStuckCallsAreRefused() {
        CallThreads threads({1});
        Profile profile = plain();
        profile.retry.maxAttempts = 1;
        PipelineParts parts;
        parts.threads = &threads;
        Pipeline pipeline("k", profile, parts);
        auto release = std::make_shared<Gate>();
        const auto stuck = [release](const CallContext&) {
            release->waitUntil(Gate::Time::max(), {});
            return Answer(7);
        };
        QVERIFY(runOnThread(pipeline, ManualTime(), stuck).error().errorClass ==
                ErrorClass::Timeout);
        const Answer refused = runOnThread(pipeline, ManualTime(), stuck);
        QVERIFY(refused.error().errorClass == ErrorClass::BulkheadFull);
        QCOMPARE(pipeline.circuit()->snapshot({}).failures, 1); // a refusal is none
        release->open();
        QTRY_COMPARE(threads.busy(), 0);
        QVERIFY(runOnThread(pipeline, SteadyTime(), stuck));
    }

    void theBreakerRefusesWithoutCalling() {
        Profile profile = plain();
        profile.retry.maxAttempts = 1;
        profile.circuit->consecutiveFailures = 2;
        CallLog log;
        ManualTime time;
        Pipeline pipeline("k", profile, {&log}, time.now());
        Flaky call{100};
        for (int i = 0; i < 5; ++i)
            QVERIFY(!runOnThread(pipeline, time, call));
        QCOMPARE(call.calls, 2);
        QCOMPARE(log.text(), std::string("failure circuit_opened failure refused failure refused "
                                         "failure refused failure"));
        const Answer refused = runOnThread(pipeline, time, call);
        QVERIFY(refused.error().errorClass == ErrorClass::BreakerOpen);
        QVERIFY(refused.error().retryAfter == 30s);
        QCOMPARE(refused.error().message,
                 std::string("not called: the circuit breaker \"k\" is open for another 30 s"));
    }

    void theOrderDecidesWhatTheBreakerSees_data() {
        QTest::addColumn<bool>("breakerOutside");
        QTest::addColumn<int>("seen");
        QTest::newRow("retry outside, as settled") << false << 3;
        QTest::newRow("breaker outside, as seed 001 had it") << true << 1;
    }
    void theOrderDecidesWhatTheBreakerSees() {
        QFETCH(bool, breakerOutside);
        QFETCH(int, seen);
        Profile profile = plain();
        if (breakerOutside)
            profile.order = {Strategy::CircuitBreaker, Strategy::Retry, Strategy::Timeout};
        ManualTime time;
        Pipeline pipeline("k", profile);
        Flaky call{100};
        QVERIFY(!runOnThread(pipeline, time, call, idempotent()));
        QCOMPARE(call.calls, 3);
        QCOMPARE(pipeline.circuit()->snapshot(time.now()).calls, seen);
    }

    void anOrderFixedWhenCompilingDoesTheSame() {
        using enum Strategy;
        constexpr FixedOrder<Retry, CircuitBreaker, Timeout> order;
        CallLog log;
        ManualTime time;
        Pipeline pipeline("k", plain(), {&log});
        Flaky call{2};
        const Answer answer = order.run(pipeline, time, call, idempotent());
        QVERIFY(answer);
        QCOMPARE(log.text(), std::string("retry retry success"));
        QCOMPARE(pipeline.circuit()->snapshot(time.now()).calls, 3);
    }

    void aFallbackStandsIn() {
        CallLog log;
        Pipeline pipeline("k", plain(), {&log});
        Flaky call{100};
        const Answer answer =
            runOnThread(pipeline, ManualTime(), call, {}, [](const CallTrouble& trouble) {
                return Answer(trouble.errorClass == ErrorClass::ServerError ? -1 : -2);
            });
        QVERIFY(answer);
        QCOMPARE(answer.value(), -1);
        QCOMPARE(log.text(), std::string("fell_back success"));
    }

    void exceptionsEndInTheResult() {
        Pipeline pipeline("k", plain());
        const Answer answer = runOnThread(pipeline, ManualTime(), [](const CallContext&) -> Answer {
            throw std::runtime_error("boom");
        });
        QVERIFY(answer.error().errorClass == ErrorClass::Internal);
        QCOMPARE(answer.error().message,
                 std::string("the call of \"k\" ended with an exception: boom"));
    }

    void aStopEndsTheWait() {
        std::stop_source source;
        Pipeline pipeline("k", plain());
        CallOptions options = idempotent();
        options.stop = source.get_token();
        const Answer answer = runOnThread(
            pipeline, ManualTime(),
            [&](const CallContext&) {
                source.request_stop();
                return failure();
            },
            options);
        QVERIFY(answer.error().errorClass == ErrorClass::Cancelled);
    }

    void switchedOffCallsPassThroughVisibly() {
        PipelineParts parts;
        parts.enabled = false;
        Profile profile = plain();
        profile.circuit->consecutiveFailures = 1;
        ManualTime time;
        Pipeline pipeline("k", profile, parts, time.now());
        Flaky call{100};
        for (int i = 1; i <= 3; ++i) {
            QVERIFY(!runOnThread(pipeline, time, call, idempotent()));
            QCOMPARE(call.calls, i);
        }
        using enum Strategy;
        constexpr FixedOrder<Retry, CircuitBreaker, Timeout> order;
        QVERIFY(!order.run(pipeline, time, call, idempotent()));
        QCOMPARE(call.calls, 4);
        const Answer late = order.run(pipeline, time, [&time](const CallContext&) {
            time.advance(1h);
            return Answer(7);
        });
        QVERIFY(late); // no time-out either
        QVERIFY(pipeline.circuit()->snapshot(time.now()).effective == CircuitMode::Disabled);
    }

    void cachedResultsAreNotCalledFor() {
        Profile profile = plain();
        profile.cache = CacheOptions{30s, 10};
        CallLog log;
        ManualTime time;
        Pipeline pipeline("k", profile, {&log});
        Flaky call{0};
        CallOptions options;
        options.cacheKey = "a";
        QVERIFY(runOnThread(pipeline, time, call, options));
        time.advance(29s);
        QVERIFY(runOnThread(pipeline, time, call, options));
        QCOMPARE(call.calls, 1);
        time.advance(2s);
        QVERIFY(runOnThread(pipeline, time, call, options));
        QCOMPARE(call.calls, 2);
        QCOMPARE(log.text(), std::string("success cache_hit success success"));
    }

    void aHedgeAnswersForASlowCall() {
        CallThreads threads;
        CallLog log;
        PipelineParts parts{&log};
        parts.threads = &threads;
        Profile profile = plain();
        profile.hedge = HedgeOptions();
        profile.retry.maxAttempts = 1;
        profile.timeout.callTimeout = 0s;
        Pipeline pipeline("k", profile, parts);
        auto release = std::make_shared<Gate>();
        auto calls = std::make_shared<std::atomic<int>>(0);
        const auto call = [release, calls](const CallContext& context) {
            if (++*calls == 1) {
                // The first ends only when it is told to: its answer is not waited for.
                release->waitUntil(Gate::Time::max(), context.stop);
                return failure(ErrorClass::Cancelled);
            }
            return Answer(7);
        };
        const Answer answer = runOnThread(pipeline, ManualTime(), call, idempotent());
        QVERIFY(answer);
        QCOMPARE(answer.value(), 7);
        QCOMPARE(log.text(), std::string("hedged hedge_won success"));
        QTRY_COMPARE(threads.busy(), 0);
        // Not declared idempotent, it is never made twice.
        *calls = 1;
        QVERIFY(runOnThread(pipeline, ManualTime(), call));
        QCOMPARE(calls->load(), 2);
    }

    void faultsAreInjectedAndTold_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("calls");
        QTest::newRow("fault") << int(FaultRule::Kind::Fault) << 0;
        QTest::newRow("latency") << int(FaultRule::Kind::Latency) << 1;
        QTest::newRow("outcome") << int(FaultRule::Kind::Outcome) << 1;
    }
    void faultsAreInjectedAndTold() {
        QFETCH(int, kind);
        QFETCH(int, calls);
        FaultInjection faults(1);
        CallLog log;
        PipelineParts parts{&log, &faults};
        Profile profile = plain();
        profile.retry.maxAttempts = 1;
        ManualTime time;
        Pipeline pipeline("k", profile, parts);
        Flaky call{0};
        QVERIFY(runOnThread(pipeline, time, call)); // off by default
        QCOMPARE(log.count(CallEvent::Kind::FaultInjected), 0);
        call.calls = 0;
        FaultRule rule;
        rule.rate = 1;
        rule.kind = FaultRule::Kind(kind);
        rule.latency = 20s;
        QCOMPARE(faults.set({rule}, time.now()), std::string());
        const Answer answer = runOnThread(pipeline, time, call);
        QVERIFY(!answer); // 20 s are over the time-out
        QCOMPARE(call.calls, calls);
        QCOMPARE(log.count(CallEvent::Kind::FaultInjected), 1);
    }
};

QTEST_GUILESS_MAIN(TestThreadRunner)
#include "tst_threadrunner.moc"
