#include "core/resilience/replay.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

CircuitOptions threeInARow() {
    CircuitOptions options;
    options.consecutiveFailures = 3;
    options.waitDurationInOpenState = 10s;
    return options;
}

RecordedCall call(std::chrono::nanoseconds at, std::chrono::nanoseconds duration, bool failed) {
    return {at, duration, failed, ErrorClass::ServerError, failed ? "500" : ""};
}

} // namespace

class TestReplay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatABreakerWouldHaveDone() {
        std::vector<RecordedCall> calls;
        for (int second = 0; second < 60; ++second) // down from 10 s to 30 s
            calls.push_back(call(second * 1s, 100ms, second >= 10 && second < 30));
        const ReplayResult result = replay(calls, threeInARow());
        QCOMPARE(result.calls, 60U);
        QCOMPARE(result.failures, 20U);
        // Opens at 12.1 s; trials at 23 s (fails at 23.1 s) and 34 s.
        QCOMPARE(result.opens, 2U);
        QCOMPARE(result.resets, 1U);
        QCOMPARE(result.refusedFailures, 16U);
        QCOMPARE(result.refusedSuccesses, 4U);
        QVERIFY(result.notClosed == 22s);
        QVERIFY(result.endsAs == CircuitMode::Closed);
        QCOMPARE(result.transitions.size(), std::size_t{5});
        QVERIFY(result.transitions[0].at.time_since_epoch() == 12100ms);
        QVERIFY(result.transitions[1].at.time_since_epoch() == 23s);
    }

    /// A call counts when it ends, not when it begins, and only then can others see it.
    void callsThatOverlapEndInTheirOrder() {
        const std::vector<RecordedCall> calls{
            call(0s, 10s, true), call(1s, 1s, true),
            call(2s, 1s, true),  call(3s, 1s, true), // ends at 4 s: three in a row
            call(5s, 1s, false),                     // refused
        };
        const ReplayResult result = replay(calls, threeInARow());
        QCOMPARE(result.opens, 1U);
        QVERIFY(result.transitions[0].at.time_since_epoch() == 4s);
        QCOMPARE(result.refusedSuccesses, 1U);
        QCOMPARE(result.refusedFailures, 0U); // the first was under way and came late
    }

    void otherThresholdsGiveAnotherHistory() {
        std::vector<RecordedCall> calls;
        for (int i = 0; i < 100; ++i)
            calls.push_back(call(i * 100ms, 10ms, i % 3 == 0));
        QCOMPARE(replay(calls, threeInARow()).opens, 0U);
        CircuitOptions rate = threeInARow();
        rate.consecutiveFailures = 0;
        rate.failureRateThreshold = 0.3;
        QVERIFY(replay(calls, rate).opens > 0);
    }

    void isDeterministicAndSortsItsInput() {
        std::vector<RecordedCall> calls;
        std::mt19937 random(7); // NOLINT: the same calls each time
        for (int i = 0; i < 500; ++i)
            calls.push_back(call(std::chrono::milliseconds(i * 37 + random() % 30),
                                 std::chrono::milliseconds(random() % 900), random() % 3 == 0));
        const auto same = [](const ReplayResult& a, const ReplayResult& b) {
            return a.refusedFailures == b.refusedFailures &&
                   a.refusedSuccesses == b.refusedSuccesses && a.notClosed == b.notClosed &&
                   std::ranges::equal(a.transitions, b.transitions, [](auto& x, auto& y) {
                       return x.at == y.at && x.from == y.from && x.to == y.to &&
                              x.cause == y.cause;
                   });
        };
        const ReplayResult first = replay(calls, threeInARow());
        QVERIFY(first.opens > 1);
        QVERIFY(same(first, replay(calls, threeInARow())));
        std::ranges::shuffle(calls, random);
        QVERIFY(same(first, replay(calls, threeInARow())));
    }

    void nothingIsNothing() {
        const ReplayResult result = replay({}, threeInARow());
        QCOMPARE(result.calls, 0U);
        QVERIFY(result.transitions.empty());
    }
};

QTEST_GUILESS_MAIN(TestReplay)
#include "tst_replay.moc"
