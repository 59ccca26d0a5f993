#include "core/resilience/calltally.h"

#include <QTest>

#include <barrier>
#include <set>
#include <thread>
#include <vector>

using namespace vigie;

class TestCallTally : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsUnderTheCurrentTagOnly() {
        CallTally tally(7);
        QVERIFY(tally.addSuccess(7));
        QVERIFY(tally.addSuccess(7));
        QVERIFY(!tally.addSuccess(8));
        QCOMPARE(tally.successes(), 2U);
        QCOMPARE(tally.take(8), 2U);
        QVERIFY(!tally.addSuccess(7));
        QVERIFY(tally.addSuccess(8));
        QCOMPARE(tally.take(8), 1U);
        QCOMPARE(tally.take(8), 0U);
    }

    void tagsMayOverflow() {
        CallTally tally(~0U);
        QVERIFY(tally.addSuccess(~0U));
        QCOMPARE(tally.take(0), 1U);
        QVERIFY(!tally.addSuccess(~0U));
        QVERIFY(tally.addSuccess(0));
    }

    /// A number never runs into its tag: a full cell says so and loses nothing.
    void aFullCellSaysSo() {
        CallTally tally(1);
        std::uint64_t added = 0;
        while (tally.addSuccess(1))
            ++added;
        QCOMPARE(added, std::uint64_t{CallTally::fullAt});
        QVERIFY(!tally.addSuccess(1));
        QCOMPARE(tally.take(1), added);
        QVERIFY(tally.addSuccess(1));
    }

    void losesAndDoublesNothing() {
        constexpr int threads = 6, calls = 30'000;
        CallTally tally(0);
        std::atomic<std::uint32_t> tag{0};
        std::atomic<std::uint64_t> counted{0}, late{0};
        std::atomic<int> running{threads};
        std::vector<std::thread> callers;
        for (int i = 0; i < threads; ++i)
            callers.emplace_back([&] {
                for (int call = 0; call < calls; ++call) {
                    const std::uint32_t seen = tag;
                    ++(tally.addSuccess(seen) ? counted : late);
                    tally.addRefusal();
                }
                --running;
            });
        std::uint64_t taken = 0;
        while (running > 0) {
            taken += tally.take(tag + 1);
            ++tag;
            std::this_thread::yield();
        }
        for (auto& caller : callers)
            caller.join();
        taken += tally.take(0);
        QCOMPARE(taken, counted.load());
        QCOMPARE(counted + late, std::uint64_t{threads} * calls);
        QCOMPARE(tally.refusals(), std::uint64_t{threads} * calls);
    }

    void livingThreadsHaveNumbersOfTheirOwn() {
        constexpr int threads = 80; // more than there are numbers
        std::vector<unsigned> numbers(threads);
        const auto runAll = [&] {
            std::barrier together(threads);
            std::vector<std::thread> all;
            for (unsigned& number : numbers)
                all.emplace_back([&] {
                    number = threadNumber();
                    together.arrive_and_wait(); // all are alive at once
                });
            for (auto& one : all)
                one.join();
        };
        for (int round = 0; round < 3; ++round) { // numbers are given back
            runAll();
            std::set<unsigned> own;
            int shared = 0;
            for (const unsigned number : numbers) {
                if (number >= sharedThreadNumber)
                    ++shared;
                else
                    QVERIFY(own.insert(number).second);
            }
            QCOMPARE(static_cast<int>(own.size()) + shared, threads);
            QVERIFY(own.size() >= sharedThreadNumber - 4); // Qt may keep a few
        }
    }

    void refusalsOfThreadsThatCameAndWentStay() {
        CallTally tally;
        for (int i = 0; i < 50; ++i)
            std::thread([&] { tally.addRefusal(); }).join();
        QCOMPARE(tally.refusals(), 50U);
    }
};

QTEST_GUILESS_MAIN(TestCallTally)
#include "tst_calltally.moc"
