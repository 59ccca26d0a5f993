#include "tests/core/resilience/circuithelpers.h"

#include <QTest>

#include <vector>

using namespace vigie;
using namespace vigie::circuittest;
using namespace std::chrono_literals;

class TestCircuitOverride : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void forcedOpenRefusesAndKeepsWhatItWas() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::ForcedOpen, start, "maintenance");
        const auto refused = breaker.acquire(start);
        QVERIFY(!refused);
        QVERIFY(!refused.retryAfter());
        const auto seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QVERIFY(seen.effective == CircuitMode::ForcedOpen);
        QCOMPARE(QString::fromStdString(seen.transitions.back().cause),
                 QStringLiteral("maintenance"));
        breaker.release(start, "done");
        QVERIFY(breaker.acquire(start));
    }

    void forcedClosedLetsPassAndGoesOnComputing() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::ForcedClosed, start, "we need it");
        fail(breaker, 3);
        auto seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Open);
        QVERIFY(seen.effective == CircuitMode::ForcedClosed);
        QVERIFY(breaker.acquire(start)); // would be refused
        auto trial = breaker.acquire(start + 30s);
        auto bystander = breaker.acquire(start + 30s);
        QVERIFY(trial && bystander);
        bystander.fail(start + 30s); // not a trial: decides nothing
        trial.succeed(start + 30s);
        seen = breaker.snapshot(start + 30s);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QCOMPARE(seen.notPermitted, 0ULL);
    }

    void disabledLooksAtNothing() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::Disabled, start, "CIRCUIT_BREAKER_ENABLED=false");
        fail(breaker, 50);
        const auto seen = breaker.snapshot(start);
        QCOMPARE(seen.calls, 0);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QVERIFY(seen.effective == CircuitMode::Disabled);
    }

    void metricsOnlyCountsButNeverMoves() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::MetricsOnly, start, "trying it out");
        fail(breaker, 20);
        const auto seen = breaker.snapshot(start);
        QCOMPARE(seen.failures, 20);
        QCOMPARE(seen.consecutiveFailures, 20);
        QVERIFY(seen.computed == CircuitMode::Closed);
        QVERIFY(seen.effective == CircuitMode::MetricsOnly);
        QVERIFY(breaker.acquire(start));
    }

    void movesByHand() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::ForcedOpen, start, "hold");
        breaker.force(CircuitMode::HalfOpen, start + 5s, "try one");
        auto seen = breaker.snapshot(start + 5s);
        QVERIFY(seen.effective == CircuitMode::HalfOpen);
        QVERIFY(seen.openedAt == start + 5s);
        QVERIFY(seen.transitions.back().from == CircuitMode::ForcedOpen);
        auto trial = breaker.acquire(start + 5s);
        QVERIFY(!breaker.acquire(start + 5s));
        trial.succeed(start + 6s);
        QVERIFY(mode(breaker, start + 6s) == CircuitMode::Closed);
        breaker.force(CircuitMode::Open, start + 7s, "by hand");
        QVERIFY(breaker.acquire(start + 8s).retryAfter() == 29s);
        breaker.force(CircuitMode::Closed, start + 9s, "reset");
        QVERIFY(breaker.acquire(start + 9s));
    }

    void showsWhoDidItAndWhy() {
        CircuitBreaker breaker(threeInARow());
        breaker.force(CircuitMode::ForcedOpen, start + 1s, "database moves", "ada", start + 61s);
        auto seen = breaker.snapshot(start + 2s);
        QVERIFY(seen.imposed);
        QVERIFY(seen.imposed->mode == CircuitMode::ForcedOpen);
        QCOMPARE(text(seen.imposed->actor), QStringLiteral("ada"));
        QCOMPARE(text(seen.imposed->reason), QStringLiteral("database moves"));
        QVERIFY(seen.imposed->since == start + 1s);
        QVERIFY(seen.imposed->until == start + 61s);
        QCOMPARE(text(seen.transitions.back().actor), QStringLiteral("ada"));
        breaker.release(start + 3s, "moved", "grace");
        seen = breaker.snapshot(start + 3s);
        QVERIFY(!seen.imposed);
        QCOMPARE(text(seen.transitions.back().actor), QStringLiteral("grace"));
        QCOMPARE(seen.opens + seen.resets, 0U);        // by hand nothing opened and nothing closed
        breaker.release(start + 4s, "again", "grace"); // nothing to release
        QCOMPARE(breaker.snapshot(start + 4s).transitions.size(), std::size_t{2});
    }

    void anOverrideEndsByTimeAlone_data() {
        QTest::addColumn<int>("imposed");
        for (const CircuitMode mode : {CircuitMode::ForcedOpen, CircuitMode::ForcedClosed,
                                       CircuitMode::Disabled, CircuitMode::MetricsOnly})
            QTest::newRow(toString(mode)) << int(mode);
    }
    void anOverrideEndsByTimeAlone() {
        QFETCH(int, imposed);
        const auto imposedMode = static_cast<CircuitMode>(imposed);
        QStringList told;
        CircuitBreaker breaker(threeInARow(), [&](const CircuitEvent& event) {
            if (event.transition)
                told << text(event.transition->cause);
        });
        breaker.force(imposedMode, start, "an hour of peace", "ada", start + 1h);
        QVERIFY(breaker.snapshot(start + 1h - 1ns).effective == imposedMode);
        for (int i = 0; i < 3; ++i) { // in what is shown
            const auto seen = breaker.snapshot(start + 1h);
            QVERIFY(seen.effective == CircuitMode::Closed && !seen.imposed);
            QCOMPARE(seen.transitions.size(), std::size_t{2});
            QVERIFY(seen.transitions.back().at == start + 1h);
            QVERIFY(seen.transitions.back().from == imposedMode);
        }
        QCOMPARE(told.size(), 1);     // reading told nobody anything
        fail(breaker, 3, start + 2h); // in what is done
        const auto seen = breaker.snapshot(start + 2h);
        QVERIFY(seen.effective == CircuitMode::Open);
        QCOMPARE(told, (QStringList{QStringLiteral("an hour of peace"),
                                    QStringLiteral("the override has expired"),
                                    QStringLiteral("3 consecutive failures; the last: connection "
                                                   "refused")}));
        QVERIFY(seen.transitions[1].at == start + 1h); // when it ended, not when that was noticed
    }

    void anExpiredOverrideGivesBackTheComputedState() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        breaker.force(CircuitMode::ForcedClosed, start + 1s, "must go on", "ada", start + 10s);
        QVERIFY(breaker.acquire(start + 9s));
        const auto refused = breaker.acquire(start + 10s);
        QVERIFY(!refused);
        QVERIFY(refused.retryAfter() == 20s);
        // Over in the past is over at once.
        breaker.force(CircuitMode::ForcedClosed, start + 11s, "too late", "ada", start);
        QVERIFY(!breaker.acquire(start + 11s));
        QVERIFY(breaker.snapshot(start + 11s).effective == CircuitMode::Open);
    }

    /// Hystrix#860: forced closed was shown as open. Both are wanted: computed and effective.
    void forcedClosedIsNotShownAsOpen() {
        CircuitBreaker breaker(threeInARow());
        fail(breaker, 3);
        breaker.force(CircuitMode::ForcedClosed, start, "we need it", "ops");
        const auto seen = breaker.snapshot(start);
        QVERIFY(seen.computed == CircuitMode::Open);
        QVERIFY(seen.effective == CircuitMode::ForcedClosed);
    }

    void metricsOnlyOpensWithTheNextCallAfterIt() {
        CircuitBreaker breaker(halfOfTen());
        breaker.force(CircuitMode::MetricsOnly, start, "trying it out", "ops", start + 10s);
        fail(breaker, 8);
        succeed(breaker, 1);
        breaker.acquire(start + 10s).succeed(start + 10s);
        QVERIFY(mode(breaker, start + 10s) == CircuitMode::Open);
    }
};

QTEST_GUILESS_MAIN(TestCircuitOverride)
#include "tst_circuitoverride.moc"
