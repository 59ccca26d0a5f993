#include "core/telemetry/latencyrecorder.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

class TestLatencyRecorder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAllocatedBeforeTheFirstRecord() {
        QVERIFY(sizeof(LatencyRecorder) <= 16);
        LatencyRecorder recorder;
        QVERIFY(recorder.snapshot() == Histogram());
        QVERIFY(recorder.drain() == Histogram());
    }

    /// The snapshot is the value that had recorded the same.
    void snapshotIsTheValueHistogram() {
        std::mt19937_64 random(1);
        LatencyRecorder recorder;
        Histogram value;
        for (int i = 0; i < 20'000; ++i) {
            const nanoseconds each{std::int64_t(random() >> (random() % 45 + 19))};
            recorder.record(each);
            value.record(each);
        }
        recorder.record(-5s);
        value.record(-5s);
        recorder.record(2h);
        value.record(2h);
        QVERIFY(recorder.snapshot() == value);
        QCOMPARE(recorder.snapshot().overflow(), value.overflow());
        QVERIFY(recorder.snapshot() == value); // reading changes nothing
    }

    void onlyOneValueIsExact() {
        LatencyRecorder recorder;
        for (int i = 0; i < 100; ++i)
            recorder.record(1'234'567ns);
        const LatencyPercentiles seen = recorder.snapshot().percentiles();
        QVERIFY((seen == LatencyPercentiles{1'234'567ns, 1'234'567ns, 1'234'567ns, 1'234'567ns,
                                            1'234'567ns}));
    }

    void percentilesAgreeWithSorting() {
        std::mt19937_64 random(2);
        std::lognormal_distribution<double> shape(16, 2);
        LatencyRecorder recorder;
        std::vector<double> all;
        for (int i = 0; i < 50'000; ++i) {
            const double ns = std::clamp(std::floor(shape(random)), 1e3, 3.6e12);
            recorder.record(nanoseconds(std::int64_t(ns)));
            all.push_back(ns);
        }
        std::ranges::sort(all);
        const LatencyPercentiles seen = recorder.snapshot().percentiles();
        const auto isNear = [&all](nanoseconds found, double q) {
            const double exact = all[std::size_t(std::ceil(q * 50'000)) - 1];
            return std::abs(double(found.count()) - exact) <= 0.01 * exact;
        };
        QVERIFY(isNear(seen.p50, 0.5) && isNear(seen.p90, 0.9) && isNear(seen.p95, 0.95));
        QVERIFY(isNear(seen.p99, 0.99) && isNear(seen.p999, 0.999));
        QVERIFY(seen.p50 == recorder.snapshot().quantile(0.5));
        QVERIFY(seen.p999 == recorder.snapshot().quantile(0.999));
    }

    void hugeSumsStop() {
        LatencyRecorder recorder;
        nanoseconds before{};
        for (int i = 0; i < 6'000; ++i) {
            recorder.record(nanoseconds::max());
            const nanoseconds sum = i % 100 == 0 ? recorder.snapshot().sum() : before;
            QVERIFY(sum >= before);
            before = sum;
        }
        QVERIFY(before > 24h * 365 * 280);
        QCOMPARE(recorder.snapshot().count(), 6'000U);
        QVERIFY(recorder.snapshot().max() == 1h);
    }

    void drainBeginsAnew() {
        LatencyRecorder recorder;
        recorder.record(1ms);
        recorder.record(2h);
        QCOMPARE(recorder.drain().count(), 2U);
        QVERIFY(recorder.snapshot() == Histogram());
        recorder.record(7ms);
        const Histogram next = recorder.drain();
        QVERIFY(next.min() == 7ms && next.max() == 7ms && next.sum() == 7ms);
        QCOMPARE(next.overflow(), 0U);
    }

    void totalHoldsWhatWasDrained() {
        LatencyRecorder recorder;
        recorder.record(1ms);
        recorder.record(2h);
        recorder.drain();
        recorder.record(7ms);
        const Histogram all = recorder.total();
        QCOMPARE(all.count(), 3U);
        QCOMPARE(all.overflow(), 1U);
        QVERIFY(all.min() == 1ms && all.max() == 1h && all.sum() == 2h + 8ms);
        QCOMPARE(recorder.snapshot().count(), 1U);
    }

    /// Some have cells of their own and others share; so do octaves, once memory is spent.
    void moreThreadsThanCells() {
        LatencyRecorder recorder;
        Histogram expected;
        constexpr int each = 5'000;
        const auto value = [](int thread, int i) {
            return nanoseconds(std::int64_t{1000} << ((thread * 7 + i) % 31));
        };
        std::atomic<int> ready = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 9; ++t) {
            for (int i = 0; i < each; ++i)
                expected.record(value(t, i));
            threads.emplace_back([&, t] {
                for (++ready; ready < 9;)
                    std::this_thread::yield();
                for (int i = 0; i < each; ++i)
                    recorder.record(value(t, i));
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(recorder.drain() == expected);
        QVERIFY(recorder.snapshot() == Histogram());
        QVERIFY(recorder.total() == expected);
    }

    /// While others record, drains and snapshots lose and double nothing.
    void manyThreads() {
        LatencyRecorder recorder;
        constexpr int each = 20'000;
        std::vector<std::thread> threads;
        std::atomic<int> running = 3;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&recorder, &running, t] {
                for (int i = 0; i < each; ++i)
                    recorder.record(std::chrono::microseconds(1 + t * 1000 + i % 700));
                --running;
            });
        Histogram taken;
        while (running > 0) {
            const Histogram seen = recorder.snapshot();
            QVERIFY(seen.min() <= seen.max());
            QVERIFY(seen.quantile(0.5) <= seen.quantile(0.99));
            taken.merge(recorder.drain());
        }
        for (std::thread& thread : threads)
            thread.join();
        taken.merge(recorder.drain());
        Histogram expected;
        for (int t = 0; t < 3; ++t)
            for (int i = 0; i < each; ++i)
                expected.record(std::chrono::microseconds(1 + t * 1000 + i % 700));
        QCOMPARE(taken.count(), expected.count());
        QVERIFY(taken.sum() == expected.sum());
        QCOMPARE(taken.buckets().size(), expected.buckets().size());
        for (std::size_t i = 0; i < taken.buckets().size(); ++i)
            QCOMPARE(taken.buckets()[i].count, expected.buckets()[i].count);
    }
};

QTEST_GUILESS_MAIN(TestLatencyRecorder)
#include "tst_latencyrecorder.moc"
