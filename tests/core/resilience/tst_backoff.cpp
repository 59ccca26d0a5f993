#include "core/resilience/backoff.h"

#include <QTest>

#include <set>

using namespace vigie;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

BackoffOptions plain() {
    BackoffOptions options;
    options.first = 100ms;
    options.max = 1s;
    options.jitter = BackoffOptions::Jitter::None;
    return options;
}

} // namespace

class TestBackoff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fixedStays() {
        auto options = plain();
        options.growth = BackoffOptions::Growth::Fixed;
        Backoff backoff(options, 1);
        for (int i = 0; i < 5; ++i)
            QVERIFY(backoff.next() == 100ms);
    }

    void exponentialGrowsToTheCap() {
        Backoff backoff(plain(), 1);
        for (const auto expected : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms})
            QVERIFY(backoff.next() == expected);
    }

    void theCapHoldsAfterAnyNumberOfSteps() {
        Backoff backoff(plain(), 1);
        for (int i = 0; i < 5000; ++i)
            backoff.next();
        QVERIFY(backoff.next() == 1s);
    }

    void shareJitterSpreadsAroundTheDelay() {
        auto options = plain();
        options.growth = BackoffOptions::Growth::Fixed;
        options.jitter = BackoffOptions::Jitter::Share;
        options.share = 0.2;
        Backoff backoff(options, 7);
        nanoseconds low = 1h, high = 0ns;
        for (int i = 0; i < 2000; ++i) {
            const auto wait = backoff.next();
            QVERIFY(wait >= 80ms && wait <= 120ms);
            low = std::min(low, wait);
            high = std::max(high, wait);
        }
        QVERIFY(low < 82ms && high > 118ms);
    }

    void atTheCapCallersStillSpread() {
        auto options = plain();
        options.first = options.max;
        options.jitter = BackoffOptions::Jitter::Share;
        options.share = 0.3;
        Backoff backoff(options, 3);
        std::set<nanoseconds> seen;
        for (int i = 0; i < 100; ++i) {
            const auto wait = backoff.next();
            QVERIFY(wait >= 700ms && wait <= 1s);
            seen.insert(wait);
        }
        QVERIFY(seen.size() > 95);
    }

    void fullJitterStartsAtZero() {
        auto options = plain();
        options.growth = BackoffOptions::Growth::Fixed;
        options.jitter = BackoffOptions::Jitter::Full;
        Backoff backoff(options, 11);
        nanoseconds low = 1h, high = 0ns;
        for (int i = 0; i < 2000; ++i) {
            const auto wait = backoff.next();
            low = std::min(low, wait);
            high = std::max(high, wait);
        }
        QVERIFY(low >= 0ns && low < 2ms);
        QVERIFY(high <= 100ms && high > 98ms);
    }

    void decorrelatedStaysBetweenFirstAndThreeTimesTheLast() {
        auto options = plain();
        options.jitter = BackoffOptions::Jitter::Decorrelated;
        Backoff backoff(options, 5);
        nanoseconds last = options.first;
        for (int i = 0; i < 1000; ++i) {
            const auto wait = backoff.next();
            QVERIFY(wait >= options.first && wait <= options.max);
            QVERIFY(wait <= 3 * last + 1ns);
            last = wait;
        }
    }

    void equalSeedsGiveEqualWaits() {
        BackoffOptions options;
        options.jitter = BackoffOptions::Jitter::Full;
        Backoff a(options, 42), b(options, 42), c(options, 43);
        bool differs = false;
        for (int i = 0; i < 10; ++i) {
            const auto wait = a.next();
            QVERIFY(wait == b.next());
            differs = differs || wait != c.next();
        }
        QVERIFY(differs);
    }

    void optionsOutOfRangeDoNoHarm() {
        BackoffOptions options;
        options.first = -5s;
        options.factor = std::numeric_limits<double>::quiet_NaN();
        options.share = -3;
        QVERIFY(Backoff(options, 1).next() == 0ns);
        options.first = 5s;
        options.max = 1s;
        QVERIFY(Backoff(options, 1).next() == 1s);
        options.max = -1s;
        QVERIFY(Backoff(options, 1).next() == 0ns);
    }
};

QTEST_GUILESS_MAIN(TestBackoff)
#include "tst_backoff.moc"
