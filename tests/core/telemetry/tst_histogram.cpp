#include "core/telemetry/histogram.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace vigie;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

class TestHistogram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void emptyIsZero() {
        const Histogram histogram;
        QCOMPARE(histogram.count(), 0U);
        QVERIFY(histogram.quantile(0.5) == 0ns);
        QVERIFY(histogram.min() == 0ns && histogram.max() == 0ns && histogram.sum() == 0ns);
        QVERIFY(histogram.buckets().empty());
    }

    void everyValueIsWithinOnePercent() {
        // Over the whole range, on and around every power of two and in between.
        std::mt19937_64 random(1);
        std::vector<std::int64_t> values{1000, 1001, 3'600'000'000'000};
        for (std::int64_t power = 1024; power < 3'600'000'000'000; power *= 2)
            for (const std::int64_t value : {power - 1, power, power + 1,
                                             power + std::int64_t(random() % std::uint64_t(power))})
                values.push_back(std::min(value, std::int64_t{3'600'000'000'000}));
        for (const std::int64_t ns : values) {
            Histogram histogram;
            histogram.record(nanoseconds(ns));
            histogram.record(1h); // and not only itself
            const auto seen = histogram.quantile(0.5).count();
            QVERIFY2(std::abs(double(seen - ns)) <= 0.01 * double(ns),
                     qPrintable(QStringLiteral("%1 as %2").arg(ns).arg(seen)));
        }
    }

    void bucketsDoNotOverlapAndHoldTheirValues() {
        Histogram histogram;
        for (std::int64_t ns = 1000; ns < 200'000; ns += 7)
            histogram.record(nanoseconds(ns));
        std::uint64_t sum = 0;
        nanoseconds last = 0ns;
        for (const auto& bucket : histogram.buckets()) {
            QVERIFY(bucket.lower >= last);
            QVERIFY(bucket.upper > bucket.lower);
            const auto inside = [&bucket] {
                std::uint64_t count = 0;
                for (std::int64_t ns = 1000; ns < 200'000; ns += 7)
                    count += nanoseconds(ns) > bucket.lower && nanoseconds(ns) <= bucket.upper;
                return count;
            }();
            QCOMPARE(bucket.count, inside);
            sum += bucket.count;
            last = bucket.upper;
        }
        QCOMPARE(sum, histogram.count());
    }

    void quantilesAgreeWithSorting() {
        std::mt19937_64 random(2);
        std::lognormal_distribution<double> shape(16, 2);
        Histogram histogram;
        std::vector<std::int64_t> all;
        for (int i = 0; i < 20'000; ++i) {
            const auto ns =
                std::clamp<std::int64_t>(std::int64_t(shape(random)), 1000, 3'600'000'000'000);
            all.push_back(ns);
            histogram.record(nanoseconds(ns));
        }
        std::ranges::sort(all);
        for (const double q : {0.0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
            const auto rank = std::max<std::size_t>(1, std::size_t(std::ceil(q * 20'000)));
            const std::int64_t exact = all[rank - 1];
            const std::int64_t seen = histogram.quantile(q).count();
            QVERIFY2(std::abs(double(seen - exact)) <= 0.01 * double(exact),
                     qPrintable(QString::number(q)));
        }
        QCOMPARE(histogram.quantile(1).count(), all.back());
    }

    void outOfRangeIsClamped() {
        Histogram histogram;
        histogram.record(-5s);
        histogram.record(0ns);
        histogram.record(10h);
        QCOMPARE(histogram.count(), 3U);
        QCOMPARE(histogram.overflow(), 1U);
        QVERIFY(histogram.min() == 1us);
        QVERIFY(histogram.max() == 1h);
        QVERIFY(histogram.quantile(1) == 1h);
        QVERIFY(histogram.sum() == 10h);
        QVERIFY(histogram.quantile(std::numeric_limits<double>::quiet_NaN()) >= 1us);
        QVERIFY(histogram.quantile(7) == 1h);
    }

    void neverAboveTheMaximum() {
        Histogram histogram;
        histogram.record(1'000'003ns);
        QVERIFY(histogram.quantile(0.99) == 1'000'003ns);
    }

    void mergeIsRecordingTogether() {
        std::mt19937_64 random(3);
        for (int round = 0; round < 50; ++round) {
            Histogram one, other, both;
            for (int i = 0; i < 40; ++i) {
                const nanoseconds value{std::int64_t(1) << (random() % 45)};
                (i % 3 ? one : other).record(value);
                both.record(value);
            }
            one.merge(other);
            QVERIFY(one.sum() == both.sum() && one.count() == both.count());
            QVERIFY(one.min() == both.min() && one.max() == both.max());
            QCOMPARE(one.overflow(), both.overflow());
            for (const double q : {0.0, 0.5, 0.9, 1.0})
                QVERIFY(one.quantile(q) == both.quantile(q));
            QCOMPARE(one.buckets().size(), both.buckets().size());
        }
    }

    void mergesWithNothingAndWithItself() {
        Histogram histogram, empty;
        histogram.record(5ms, 3);
        histogram.merge(empty);
        QCOMPARE(histogram.count(), 3U);
        empty.merge(histogram);
        QVERIFY(empty.min() == 5ms && empty.max() == 5ms);
        histogram.merge(histogram);
        QCOMPARE(histogram.count(), 6U);
        QCOMPARE(histogram.buckets().front().count, 6U);
    }

    void hugeSumsSaturate() {
        Histogram histogram;
        histogram.record(1h, 1'000'000'000'000ULL);
        QVERIFY(histogram.sum() == nanoseconds::max());
        histogram.record(1h);
        QVERIFY(histogram.sum() == nanoseconds::max());
        QVERIFY(histogram.quantile(0.5) == 1h);
    }

    void narrowRangesStaySmall() {
        Histogram histogram;
        QVERIFY(sizeof(Histogram) <= 96); // nothing is allocated before the first record
        histogram.record(1ms);
        histogram.record(1ms, 0);
        QCOMPARE(histogram.count(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestHistogram)
#include "tst_histogram.moc"
