// The same profile, the same failures: on a thread and on the event loop a pipeline makes the same
// calls, gives the same answer and tells the same events.

#include "core/calls/callrunner.h"
#include "core/resilience/threadrunner.h"
#include "tests/core/resilience/manualtime.h"
#include "tests/support/calllog.h"
#include "tests/support/fakeclock.h"

#include <QRandomGenerator>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// What each call does; the last goes on. Classes that both forms can say.
using Steps = std::vector<std::optional<ErrorClass>>;

struct Seen {
    std::vector<std::string> events;
    std::vector<bool> answers;
    int calls = 0;
    CircuitMode breaker = CircuitMode::Closed;
    bool operator==(const Seen&) const = default;
};

CallOptions idempotent() {
    CallOptions options;
    options.idempotent = true;
    return options;
}

FailureKind kindOf(ErrorClass errorClass) {
    switch (errorClass) {
    case ErrorClass::Timeout:
        return FailureKind::Timeout;
    case ErrorClass::InvalidRequest:
        return FailureKind::Invalid;
    default:
        return FailureKind::ServerError;
    }
}

Seen onThread(const Profile& profile, const Steps& steps, int runs) {
    CallLog log;
    ManualTime time;
    Pipeline pipeline("k", profile, {&log}, time.now());
    Seen seen;
    for (int i = 0; i < runs; ++i) {
        const auto result = runOnThread(
            pipeline, time,
            [&](const CallContext&) -> Result<int> {
                const auto& step = steps[std::min<std::size_t>(seen.calls++, steps.size() - 1)];
                if (step)
                    return CallError{*step, "it failed", {}};
                return 1;
            },
            idempotent());
        seen.answers.push_back(result.ok());
    }
    seen.events = log.words();
    if (pipeline.circuit())
        seen.breaker = pipeline.circuit()->snapshot(time.now()).computed;
    return seen;
}

Task<Outcome<int>> step(Seen& seen, const Steps& steps) {
    const auto& next = steps[std::min<std::size_t>(seen.calls++, steps.size() - 1)];
    if (next)
        co_return fail(kindOf(*next), QStringLiteral("it failed"));
    co_return 1;
}

Seen onEventLoop(const Profile& profile, const Steps& steps, int runs) {
    CallLog log;
    FakeClock clock;
    PipelineParts parts;
    parts.listener = &log;
    const auto pipeline = std::make_shared<Pipeline>("k", profile, parts, clock.now());
    CallRunner runner(clock, pipeline);
    Seen seen;
    for (int i = 0; i < runs; ++i) {
        std::optional<bool> answer;
        TaskScope scope;
        scope.spawn(
            [](CallRunner& r, Seen& s, const Steps& all, std::optional<bool>& out) -> Task<> {
                CallFunction<int> call = [&s, &all](CallContext) { return step(s, all); };
                Task<Outcome<int>> task = r.run<int>(std::move(call), idempotent());
                const Outcome<int> outcome = co_await task;
                out = outcome.has_value();
            }(runner, seen, steps, answer));
        for (int waits = 0; !answer && waits < 100; ++waits)
            clock.advance(1s);
        seen.answers.push_back(answer.value_or(false));
    }
    seen.events = log.words();
    if (pipeline->circuit())
        seen.breaker = pipeline->circuit()->snapshot(clock.now()).computed;
    return seen;
}

} // namespace

class TestPipelineForms : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothFormsDoTheSame() {
        QRandomGenerator random(20261122);
        const std::vector<std::optional<ErrorClass>> choices{
            {}, {}, ErrorClass::ServerError, ErrorClass::Timeout, ErrorClass::InvalidRequest};
        std::vector<Strategy> order = Profile::defaultOrder();
        int failing = 0;
        for (int round = 0; round < 300; ++round) {
            Profile profile;
            profile.retry.maxAttempts = 1 + random.bounded(4);
            profile.retry.backoff.first = 1s;
            profile.retry.backoff.factor = 1;
            profile.retry.backoff.jitter = BackoffOptions::Jitter::None;
            if (random.bounded(2))
                profile.retry.overallDeadline = 2500ms;
            profile.circuit->consecutiveFailures = 1 + random.bounded(4);
            profile.circuit->waitDurationInOpenState = std::chrono::seconds(1 + random.bounded(4));
            if (random.bounded(3) == 0)
                profile.circuit.reset();
            profile.retryBudget = {random.bounded(2) * 0.2, 3};
            profile.bulkhead = BulkheadOptions{1, 0, 0s};
            std::shuffle(order.begin(), order.end(), random);
            profile.order = order;
            Steps steps;
            for (int i = 0; i < 12; ++i)
                steps.push_back(choices[random.bounded(int(choices.size()))]);

            const Seen thread = onThread(profile, steps, 6);
            const Seen loop = onEventLoop(profile, steps, 6);
            const auto text = [](const Seen& seen) {
                QString all = QString::number(seen.calls) + u':';
                for (const std::string& word : seen.events)
                    all += u' ' + QString::fromStdString(word);
                return all;
            };
            QVERIFY2(thread == loop, qPrintable(QStringLiteral("round %1\nthread %2\nloop   %3")
                                                    .arg(round)
                                                    .arg(text(thread), text(loop))));
            failing += std::count(thread.answers.begin(), thread.answers.end(), false) > 0;
        }
        QVERIFY(failing > 100); // they did have something to disagree about
    }
};

QTEST_GUILESS_MAIN(TestPipelineForms)
#include "tst_pipelineforms.moc"
