// Random schedules, run through the breaker and through the plain model of circuitmodel.h, which
// must agree after every step.

#include "tests/core/resilience/circuithelpers.h"
#include "tests/core/resilience/circuitmodel.h"

#include <QTest>

#include <optional>
#include <rapidcheck.h>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<std::uint32_t>; ///< each is one step: what to do, and with what

CircuitOptions anyOptions() {
    const auto pick = [](int least, int most) { return *rc::gen::inRange(least, most + 1); };
    CircuitOptions options;
    options.name = "any";
    options.consecutiveFailures = pick(0, 4);
    options.failureRateThreshold = pick(0, 10) / 10.0;
    options.slowCallRateThreshold = pick(0, 4) / 4.0;
    options.slowCallDurationThreshold = 2s;
    options.slidingWindowType =
        pick(0, 1) ? SlidingWindowType::TimeBased : SlidingWindowType::CountBased;
    options.slidingWindowSize = pick(1, 12);
    options.minimumNumberOfCalls = pick(1, options.slidingWindowSize);
    options.waitDurationInOpenState = std::chrono::milliseconds(pick(1, 8000));
    options.waitDurationFactor = pick(2, 6) / 2.0;
    options.maxWaitDurationInOpenState = 20s;
    options.healthySpell = 9s;
    options.permittedNumberOfCallsInHalfOpenState = pick(1, 3);
    options.successesToClose = pick(1, 4);
    options.permittedFailuresInHalfOpenState = pick(0, 2);
    options.maxWaitDurationInHalfOpenState = 7s;
    options.ignoredErrors = {ErrorClass::Conflict};
    options.errorWeights = {{ErrorClass::RateLimited, 0.25}, {ErrorClass::Timeout, 2}};
    return options;
}

/// Runs one schedule through both.
class Race {
public:
    explicit Race(const CircuitOptions& options) : m_breaker(options), m_model(options) {}

    void step(std::uint32_t number) {
        const std::uint32_t with = number / 16;
        switch (number % 16) {
        case 0:
        case 1:
        case 2:
            m_now += std::chrono::milliseconds(with % 1500);
            break;
        case 3:
            m_now += std::chrono::seconds(with % 20);
            break;
        case 4:
        case 5:
        case 6:
            acquire();
            break;
        case 7:
        case 8:
        case 9:
            settle(with, std::nullopt);
            break;
        case 10:
        case 11:
        case 12:
            settle(with, ErrorClass::Unknown);
            break;
        case 13: {
            constexpr ErrorClass classes[] = {ErrorClass::RateLimited, ErrorClass::Timeout,
                                              ErrorClass::NotFound, ErrorClass::Conflict};
            settle(with, classes[(with >> 8) % 4]);
            break;
        }
        case 14:
            drop(with);
            break;
        default:
            command(with);
        }
        compare();
    }

    void compareDistances() const {
        const CircuitSnapshot seen = m_breaker.snapshot(m_now);
        if (seen.computed != CircuitMode::Closed || seen.effective != CircuitMode::Closed)
            return;
        RC_ASSERT(seen.failuresToOpen == m_model.callsToOpen(m_now, false));
        if (seen.options.slowCallRateThreshold > 0)
            RC_ASSERT(seen.slowCallsToOpen == m_model.callsToOpen(m_now, true));
    }

private:
    void acquire() {
        if (m_permits.size() > 6)
            return;
        CircuitPermit real = m_breaker.acquire(m_now);
        const CircuitModel::Permit expected = m_model.acquire(m_now);
        RC_ASSERT(bool(real) == (expected.leave != CircuitModel::Leave::No));
        RC_ASSERT(real.retryAfter() == expected.retryAfter);
        if (real)
            m_permits.emplace_back(std::move(real), expected);
    }

    auto take(std::uint32_t which) {
        auto taken = std::move(m_permits[which % m_permits.size()]);
        m_permits.erase(m_permits.begin() + which % m_permits.size());
        return taken;
    }

    void settle(std::uint32_t which, std::optional<ErrorClass> failure) {
        if (m_permits.empty())
            return;
        auto [real, expected] = take(which);
        if (!failure) {
            real.succeed(m_now);
            m_model.settle(expected, m_now, 0);
        } else if (*failure == ErrorClass::Conflict && // ignored: as if dropped, unless it is late
                   expected.round == m_model.round()) {
            real.fail(m_now, *failure, "ignored");
            m_model.drop(expected);
        } else {
            real.fail(m_now, *failure, "failed");
            m_model.settle(expected, m_now,
                           *failure == ErrorClass::RateLimited ? 0.25
                           : *failure == ErrorClass::Timeout   ? 2
                           : *failure == ErrorClass::NotFound  ? 0
                                                               : 1);
        }
    }

    void drop(std::uint32_t which) {
        if (m_permits.empty())
            return;
        auto [real, expected] = take(which);
        real.drop(m_now);
        m_model.drop(expected);
    }

    void command(std::uint32_t with) {
        constexpr CircuitMode modes[] = {CircuitMode::Closed,       CircuitMode::HalfOpen,
                                         CircuitMode::Open,         CircuitMode::ForcedOpen,
                                         CircuitMode::ForcedClosed, CircuitMode::Disabled,
                                         CircuitMode::MetricsOnly};
        const std::uint32_t which = with % 9;
        if (which >= 7) {
            m_breaker.release(m_now, "enough", "tester");
            m_model.release(m_now);
            return;
        }
        std::optional<Time> until;
        if (with / 9 % 2)
            until = m_now + std::chrono::milliseconds(with / 18 % 5000);
        m_breaker.force(modes[which], m_now, "because", "tester", until);
        m_model.force(modes[which], m_now, until);
    }

    void compare() const {
        const CircuitSnapshot real = m_breaker.snapshot(m_now);
        const CircuitSnapshot expected = m_model.snapshot(m_now);
        RC_ASSERT(int(real.computed) == int(expected.computed));
        RC_ASSERT(int(real.effective) == int(expected.effective));
        RC_ASSERT(real.calls == expected.calls);
        RC_ASSERT(real.failures == expected.failures);
        RC_ASSERT(real.slow == expected.slow);
        RC_ASSERT(real.weight == expected.weight);
        RC_ASSERT(real.consecutiveFailures == expected.consecutiveFailures);
        RC_ASSERT(real.notPermitted == expected.notPermitted);
        RC_ASSERT(real.lateResults == expected.lateResults);
        RC_ASSERT(real.opens == expected.opens);
        RC_ASSERT(real.resets == expected.resets);
        RC_ASSERT(real.trialsRunning == expected.trialsRunning);
        RC_ASSERT(real.trialsSucceeded == expected.trialsSucceeded);
        RC_ASSERT(real.trialsFailed == expected.trialsFailed);
        RC_ASSERT(real.relapses == expected.relapses);
        RC_ASSERT((real.openedAt == expected.openedAt));
        RC_ASSERT(real.imposed.has_value() == (real.effective != real.computed));
    }

    CircuitBreaker m_breaker;
    CircuitModel m_model;
    Time m_now = start;
    std::vector<std::pair<CircuitPermit, CircuitModel::Permit>> m_permits;
};

} // namespace

class TestCircuitProperties : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (!qEnvironmentVariableIsSet("RC_PARAMS"))
            qputenv("RC_PARAMS", "max_success=3000 max_size=150");
    }

    void doesWhatTheModelDoes() {
        QVERIFY(rc::check("the breaker does what the model does", [](const Numbers& numbers) {
            Race race(anyOptions());
            for (const std::uint32_t number : numbers)
                race.step(number);
            race.compareDistances();
        }));
    }

    void comesBackFromAnything() {
        QVERIFY(rc::check("a quiet end heals any breaker", [](const Numbers& numbers) {
            const CircuitOptions options = anyOptions();
            CircuitBreaker breaker(options);
            Time now = start;
            std::vector<CircuitPermit> lost; // never handed back
            for (const std::uint32_t number : numbers) {
                now += std::chrono::milliseconds(number % 9000);
                auto permit = breaker.acquire(now);
                if (!permit)
                    continue;
                if (number % 3 == 0)
                    permit.fail(now, "down");
                else if (number % 3 == 1)
                    lost.push_back(std::move(permit));
            }
            // A round that a lost trial wedges is given up once; the next one must do.
            const int enough = 2 * (options.successesToClose + 1);
            for (int i = 0; i < enough && mode(breaker, now) != CircuitMode::Closed; ++i) {
                now += options.maxWaitDurationInOpenState;
                breaker.acquire(now).succeed(now);
            }
            RC_ASSERT(int(mode(breaker, now)) == int(CircuitMode::Closed));
        }));
    }

    void readingChangesNothing() {
        QVERIFY(rc::check("a breaker that is read does the same", [](const Numbers& numbers) {
            const CircuitOptions options = anyOptions();
            CircuitBreaker watched(options), alone(options);
            Time now = start;
            for (const std::uint32_t number : numbers) {
                now += std::chrono::milliseconds(number % 4000);
                watched.snapshot(now + std::chrono::milliseconds(number % 100'000));
                watched.snapshot(Time{});
                auto one = watched.acquire(now), other = alone.acquire(now);
                RC_ASSERT(bool(one) == bool(other));
                if (number % 2 && one) {
                    one.fail(now, "down");
                    other.fail(now, "down");
                } else {
                    one.succeed(now);
                    other.succeed(now);
                }
            }
            RC_ASSERT(int(mode(watched, now)) == int(mode(alone, now)));
        }));
    }
};

QTEST_GUILESS_MAIN(TestCircuitProperties)
#include "tst_circuitproperties.moc"
