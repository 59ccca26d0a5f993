#include "core/base/log.h"
#include "tests/core/tasks/executor/executing.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Task<Outcome<QString>> answer(QString text) {
    co_return text;
}
Task<Outcome<QString>> refusal(ErrorClass errorClass) {
    co_return failing(errorClass);
}
Task<Outcome<QString>> asksToWait(Duration wait) {
    Failure failure = failing(ErrorClass::Overloaded).value();
    failure.retryAfter = wait;
    co_return fail(std::move(failure));
}
Task<Outcome<QString>> after(Clock& clock, Duration delay, QString text, std::stop_token stop) {
    const bool rested = co_await sleepFor(clock, delay, std::move(stop));
    if (!rested)
        co_return failing(ErrorClass::Cancelled);
    co_return text;
}

} // namespace

class TestTaskExecutor : public QObject {
    Q_OBJECT

    static std::unique_ptr<ScriptedEngine> engine(ScriptedEngine::Script script) {
        return std::make_unique<ScriptedEngine>(std::move(script));
    }
    static std::unique_ptr<ScriptedEngine> failingEngine(ErrorClass errorClass) {
        return engine(
            [errorClass](int, EngineRequest, std::stop_token) { return refusal(errorClass); });
    }

private Q_SLOTS:
    void retriesWithBackOff() {
        ExecutionBench bench(engine([](int call, EngineRequest, std::stop_token) {
            return call < 3 ? refusal(ErrorClass::Overloaded) : answer(QStringLiteral("at last"));
        }));
        const TaskResult result = bench.one(ExecutionBench::orders(1).front());
        QVERIFY(result.succeeded);
        QCOMPARE(result.text, QStringLiteral("at last"));
        QCOMPARE(result.attempts.size(), 3u);
        QVERIFY(!result.attempts[0].succeeded && result.attempts[2].succeeded);
        QVERIFY(result.attempts[0].errorClass == ErrorClass::Overloaded);
        // 200 ms x 2^n, each give or take 30 %.
        const Duration first = result.attempts[1].after;
        const Duration second = result.attempts[2].after - first;
        QVERIFY(first >= 140ms && first <= 260ms);
        QVERIFY(second >= 280ms && second <= 520ms);
    }

    void sendsOneKeyHoweverOften() {
        ExecutionBench bench(failingEngine(ErrorClass::Overloaded));
        bench.one(ExecutionBench::orders(1).front());
        const auto& scripted = static_cast<const ScriptedEngine&>(*bench.engines.begin()->second);
        QCOMPARE(scripted.requests.size(), 3u);
        for (const EngineRequest& request : scripted.requests)
            QCOMPARE(request.idempotencyKey, QStringLiteral("key-1"));
    }

    void doesNotRetryWhatIsFinal() {
        ExecutionBench bench(failingEngine(ErrorClass::InvalidKey));
        const TaskResult result = bench.one(ExecutionBench::orders(1).front());
        QVERIFY(!result.succeeded);
        QVERIFY(result.errorClass == ErrorClass::InvalidKey);
        QCOMPARE(result.attempts.size(), 1u);
        QCOMPARE(result.message, QStringLiteral("it failed on purpose"));
    }

    // Seed 000: the time-out holds exactly, also when the callee ignores cancellation.
    void timesOutAfterThreeSeconds_data() {
        QTest::addColumn<bool>("obeys");
        QTest::newRow("an engine that observes cancellation") << true;
        QTest::newRow("an engine that ignores it") << false;
    }
    void timesOutAfterThreeSeconds() {
        QFETCH(bool, obeys);
        Clock* clock = nullptr;
        ExecutionBench bench(engine([&](int, EngineRequest, std::stop_token stop) {
            return after(*clock, 5s, QStringLiteral("late"), obeys ? stop : std::stop_token());
        }));
        clock = &bench.clock;
        const TaskResult result = bench.one(ExecutionBench::orders(1).front());
        QVERIFY(!result.succeeded);
        QVERIFY(result.errorClass == ErrorClass::Timeout);
        QCOMPARE(result.attempts.size(), 3u);
        for (const TaskAttempt& each : result.attempts) {
            QVERIFY(each.took == 3s);
            QVERIFY(each.errorClass == ErrorClass::Timeout);
        }
        QVERIFY(result.message.contains(QStringLiteral("3")));
        bench.clock.advance(10s); // late answers come, and count for nothing
    }

    void aModelHasItsOwnTimeOut() {
        Clock* clock = nullptr;
        ExecutionBench bench(engine([&](int, EngineRequest, std::stop_token stop) {
            return after(*clock, 9s, QStringLiteral("slow but fine"), stop);
        }));
        clock = &bench.clock;
        QVERIFY(
            bench.one(ExecutionBench::orders(1, QStringLiteral("gemma-3-270m")).front()).succeeded);
        TaskOrder own = ExecutionBench::orders(1).front();
        own.task.timeout = 9500ms;
        QVERIFY(bench.one(own).succeeded);
    }

    // Seed 000: the breaker of a model opens after five failures, and only that model's.
    void theBreakerOpensAfterFiveFailures() {
        ExecutionBench bench(engine([](int, EngineRequest request, std::stop_token) {
            return request.model == QLatin1String("bad") ? refusal(ErrorClass::Overloaded)
                                                         : answer(QStringLiteral("fine"));
        }));
        Profile once = llmTask();
        once.retry.maxAttempts = 1;
        QVERIFY(bench.executor->reload(once).empty());
        bench.run(ExecutionBench::orders(5, QStringLiteral("bad")), 1);
        const auto pipelines = bench.executor->pipelines();
        QCOMPARE(pipelines.size(), 1u);
        QVERIFY(pipelines.front()->circuit()->snapshot(bench.clock.now()).effective ==
                CircuitMode::Open);
        QVERIFY(bench.one(ExecutionBench::orders(1, QStringLiteral("good")).front()).succeeded);
    }

    void anOpenBreakerIsWaitedFor() {
        ExecutionBench bench(engine([](int call, EngineRequest, std::stop_token) {
            return call <= 6 ? refusal(ErrorClass::Overloaded) : answer(QStringLiteral("fine"));
        }));
        const auto results = bench.run(ExecutionBench::orders(4), 1);
        QCOMPARE(results.size(), 4u);
        // The first used up its attempts; the second's met the open breaker and waited.
        QVERIFY(!results[0].succeeded);
        QVERIFY(results[2].succeeded && results[3].succeeded);
        const auto& scripted = static_cast<const ScriptedEngine&>(*bench.engines.begin()->second);
        QVERIFY(scripted.requests.size() <= 10);
    }

    // Patience, and not the retry, decides how long a breaker is waited for; also under a profile
    // that came later.
    void patienceHoldsAfterAReload() {
        ExecutionBench bench(failingEngine(ErrorClass::Overloaded), true, llmTask(), 5s);
        bench.run(ExecutionBench::orders(3), 1); // opens the breaker for 30 s
        Profile profile = llmTask();
        profile.retry.maxAttempts = 5;
        QVERIFY(bench.executor->reload(profile).empty());
        const TaskResult refused = bench.one(ExecutionBench::orders(1).front());
        QVERIFY(refused.errorClass == ErrorClass::BreakerOpen);
        QVERIFY(refused.took <= 5s);
        QVERIFY(refused.attempts.empty());
    }

    // A server may ask for as long as it likes; the task has its own idea of how long it has.
    void aServerThatAsksForADayIsNotWaitedFor() {
        QStringList told;
        setLogSink([&told](const LogRecord& record) { told.append(record.message); });
        ExecutionBench bench(engine([](int call, EngineRequest, std::stop_token) {
                                 return call <= 2 ? asksToWait(call == 1 ? 4s : 24h)
                                                  : answer(QStringLiteral("never asked"));
                             }),
                             true, llmTask(), 60s);
        const TaskResult result = bench.one(ExecutionBench::orders(1).front());
        setLogSink({});
        QVERIFY(!result.succeeded);
        QCOMPARE(result.attempts.size(), 2u); // four seconds it had
        QVERIFY(result.attempts[1].after >= 4s && result.took < 5s);
        QVERIFY2(result.message.contains(QStringLiteral("longer than the task's patience")),
                 qUtf8Printable(result.message));
        QCOMPARE(told.size(), 2);
        QVERIFY2(told.first().contains(QStringLiteral("asks to wait 4 s")),
                 qUtf8Printable(told.first()));
    }

    void whoWaitsForABreakerSaysSoOnce() {
        QStringList told;
        setLogSink([&told](const LogRecord& record) { told.append(record.message); });
        ExecutionBench bench(failingEngine(ErrorClass::Overloaded), true, llmTask(), 20s);
        bench.run(ExecutionBench::orders(8), 8); // opens it for 30 s, longer than they have
        QCOMPARE(told, QStringList());
        bench.clock.advance(15s);
        bench.run(ExecutionBench::orders(8), 8);
        setLogSink({});
        QCOMPARE(told.size(), 1);
        QVERIFY2(told.first().contains(QStringLiteral("for the circuit breaker engine:gpu")),
                 qUtf8Printable(told.first()));
    }

    void aPlanNeverCollapses() {
        ExecutionBench bench(failingEngine(ErrorClass::InvalidRequest));
        const auto results = bench.run(ExecutionBench::orders(20), 20);
        QCOMPARE(results.size(), 20u);
    }

    void runsAsManyAtOnceAsTheStrategySays_data() {
        QTest::addColumn<int>("width");
        QTest::newRow("serial") << 1;
        QTest::newRow("limited to two") << 2;
        QTest::newRow("parallel") << 12;
    }
    void runsAsManyAtOnceAsTheStrategySays() {
        QFETCH(int, width);
        Clock* clock = nullptr;
        int running = 0;
        int most = 0;
        const auto counted = [](Clock& c, int& now, int& peak) -> Task<Outcome<QString>> {
            peak = std::max(peak, ++now);
            co_await sleepFor(c, 100ms, {});
            --now;
            co_return QStringLiteral("done");
        };
        ExecutionBench bench(engine(
            [&](int, EngineRequest, std::stop_token) { return counted(*clock, running, most); }));
        clock = &bench.clock;
        const MonotonicTime begin = bench.clock.now();
        const auto results = bench.run(ExecutionBench::orders(12), width);
        QCOMPARE(results.size(), 12u);
        QCOMPARE(most, width);
        QVERIFY(bench.clock.now() - begin <= 1200ms / width + 100ms);
    }

    void aStopEndsWhatRunsAndBeginsNothingNew() {
        Clock* clock = nullptr;
        ExecutionBench bench(engine([&](int, EngineRequest, std::stop_token stop) {
            return after(*clock, 1s, QStringLiteral("done"), stop);
        }));
        clock = &bench.clock;
        std::stop_source source;
        const Timer stopping = bench.clock.schedule(2500ms, [&] { source.request_stop(); });
        const auto results = bench.run(ExecutionBench::orders(10), 1, source.get_token());
        QCOMPARE(results.size(), 2u); // the third was stopped: it is left, not failed
    }

    void withoutTheEngineEachIsTriedOnce() {
        Clock* clock = nullptr;
        ExecutionBench bench(engine([&](int call, EngineRequest, std::stop_token stop) {
                                 return call == 1 ? refusal(ErrorClass::Overloaded)
                                                  : after(*clock, 60s, QStringLiteral("x"), stop);
                             }),
                             false);
        clock = &bench.clock;
        const auto results = bench.run(ExecutionBench::orders(2), 1);
        QVERIFY(!results[0].succeeded && results[0].attempts.size() == 1);
        QVERIFY(results[1].succeeded); // no time-out either
    }
};

QTEST_GUILESS_MAIN(TestTaskExecutor)
#include "tst_taskexecutor.moc"
