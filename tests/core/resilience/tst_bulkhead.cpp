#include "core/resilience/bulkhead.h"
#include "core/resilience/threadrunner.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct Queued : Bulkhead::Waiter {
    bool in = false;
    Queued() {
        granted = [](Bulkhead::Waiter& waiter) { static_cast<Queued&>(waiter).in = true; };
    }
};

using Entry = Bulkhead::Entry;

} // namespace

class TestBulkhead : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placesAreCountedAndGivenBack() {
        Bulkhead bulkhead({2, 0, 1s});
        BulkheadPermit first = bulkhead.tryAcquire();
        {
            const BulkheadPermit second = bulkhead.tryAcquire();
            QVERIFY(first && second && !bulkhead.tryAcquire());
            QCOMPARE(bulkhead.running(), 2);
        }
        QCOMPARE(bulkhead.running(), 1);
        first = bulkhead.tryAcquire(); // takes the second, gives the first back
        QCOMPARE(bulkhead.running(), 1);
        first.release();
        first.release();
        QCOMPARE(bulkhead.running(), 0);
    }

    void thoseWhoWaitAreServedInOrder() {
        Bulkhead bulkhead({1, 2, 1s});
        BulkheadPermit running = bulkhead.tryAcquire();
        Queued a;
        Queued b;
        Queued c;
        QVERIFY(bulkhead.enter(a) == Entry::Waiting);
        QVERIFY(bulkhead.enter(b) == Entry::Waiting);
        QVERIFY(bulkhead.enter(c) == Entry::Full);
        QVERIFY(!bulkhead.tryAcquire());
        running.release();
        QVERIFY(a.in && !b.in);
        QVERIFY(!bulkhead.tryAcquire()); // nobody overtakes b
        bulkhead.adopt().release();      // a is done
        QVERIFY(b.in);
        bulkhead.adopt().release();
        QCOMPARE(bulkhead.running(), 0);
        QCOMPARE(bulkhead.queued(), 0);
    }

    void whoLeavesTheQueueIsNotServed() {
        Bulkhead bulkhead({1, 2, 1s});
        BulkheadPermit running = bulkhead.tryAcquire();
        Queued a;
        Queued b;
        QVERIFY(bulkhead.enter(a) == Entry::Waiting);
        QVERIFY(bulkhead.enter(b) == Entry::Waiting);
        QVERIFY(bulkhead.abandon(a));
        QVERIFY(!bulkhead.abandon(a));
        running.release();
        QVERIFY(!a.in && b.in);
        QVERIFY(!bulkhead.abandon(b)); // granted: it is b's to give back
        bulkhead.adopt().release();
        QCOMPARE(bulkhead.running(), 0);
    }

    void limitsCanBeChanged() {
        Bulkhead bulkhead({1, 5, 1s});
        BulkheadPermit first = bulkhead.tryAcquire();
        Queued a;
        Queued b;
        QVERIFY(bulkhead.enter(a) == Entry::Waiting);
        QVERIFY(bulkhead.enter(b) == Entry::Waiting);
        bulkhead.reconfigure({2, 5, 1s});
        QVERIFY(a.in && !b.in);
        bulkhead.reconfigure({1, 5, 1s}); // two are under way: the next place goes to nobody
        first.release();
        QVERIFY(!b.in);
        bulkhead.adopt().release();
        QVERIFY(b.in);
        bulkhead.adopt().release();
        QCOMPARE(bulkhead.running(), 0);
    }

    void threadsNeverExceedItAndAllAreServed() {
        constexpr int places = 3;
        constexpr int threads = 8;
        constexpr int rounds = 300;
        Profile profile;
        profile.retry.maxAttempts = 1;
        profile.bulkhead = BulkheadOptions{places, threads, 60s};
        Pipeline pipeline("k", profile);
        std::atomic<int> inside{0};
        std::atomic<int> most{0};
        std::atomic<int> served{0};
        std::vector<std::thread> all;
        for (int t = 0; t < threads; ++t) {
            all.emplace_back([&] {
                for (int i = 0; i < rounds; ++i) {
                    const auto result =
                        runOnThread(pipeline, SteadyTime(), [&](const CallContext&) -> Result<int> {
                            const int now = ++inside;
                            for (int seen = most;
                                 now > seen && !most.compare_exchange_weak(seen, now);) {
                            }
                            std::this_thread::yield();
                            --inside;
                            return 1;
                        });
                    served += result.ok();
                }
            });
        }
        for (std::thread& thread : all)
            thread.join();
        QCOMPARE(served.load(), threads * rounds);
        QVERIFY(most.load() <= places);
        QCOMPARE(pipeline.bulkhead()->running(), 0);
        QCOMPARE(pipeline.bulkhead()->queued(), 0);
    }

    void givingUpAndBeingServedAtOnceLosesNoPlace() {
        Profile profile;
        profile.retry.maxAttempts = 1;
        profile.bulkhead = BulkheadOptions{1, 100, 50us};
        Pipeline pipeline("k", profile);
        std::atomic<int> ended{0};
        std::vector<std::thread> all;
        for (int t = 0; t < 6; ++t) {
            all.emplace_back([&] {
                for (int i = 0; i < 300; ++i) {
                    const auto result =
                        runOnThread(pipeline, SteadyTime(), [](const CallContext&) -> Result<int> {
                            std::this_thread::yield();
                            return 1;
                        });
                    ended += result.ok() || result.error().errorClass == ErrorClass::BulkheadFull;
                }
            });
        }
        for (std::thread& thread : all)
            thread.join();
        QCOMPARE(ended.load(), 6 * 300);
        QCOMPARE(pipeline.bulkhead()->running(), 0);
        QCOMPARE(pipeline.bulkhead()->queued(), 0);
    }

    void optionsAreChecked() {
        QCOMPARE(BulkheadOptions({0, 0, 1s}).problem(),
                 std::string("maxConcurrentCalls is 0, but must be 1 to 1000000"));
        QCOMPARE(BulkheadOptions({1, 0, -1s}).problem(),
                 std::string("maxWait is -1, but must be 0 to 24 h (seconds)"));
    }
};

QTEST_GUILESS_MAIN(TestBulkhead)
#include "tst_bulkhead.moc"
