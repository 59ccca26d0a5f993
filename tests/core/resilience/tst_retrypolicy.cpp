#include "core/resilience/retrypolicy.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using GiveUp = RetryPolicy::GiveUp;

namespace {

const RetryPolicy::Time start{24h};

RetryOptions options(int attempts, std::chrono::nanoseconds deadline = 0s) {
    RetryOptions made;
    made.maxAttempts = attempts;
    made.overallDeadline = deadline;
    made.backoff.first = 100ms;
    made.backoff.jitter = BackoffOptions::Jitter::None;
    return made;
}

constexpr AttemptResult again{true, false, {}};

} // namespace

class TestRetryPolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void attemptsAreTotalCalls() {
        RetryPolicy run(options(3), start, 1);
        QVERIFY(run.afterFailure(again, start).wait == 100ms);
        QVERIFY(run.afterFailure(again, start).wait == 200ms);
        const auto last = run.afterFailure(again, start);
        QVERIFY(!last.wait);
        QVERIFY(last.reason == GiveUp::Attempts);
        QCOMPARE(run.calls(), 3);
    }

    void oneAttemptNeverRetries() {
        RetryPolicy run(options(1), start, 1);
        QVERIFY(!run.afterFailure(again, start).wait);
    }

    void aFinalFailureEndsIt() {
        RetryPolicy run(options(3), start, 1);
        const auto decision = run.afterFailure({false, false, 1s}, start);
        QVERIFY(!decision.wait);
        QVERIFY(decision.reason == GiveUp::NotRetryable);
    }

    void retryAfterIsHonoured() {
        RetryPolicy run(options(3), start, 1);
        QVERIFY(run.afterFailure({true, false, 5s}, start).wait == 5s);
        // Shorter than the back-off: the back-off stands.
        QVERIFY(run.afterFailure({true, false, 1ms}, start).wait == 200ms);
    }

    void theNextAttemptMustStartWithinTheDeadline() {
        RetryPolicy run(options(9, 1s), start, 1);
        QVERIFY(run.remaining(start) == std::chrono::nanoseconds(1s));
        QVERIFY(run.afterFailure(again, start + 500ms).wait);
        const auto tooLate = run.afterFailure(again, start + 900ms);
        QVERIFY(!tooLate.wait);
        QVERIFY(tooLate.reason == GiveUp::Deadline);
        QVERIFY(run.remaining(start + 2s) == std::chrono::nanoseconds(0));
    }

    void retryAfterBeyondTheDeadlineGivesUpAtOnce() {
        RetryPolicy run(options(9, 10s), start, 1);
        const auto decision = run.afterFailure({true, false, 60s}, start);
        QVERIFY(!decision.wait);
        QVERIFY(decision.reason == GiveUp::Deadline);
    }

    void aRefusalIsNoCall() {
        RetryPolicy run(options(2, 10s), start, 1);
        QVERIFY(run.afterFailure({false, true, 3s}, start).wait == 3s);
        QCOMPARE(run.calls(), 0);
        QVERIFY(run.afterFailure(again, start + 3s).wait);
        QVERIFY(run.afterFailure(again, start + 4s).reason == GiveUp::Attempts);
        QCOMPARE(run.calls(), 2);
    }

    void aRefusalIsRetriedOnlyIfItsWaitFits() {
        RetryPolicy tight(options(3, 10s), start, 1);
        QVERIFY(!tight.afterFailure({false, true, 30s}, start).wait);
        // Held open by a person: no time given, no retry.
        RetryPolicy held(options(3), start, 1);
        QVERIFY(!held.afterFailure({false, true, {}}, start).wait);
    }

    void refusalsAreBoundedWithoutADeadline() {
        RetryPolicy run(options(3), start, 1);
        int waits = 0;
        while (run.afterFailure({false, true, 0s}, start).wait)
            QVERIFY(++waits < 10);
        QCOMPARE(waits, 2);
    }
};

QTEST_GUILESS_MAIN(TestRetryPolicy)
#include "tst_retrypolicy.moc"
