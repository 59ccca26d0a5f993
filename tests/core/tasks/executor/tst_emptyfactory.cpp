// Seeds 002 and 004: a thousand tasks on faulty engines, with the resilience engine and without.

#include "core/tasks/presets/workflowpreset.h"
#include "tests/core/tasks/executor/executing.h"

#include <QTest>

using namespace vigie;

namespace {

constexpr int taskCount = 1000;

double lostShare(const std::vector<TaskResult>& results) {
    const auto lost =
        std::ranges::count_if(results, [](const TaskResult& result) { return !result.succeeded; });
    return 100.0 * static_cast<double>(lost) / taskCount;
}

/// A round more for those that failed of something that may have passed, as a run does at its end.
std::vector<TaskResult> withReplays(ExecutionBench& bench, int width, int rounds) {
    std::vector<TaskResult> results = bench.run(ExecutionBench::orders(taskCount), width);
    for (int round = 0; round < rounds; ++round) {
        std::vector<TaskOrder> again;
        for (const TaskOrder& order : ExecutionBench::orders(taskCount)) {
            const auto result = std::ranges::find(results, order.task.id, &TaskResult::taskId);
            if (result != results.end() && !result->succeeded &&
                defaultTraits(result->errorClass).retriable)
                again.push_back(order);
        }
        if (again.empty())
            break;
        bench.clock.advance(std::chrono::seconds(30));
        for (const TaskResult& result : bench.run(std::move(again), width))
            *std::ranges::find(results, result.taskId, &TaskResult::taskId) = result;
    }
    return results;
}

} // namespace

class TestEmptyFactory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void failsAsTheSeedSays() {
        FakeClock clock;
        MockFactory factory(clock, {});
        QStringList seen;
        const auto watch = [](MockFactory& f, Clock& c, QStringList& list) -> Task<> {
            for (int i = 1; i <= 15; ++i) {
                const MonotonicTime begin = c.now();
                EngineRequest request;
                request.prompt = QStringLiteral("p");
                const auto outcome = co_await f.generate(request, {});
                const auto took =
                    std::chrono::duration_cast<std::chrono::milliseconds>(c.now() - begin);
                list.append(QStringLiteral("%1%2")
                                .arg(outcome ? QString() : QStringLiteral("x"))
                                .arg(took.count()));
            }
        };
        const Task<> running = watch(factory, clock, seen);
        clock.advance(std::chrono::minutes(2));
        QCOMPARE(seen.join(u' '),
                 QStringLiteral("150 150 x50 150 5000 x50 150 150 x50 5000 150 x50 150 150 x50"));
    }

    void observesCancellationAtOnce() {
        FakeClock clock;
        MockFactory factory(clock, {0, 1, 0, 1});
        std::stop_source source;
        bool cancelled = false;
        const auto watch = [](MockFactory& f, std::stop_token stop, bool& result) -> Task<> {
            const auto outcome = co_await f.generate({}, stop);
            result = !outcome && outcome.error().kind == FailureKind::Cancelled;
        };
        const Task<> running = watch(factory, source.get_token(), cancelled);
        clock.advance(std::chrono::seconds(1));
        source.request_stop();
        QVERIFY(cancelled);
        QCOMPARE(factory.cancelled(), 1u);
    }

    void losesLessThanOneInAHundred_data() {
        QTest::addColumn<bool>("emptyFactory");
        QTest::addColumn<int>("width");
        for (const bool empty : {true, false}) {
            for (const int width : {1, 2, 8, taskCount}) {
                const QByteArray name = QByteArray(empty ? "empty factory" : "20 % fail") +
                                        ", at once " + QByteArray::number(width);
                QTest::newRow(name.constData()) << empty << width;
            }
        }
    }
    void losesLessThanOneInAHundred() {
        QFETCH(bool, emptyFactory);
        QFETCH(int, width);
        const auto factoryFor = [emptyFactory](Clock& clock) {
            MockFactoryOptions options;
            if (!emptyFactory)
                options = {0, 0, 0.2, 7};
            return std::make_unique<MockFactory>(clock, options);
        };
        // The bench makes its clock; the engine has to wait for it.
        const auto share = [&](bool resilient, const Profile& profile, int rounds) {
            ExecutionBench bench(nullptr, resilient, profile);
            bench.engines.begin()->second = factoryFor(bench.clock);
            const auto results = withReplays(bench, width, rounds);
            if (results.size() != taskCount)
                return 100.0;
            return lostShare(results);
        };
        const auto preset = [](const char* name) {
            return workflowPreset(QString::fromLatin1(name)).value_or(WorkflowPreset());
        };
        const WorkflowPreset usual = preset("default");
        const WorkflowPreset production = preset("production");
        const double without = share(false, llmTask(), 0);
        const double first = share(true, usual.over(llmTask()), 0);
        // What `vigied task run` does: by itself, with a plan that names its profile, and as
        // production.
        const double run = share(true, usual.over(llmTask()), usual.deadLetterReplayRounds);
        const double named = share(true, llmTask(), usual.deadLetterReplayRounds);
        const double best =
            share(true, production.over(llmTask()), production.deadLetterReplayRounds);
        qInfo("%-28s lost: without %5.1f %%   task run %5.2f %% (before its replays %4.1f %%)   "
              "profile llm-task %5.2f %%   preset production %5.2f %%",
              QTest::currentDataTag(), without, run, first, named, best);
        QVERIFY2(run < 1.0, QByteArray::number(run).constData());
        QVERIFY2(named < 1.0, QByteArray::number(named).constData());
        QVERIFY2(best < 1.0, QByteArray::number(best).constData());
        QVERIFY2(without > 15.0, "the engine under it must be a bad one");
    }

    // resources/plans/one-in-five.toml: its failures take as long as its answers, so that they
    // don't stand together in the order in which fifty calls at once end, where five in a row open
    // the breaker for half a minute.
    void theShippedPlanIsOverSoon() {
        ExecutionBench bench(nullptr, true,
                             workflowPreset(QStringLiteral("default"))->over(llmTask()));
        MockFactoryOptions options{0, 0, 0.2, 7};
        options.failAfter = options.normal;
        bench.engines.begin()->second = std::make_unique<MockFactory>(bench.clock, options);
        const MonotonicTime begin = bench.clock.now();
        const auto results = bench.run(ExecutionBench::orders(taskCount), 50);
        QCOMPARE(results.size(), std::size_t(taskCount));
        const Duration took = bench.clock.now() - begin;
        qInfo("took %lld s", static_cast<long long>(took / std::chrono::seconds(1)));
        QVERIFY(took < std::chrono::minutes(2));
        QVERIFY(lostShare(results) < 1.0);
    }
};

QTEST_GUILESS_MAIN(TestEmptyFactory)
#include "tst_emptyfactory.moc"
