#include "core/telemetry/windowedlatency.h"

#include <QTest>

#include <cmath>
#include <deque>
#include <random>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

using Time = WindowedLatency::Time;
const Time start{1000h};

} // namespace

class TestWindowedLatency : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void emptyIsEmpty() {
        const WindowedLatency latency;
        QCOMPARE(latency.window(1min, start).count(), 0U);
        QCOMPARE(latency.total().count(), 0U);
    }

    void oldValuesLeaveTheViewsOneByOne() {
        WindowedLatency latency;
        latency.record(1ms, start);
        latency.record(2ms, start + 30s);
        const auto counts = [&latency](nanoseconds after) {
            const Time now = start + after;
            return QList<quint64>{latency.window(1min, now).count(),
                                  latency.window(5min, now).count(),
                                  latency.window(15min, now).count(), latency.total().count()};
        };
        QCOMPARE(counts(30s), (QList<quint64>{2, 2, 2, 2}));
        QCOMPARE(counts(59s), (QList<quint64>{2, 2, 2, 2}));
        QCOMPARE(counts(75s), (QList<quint64>{1, 2, 2, 2}));
        QCOMPARE(counts(2min), (QList<quint64>{0, 2, 2, 2}));
        QCOMPARE(counts(7min), (QList<quint64>{0, 0, 2, 2}));
        QCOMPARE(counts(17min), (QList<quint64>{0, 0, 0, 2}));
        QCOMPARE(counts(59s), (QList<quint64>{2, 2, 2, 2})); // reading changed nothing
    }

    void longIdlenessEmptiesTheViews() {
        WindowedLatency latency;
        for (int i = 0; i < 100; ++i)
            latency.record(1ms, start + 10s * i);
        latency.record(9ms, start + 240h);
        QCOMPARE(latency.window(15min, start + 240h).count(), 1U);
        QVERIFY(latency.window(15min, start + 240h).min() == 9ms);
        QCOMPARE(latency.total().count(), 101U);
    }

    void aClockThatLagsIsTaken() {
        WindowedLatency latency;
        latency.record(1ms, start + 10s);
        latency.record(1ms, start); // another thread's reading
        latency.record(1ms, Time{-5h});
        QCOMPARE(latency.window(1min, start + 10s).count(), 3U);
    }

    void timesBeforeTheEpochWork() {
        WindowedLatency latency;
        for (int i = 0; i < 200; ++i)
            latency.record(1ms, Time{-1h} + 10s * i);
        const Time now = Time{-1h} + 1990s;
        QCOMPARE(latency.window(1min, now).count(), 7U); // one page more than asked
        QCOMPARE(latency.total().count(), 200U);
    }

    /// Against a list of everything: a view holds all of its time, and nothing older than a page.
    void viewsHoldWhatTheyPromise() {
        std::mt19937_64 random(3);
        for (int round = 0; round < 20; ++round) {
            WindowedLatency latency;
            std::deque<Time> all;
            Time now = start + 1s * int(random() % 600);
            for (int i = 0; i < 400; ++i) {
                now += random() % 50 == 0 ? nanoseconds(7min)
                                          : nanoseconds(random() % 15'000) * 1000000;
                latency.record(1ms, now);
                all.push_back(now);
                for (const nanoseconds length :
                     {nanoseconds(1min), nanoseconds(5min), nanoseconds(15min)}) {
                    const auto page = length <= 1min ? 10s : 60s;
                    const auto count = latency.window(length, now).count();
                    const auto within = [&](nanoseconds back) {
                        return quint64(std::ranges::count_if(
                            all, [&](Time each) { return each > now - back; }));
                    };
                    QVERIFY(count >= within(length));
                    QVERIFY(count <= within(length + page));
                }
            }
            QCOMPARE(latency.total().count(), 400U);
        }
    }

    void manyThreads() {
        WindowedLatency latency;
        std::vector<std::thread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&latency] {
                for (int i = 0; i < 20'000; ++i)
                    latency.record(1ms, start + 10ms * i);
            });
        std::uint64_t last = 0;
        for (int i = 0; i < 50; ++i) {
            const std::uint64_t seen = latency.total().count();
            QVERIFY(seen >= last);
            last = seen;
            QVERIFY(latency.window(15min, start + 200s).count() <= 60'000);
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(latency.total().count(), 60'000U);
        QCOMPARE(latency.window(15min, start + 200s).count(), 60'000U);
    }
};

QTEST_GUILESS_MAIN(TestWindowedLatency)
#include "tst_windowedlatency.moc"
