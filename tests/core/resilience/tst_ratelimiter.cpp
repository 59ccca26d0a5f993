#include "core/resilience/ratelimiter.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const RateLimiter::Time start{24h};

RateLimiterOptions options(int limit, std::chrono::nanoseconds period, int burst = 0,
                           std::chrono::nanoseconds maxWait = 0ns) {
    RateLimiterOptions made;
    made.limitForPeriod = limit;
    made.limitRefreshPeriod = period;
    made.burst = burst;
    made.maxWait = maxWait;
    return made;
}

} // namespace

class TestRateLimiter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBurstThenTheRate() {
        RateLimiter limiter(options(10, 1s));
        for (int i = 0; i < 10; ++i)
            QVERIFY(limiter.reserve(start) == 0ns);
        QVERIFY(!limiter.reserve(start));
        QVERIFY(limiter.untilNext(start) == 100ms);
        QVERIFY(!limiter.reserve(start + 99ms));
        QVERIFY(limiter.reserve(start + 100ms) == 0ns);
        QVERIFY(!limiter.reserve(start + 100ms));
        QVERIFY(limiter.reserve(start + 10s) == 0ns); // a rest gives one burst back, not more
        for (int i = 0; i < 9; ++i)
            QVERIFY(limiter.reserve(start + 10s) == 0ns);
        QVERIFY(!limiter.reserve(start + 10s));
    }

    void turnsAreWaitedForUpToALimit() {
        RateLimiter limiter(options(10, 1s, 1, 250ms));
        QVERIFY(limiter.reserve(start) == 0ns);
        QVERIFY(limiter.reserve(start) == 100ms);
        QVERIFY(limiter.reserve(start) == 200ms);
        QVERIFY(!limiter.reserve(start)); // 300 ms; no turn is taken
        QVERIFY(limiter.reserve(start + 50ms) == 250ms);
    }

    void newLimitsKeepWhatWasUsed() {
        RateLimiter limiter(options(1, 10s));
        QVERIFY(limiter.reserve(start) == 0ns);
        limiter.reconfigure(options(1, 1s));
        QVERIFY(!limiter.reserve(start + 5s));
        QVERIFY(limiter.reserve(start + 10s) == 0ns);
        QVERIFY(limiter.reserve(start + 11s) == 0ns);
    }

    void threadsTogetherKeepTheLimit() {
        RateLimiter limiter(options(1000, 1s));
        std::atomic<int> through{0};
        std::vector<std::thread> all;
        for (int t = 0; t < 4; ++t) {
            all.emplace_back([&] {
                for (int i = 0; i < 2000; ++i)
                    through += limiter.reserve(start + i * 100us).has_value();
            });
        }
        for (std::thread& thread : all)
            thread.join();
        // The burst, and one for each millisecond of the 200.
        QVERIFY2(through <= 1200 && through >= 1190, qPrintable(QString::number(through)));
    }

    void optionsAreChecked_data() {
        QTest::addColumn<int>("limit");
        QTest::addColumn<qint64>("period");
        QTest::addColumn<int>("burst");
        QTest::addColumn<QString>("names");
        QTest::newRow("none") << 0 << qint64(1'000'000'000) << 0 << "limitForPeriod is 0";
        QTest::newRow("too fast") << 1'000'000 << qint64(1000) << 0 << "limitForPeriod";
        QTest::newRow("period") << 1 << qint64(0) << 0 << "limitRefreshPeriod is 0";
        QTest::newRow("burst of years") << 1 << qint64(86'400'000'000'000) << 1'000'000 << "burst";
    }
    void optionsAreChecked() {
        QFETCH(int, limit);
        QFETCH(qint64, period);
        QFETCH(int, burst);
        QFETCH(QString, names);
        const auto wrong = options(limit, std::chrono::nanoseconds(period), burst).problem();
        QVERIFY2(wrong.find(names.toStdString()) == 0, wrong.c_str());
    }
};

QTEST_GUILESS_MAIN(TestRateLimiter)
#include "tst_ratelimiter.moc"
