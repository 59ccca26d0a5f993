// What must hold for every back-off and every run of retries, tried on thousands of random ones.

#include "core/resilience/backoff.h"
#include "core/resilience/latencywindow.h"
#include "core/resilience/retrybudget.h"
#include "core/resilience/retrypolicy.h"

#include <QTest>

#include <rapidcheck.h>

using namespace vigie;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace rc {

template <>
struct Arbitrary<BackoffOptions> {
    static Gen<BackoffOptions> arbitrary() {
        const auto millis = [](int from, int to) {
            return gen::map(gen::inRange(from, to),
                            [](int ms) { return nanoseconds(std::chrono::milliseconds(ms)); });
        };
        return gen::build<BackoffOptions>(
            gen::set(&BackoffOptions::growth,
                     gen::element(BackoffOptions::Growth::Fixed, BackoffOptions::Growth::Linear,
                                  BackoffOptions::Growth::Exponential)),
            gen::set(&BackoffOptions::jitter,
                     gen::element(BackoffOptions::Jitter::None, BackoffOptions::Jitter::Share,
                                  BackoffOptions::Jitter::Full,
                                  BackoffOptions::Jitter::Decorrelated)),
            gen::set(&BackoffOptions::first, millis(0, 5000)),
            gen::set(&BackoffOptions::max, millis(0, 60000)),
            gen::set(&BackoffOptions::factor,
                     gen::map(gen::inRange(100, 1000), [](int n) { return n / 100.0; })),
            gen::set(&BackoffOptions::share,
                     gen::map(gen::inRange(0, 101), [](int n) { return n / 100.0; })));
    }
};

template <>
struct Arbitrary<AttemptResult> {
    static Gen<AttemptResult> arbitrary() {
        return gen::build<AttemptResult>(
            gen::set(&AttemptResult::retryable),
            gen::set(&AttemptResult::refused,
                     gen::map(gen::inRange(0, 5), [](int n) { return n == 0; })),
            gen::set(&AttemptResult::retryAfter, gen::map(gen::inRange(-3000, 20000), [](int ms) {
                return ms < 0 ? std::optional<nanoseconds>()
                              : std::optional<nanoseconds>(std::chrono::milliseconds(ms));
            })));
    }
};

} // namespace rc

namespace {

std::vector<nanoseconds> waits(const BackoffOptions& options, std::uint64_t seed, int count = 60) {
    Backoff backoff(options, seed);
    std::vector<nanoseconds> all;
    for (int i = 0; i < count; ++i)
        all.push_back(backoff.next());
    return all;
}

const RetryPolicy::Time start{24h};

} // namespace

class TestBackoffProperties : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyWaitIsWithinItsBounds() {
        QVERIFY(rc::check([](const BackoffOptions& options, std::uint64_t seed) {
            for (const nanoseconds wait : waits(options, seed)) {
                RC_ASSERT(wait >= 0ns);
                RC_ASSERT(wait <= options.max);
            }
        }));
    }

    void equalSeedsGiveEqualWaits() {
        QVERIFY(rc::check([](const BackoffOptions& options, std::uint64_t seed) {
            RC_ASSERT(waits(options, seed) == waits(options, seed));
        }));
    }

    void withoutJitterWaitsNeverShrinkAndReachTheCap() {
        QVERIFY(rc::check([](BackoffOptions options, std::uint64_t seed) {
            options.jitter = BackoffOptions::Jitter::None;
            const auto all = waits(options, seed, 200);
            RC_ASSERT(std::is_sorted(all.begin(), all.end()));
            RC_ASSERT(all.front() == std::min(options.first, options.max));
            const bool grows = options.growth == BackoffOptions::Growth::Exponential &&
                               options.factor > 1.2 && options.first > 0ns;
            if (grows) // 1.2^199 of a nanosecond is longer than any cap
                RC_ASSERT(options.max - all.back() <= 1ns);
        }));
    }

    void aShareStaysAroundTheWaitWithoutJitter() {
        QVERIFY(rc::check([](BackoffOptions options, std::uint64_t seed) {
            options.jitter = BackoffOptions::Jitter::Share;
            BackoffOptions plain = options;
            plain.jitter = BackoffOptions::Jitter::None;
            const auto middle = waits(plain, seed);
            const auto all = waits(options, seed);
            for (std::size_t i = 0; i < all.size(); ++i) {
                const double centre = double(middle[i].count());
                RC_ASSERT(double(all[i].count()) >= centre * (1 - options.share) - 2);
                RC_ASSERT(double(all[i].count()) <= centre * (1 + options.share) + 2);
            }
        }));
    }

    void aRunOfRetriesKeepsItsLimits() {
        QVERIFY(rc::check([](const BackoffOptions& backoff, std::vector<AttemptResult> results,
                             std::uint64_t seed) {
            RetryOptions options;
            options.backoff = backoff;
            options.maxAttempts = *rc::gen::inRange(1, 8);
            options.overallDeadline = std::chrono::milliseconds(*rc::gen::inRange(0, 30000));
            RetryPolicy policy(options, start, seed);
            RetryPolicy::Time now = start;
            int calls = 0;
            for (const AttemptResult& result : results) {
                calls += !result.refused;
                const auto decision = policy.afterFailure(result, now);
                RC_ASSERT(policy.calls() == calls);
                if (!decision.wait)
                    break;
                RC_ASSERT(result.retryable || result.refused);
                RC_ASSERT(calls < options.maxAttempts);
                RC_ASSERT(!result.retryAfter || *decision.wait >= *result.retryAfter);
                now += *decision.wait;
                if (options.overallDeadline > 0ns)
                    RC_ASSERT(now - start < options.overallDeadline);
            }
            RC_ASSERT(calls <= options.maxAttempts);
        }));
    }

    void retriesAreAtMostTheirShareOfTheTraffic() {
        QVERIFY(rc::check([](const std::vector<std::uint8_t>& retriesPerCall) {
            RetryBudgetOptions options;
            options.share = *rc::gen::inRange(1, 101) / 100.0;
            options.burst = *rc::gen::inRange(1, 50);
            RetryBudget budget(options);
            double granted = 0;
            double operations = 0;
            for (const int wanted : retriesPerCall) {
                budget.deposit();
                ++operations;
                for (int i = 0; i < wanted % 6; ++i)
                    granted += budget.withdraw();
                RC_ASSERT(granted <= operations * options.share + options.burst + 1e-3);
                RC_ASSERT(budget.balance() >= 0);
                RC_ASSERT(budget.balance() <= options.burst);
            }
        }));
    }

    void anOutageIsNotMultiplied() {
        RetryBudget budget({0.2, 10});
        int calls = 0;
        for (int operation = 0; operation < 10'000; ++operation) {
            budget.deposit();
            RetryPolicy policy(RetryOptions(), start, 1, &budget);
            ++calls;
            while (policy.afterFailure({true, false, {}}, start).wait)
                ++calls;
        }
        QVERIFY2(calls <= 12'010, qPrintable(QString::number(calls))); // 30,000 without a budget
        QVERIFY(calls >= 12'000);
        QVERIFY(budget.exhausted() > 0);
    }

    void theFirstWaitFollowsTheLatency() {
        LatencyWindow latency;
        RetryOptions options;
        options.adaptive = true;
        options.backoff.first = 200ms;
        options.backoff.max = 30s;
        options.backoff.jitter = BackoffOptions::Jitter::None;
        const auto firstWait = [&] {
            RetryPolicy policy(options, start, 1, nullptr, &latency);
            return *policy.afterFailure({true, false, {}}, start).wait;
        };
        QVERIFY(firstWait() == 200ms); // nothing is known yet
        for (int i = 1; i <= 100; ++i)
            latency.record(std::chrono::milliseconds(100 * i));
        QVERIFY(firstWait() == 5s); // the median
        for (int i = 0; i < 200; ++i)
            latency.record(120s);
        QVERIFY(firstWait() == 30s); // the cap
        for (int i = 0; i < 200; ++i)
            latency.record(1ms);
        QVERIFY(firstWait() == 200ms); // never less than the profile says
    }
};

QTEST_GUILESS_MAIN(TestBackoffProperties)
#include "tst_backoffproperties.moc"
