#include "core/calls/callrunner.h"
#include "core/resilience/callthreads.h"
#include "tests/support/calllog.h"
#include "tests/support/fakeclock.h"

#include <QTest>

#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Profile plain() {
    Profile profile;
    profile.name = "test";
    profile.retry.backoff.first = 1s;
    profile.retry.backoff.jitter = BackoffOptions::Jitter::None;
    return profile;
}

Profile once() {
    Profile profile = plain();
    profile.retry.maxAttempts = 1;
    return profile;
}

CallOptions idempotent() {
    CallOptions options;
    options.idempotent = true;
    return options;
}

/// What the calls of a test do, one after the other; the last goes on.
struct Script {
    Clock& clock;
    struct Step {
        bool good = true;
        Duration after{};
        bool obeys = true; ///< ends when it is told to stop
        FailureKind kind = FailureKind::ServerError;
    };
    std::vector<Step> steps;
    std::size_t made = 0;
    std::vector<CallContext> contexts{};

    Task<Outcome<int>> call(CallContext context) {
        const Step step = steps[std::min(made, steps.size() - 1)];
        const int number = int(++made);
        contexts.push_back(context);
        std::stop_token stop;
        if (step.obeys)
            stop = context.stop;
        const bool waited = co_await sleepFor(clock, step.after, stop);
        if (!waited)
            co_return fail(FailureKind::Cancelled, QStringLiteral("stopped"));
        if (!step.good)
            co_return fail(step.kind, QStringLiteral("it failed"));
        co_return number;
    }
    CallFunction<int> function() {
        return [this](CallContext context) { return call(std::move(context)); };
    }
};

/// One run under way.
struct Running {
    Running(CallRunner& runner, CallFunction<int> call, CallOptions options = {},
            FallbackFunction<int> fallback = {}) {
        if (!options.stop.stop_possible())
            options.stop = scope.token(); // a failed test ends too
        scope.spawn([](CallRunner& r, CallFunction<int> c, CallOptions o, FallbackFunction<int> f,
                       std::optional<Outcome<int>>& out) -> Task<> {
            Task<Outcome<int>> task = r.run<int>(std::move(c), std::move(o), std::move(f));
            Outcome<int> outcome = co_await task;
            out.emplace(std::move(outcome));
        }(runner, std::move(call), std::move(options), std::move(fallback), result));
    }
    bool good() const { return result && *result; }
    QString failed() const {
        return result && !*result ? toString(result->error().kind) : QStringLiteral("no failure");
    }
    std::optional<Outcome<int>> result;
    TaskScope scope;
};

std::shared_ptr<Pipeline> pipelineOf(Profile profile, CallListener* listener = nullptr,
                                     Clock* clock = nullptr) {
    PipelineParts parts;
    parts.listener = listener;
    return std::make_shared<Pipeline>("k", std::move(profile), parts,
                                      clock ? clock->now() : MonotonicTime());
}

} // namespace

class TestCallRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void failuresAreRetriedWithGrowingWaits() {
        FakeClock clock;
        CallLog log;
        CallRunner runner(clock, pipelineOf(plain(), &log));
        Script script{clock, {{false}, {false}, {true}}};
        CallOptions options = idempotent();
        options.idempotencyKey = "key";
        Running run(runner, script.function(), options);
        QCOMPARE(script.made, std::size_t{1});
        clock.advance(0s);
        clock.advance(1s);
        QCOMPARE(script.made, std::size_t{2});
        clock.advance(1999ms);
        QVERIFY(!run.result);
        clock.advance(1ms);
        QVERIFY(run.good());
        QCOMPARE(**run.result, 3);
        QCOMPARE(script.contexts[2].attempt, 3);
        QCOMPARE(script.contexts[2].idempotencyKey, std::string("key"));
        QCOMPARE(log.text(), std::string("retry retry success"));
    }

    void aTimeoutHoldsAgainstACalleeThatIgnoresIt() {
        FakeClock clock;
        CallLog log;
        CallRunner runner(clock, pipelineOf(once(), &log));
        Script script{clock, {{true, 60s, false}}};
        Running run(runner, script.function());
        clock.advance(9999ms);
        QVERIFY(!run.result);
        clock.advance(1ms);
        QCOMPARE(run.failed(), QStringLiteral("timeout"));
        QVERIFY(script.contexts[0].stop.stop_requested());
        QCOMPARE(log.text(), std::string("timeout failure"));
        clock.advance(50s);
        QCOMPARE(log.text(), std::string("timeout failure late_result"));
        QCOMPARE(runner.pipeline().timeout().lateResults(), 1U);
    }

    void oneThatObeysIsNotLate() {
        FakeClock clock;
        CallLog log;
        CallRunner runner(clock, pipelineOf(once(), &log));
        Script script{clock, {{true, 60s}}};
        Running run(runner, script.function());
        clock.advance(60s);
        QCOMPARE(run.failed(), QStringLiteral("timeout"));
        QCOMPARE(log.text(), std::string("timeout failure"));
    }

    void aRunsOwnTimeoutReplacesTheProfiles() {
        FakeClock clock;
        CallRunner runner(clock, pipelineOf(once()));
        Script script{clock, {{true, 30s}}};
        CallOptions options;
        options.callTimeout = 45s;
        Running run(runner, script.function(), options);
        clock.advance(30s);
        QVERIFY(run.good());
    }

    void aStopEndsEverythingAtOnce_data() {
        QTest::addColumn<bool>("obeys");
        QTest::newRow("callee obeys") << true;
        QTest::newRow("callee does not") << false;
    }
    void aStopEndsEverythingAtOnce() {
        QFETCH(bool, obeys);
        FakeClock clock;
        CallLog log;
        CallRunner runner(clock, pipelineOf(plain(), &log));
        Script script{clock, {{true, 5s, obeys}}};
        std::stop_source stop;
        CallOptions options;
        options.stop = stop.get_token();
        Running run(runner, script.function(), options);
        stop.request_stop();
        QCOMPARE(run.failed(), QStringLiteral("cancelled"));
        QCOMPARE(runner.pipeline().circuit()->snapshot(clock.now()).calls, 0);
        clock.advance(5s);
        QCOMPARE(log.text(), std::string("failure"));
    }

    void theBulkheadQueuesInOrderAndGivesUp() {
        FakeClock clock;
        Profile profile = once();
        profile.bulkhead = BulkheadOptions{1, 2, 3s};
        CallLog log;
        CallRunner runner(clock, pipelineOf(profile, &log));
        Script script{clock, {{true, 2s}}};
        Running first(runner, script.function());
        Running second(runner, script.function());
        Running third(runner, script.function());
        Running fourth(runner, script.function());
        QCOMPARE(fourth.failed(), QStringLiteral("overloaded")); // no room in the queue
        QCOMPARE(script.made, std::size_t{1});
        clock.advance(2s);
        QVERIFY(first.good());
        QTRY_COMPARE(script.made, std::size_t{2}); // the place comes through the door
        clock.advance(1s);
        QCOMPARE(third.failed(), QStringLiteral("overloaded")); // waited 3 s
        clock.advance(1s);
        QVERIFY(second.good());
        QCOMPARE(runner.pipeline().bulkhead()->running(), 0);
        QCOMPARE(runner.pipeline().bulkhead()->queued(), 0);
        QCOMPARE(log.count(CallEvent::Kind::Refused), 2);
    }

    void aPlaceIsHandedOverByAThread() {
        FakeClock clock;
        Profile profile = once();
        profile.bulkhead = BulkheadOptions{1, 1, 10s};
        const auto pipeline = pipelineOf(profile);
        CallRunner runner(clock, pipeline);
        Script script{clock, {{true, 0s}}};
        BulkheadPermit taken = pipeline->bulkhead()->tryAcquire();
        Running run(runner, script.function());
        QCOMPARE(script.made, std::size_t{0});
        std::thread other([&] { taken.release(); });
        other.join();
        QTRY_COMPARE(script.made, std::size_t{1});
        clock.advance(0s);
        QVERIFY(run.good());
    }

    void theRateLimiterWaitsForATurn() {
        FakeClock clock;
        Profile profile = once();
        profile.rateLimiter = RateLimiterOptions{1, 10s, 0, 15s};
        CallRunner runner(clock, pipelineOf(profile));
        Script script{clock, {{true}}};
        Running first(runner, script.function());
        Running second(runner, script.function());
        Running third(runner, script.function());
        clock.advance(0s);
        QVERIFY(first.good());
        QCOMPARE(third.failed(), QStringLiteral("overloaded")); // 20 s are too long
        clock.advance(9999ms);
        QVERIFY(!second.result);
        clock.advance(1ms);
        QTRY_VERIFY(second.good());
    }

    void aHedgeAnswersForASlowCall() {
        FakeClock clock;
        Profile profile = once();
        profile.hedge = HedgeOptions();
        CallLog log;
        CallRunner runner(clock, pipelineOf(profile, &log));
        Script script{clock, {{true, 5s}, {true, 1s}}};
        Running plainRun(runner, script.function()); // not idempotent: never twice
        clock.advance(5s);
        QCOMPARE(script.made, std::size_t{1});
        script.made = 0;
        log.clear();
        Running run(runner, script.function(), idempotent());
        clock.advance(50ms);
        QCOMPARE(script.made, std::size_t{2});
        clock.advance(1s);
        QVERIFY(run.good());
        QCOMPARE(**run.result, 2);
        QCOMPARE(log.text(), std::string("hedged hedge_won success"));
        QVERIFY(script.contexts[1].stop.stop_requested());
    }

    void aCachedAnswerAndAFallback() {
        FakeClock clock;
        Profile profile = once();
        profile.cache = CacheOptions{30s, 10};
        CallLog log;
        CallRunner runner(clock, pipelineOf(profile, &log));
        Script script{clock, {{true}, {false}}};
        CallOptions options;
        options.cacheKey = "a";
        const FallbackFunction<int> fallback = [](Failure failure) -> Task<Outcome<int>> {
            co_return failure.kind == FailureKind::ServerError ? -1 : -2;
        };
        for (int i = 0; i < 2; ++i) {
            Running run(runner, script.function(), options, fallback);
            clock.advance(0s);
            QVERIFY(run.good());
            QCOMPARE(**run.result, 1);
        }
        clock.advance(30s);
        Running run(runner, script.function(), options, fallback);
        clock.advance(0s);
        QVERIFY(run.good());
        QCOMPARE(**run.result, -1);
        QCOMPARE(log.text(), std::string("success cache_hit success fell_back success"));
    }

    void anExceptionIsAFailure() {
        FakeClock clock;
        CallRunner runner(clock, pipelineOf(plain()));
        Running run(runner, [](CallContext) -> Task<Outcome<int>> {
            throw std::runtime_error("boom");
            co_return 1;
        });
        QCOMPARE(run.failed(), QStringLiteral("internal"));
        QVERIFY(run.result->error().message.contains(QStringLiteral("boom")));
    }

    void callsWithoutAValueWorkToo() {
        FakeClock clock;
        CallRunner runner(clock, pipelineOf(once()));
        bool good = false;
        TaskScope scope;
        scope.spawn([](CallRunner& r, bool& out) -> Task<> {
            CallFunction<void> call = [](CallContext) -> Task<Outcome<void>> {
                co_return Outcome<void>();
            };
            Task<Outcome<void>> task = r.run<void>(std::move(call));
            const Outcome<void> outcome = co_await task;
            out = outcome.has_value();
        }(runner, good));
        QVERIFY(good);
    }
};

QTEST_GUILESS_MAIN(TestCallRunner)
#include "tst_callrunner.moc"
