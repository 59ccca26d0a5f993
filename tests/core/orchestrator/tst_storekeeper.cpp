#include "core/orchestrator/storekeeper.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

constexpr StoreKeeper::Kept kept{std::chrono::hours(24 * 90), std::chrono::hours(24 * 7)};

struct Kept {
    FakeClock clock;
    MemoryStore store;
    ControlPlane plane{clock, store};
    StoreKeeper keeper{plane, kept};

    void seconds(int count) {
        for (int i = 0; i < count; ++i) {
            clock.advance(1s);
            finishedTask(keeper.tick());
        }
    }
};

} // namespace

class TestStoreKeeper : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsOldGoesInBatchesAndThenNotForAWhile() {
        Kept k;
        k.store.oldRows = 2 * StoreKeeper::removedAtOnce + 1;
        k.seconds(599);
        QVERIFY(k.store.cuts.empty()); // the clock may have been set just now
        k.seconds(10);
        QCOMPARE(k.store.cuts.size(), std::size_t(3));
        QVERIFY(k.store.cuts[0].before == k.store.cuts[0].now - 24h * 90);
        QCOMPARE(k.keeper.figures().removed.at(QStringLiteral("action_events")),
                 quint64(2 * StoreKeeper::removedAtOnce + 1));
        k.seconds(580);
        QCOMPARE(k.store.cuts.size(), std::size_t(3));
        k.seconds(30);
        QCOMPARE(k.store.cuts.size(), std::size_t(4));
    }

    void aClockThatNobodyHasSetRemovesNothing() {
        Kept k;
        k.clock.jumpWall(-Duration(k.clock.wallNow().time_since_epoch()));
        k.seconds(1300);
        QVERIFY(k.store.cuts.empty());
    }

    void aClockThatJumpsIsTrustedOnlyLater() {
        Kept k;
        k.seconds(598);
        k.clock.jumpWall(std::chrono::hours(24 * 365));
        k.seconds(599);
        QVERIFY(k.store.cuts.empty());
        k.seconds(5);
        QCOMPARE(k.store.cuts.size(), std::size_t(1));
    }

    void onlyTheOneThatLeadsRemoves() {
        Kept k;
        k.store.isShared = true; // others share it, and nobody has given us the lead
        k.seconds(1300);
        QVERIFY(k.store.cuts.empty());
        QVERIFY(k.store.measured >= 2);
    }

    void aStoreThatIsAwayIsAskedAtTheNextInterval() {
        Kept k;
        k.store.failure = Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        k.seconds(620);
        QCOMPARE(k.store.cuts.size(), std::size_t(1));
        k.store.failure.reset();
        k.seconds(600);
        QCOMPARE(k.store.cuts.size(), std::size_t(2));
    }

    void samplesGoByTheirOwnAgeAndUnderTheSameGuard() {
        Kept k;
        const auto fill = [&k](std::chrono::hours age, int count) {
            for (int i = 0; i < count; ++i) {
                StoredSample row;
                row.sample.at = k.clock.wallNow() - age;
                k.store.sampleRows.push_back(row);
            }
        };
        fill(24h * 7 - 1h, 10);
        fill(24h * 7 + 1h, 2 * StoreKeeper::samplesAtOnce);
        k.seconds(590);
        k.clock.jumpWall(std::chrono::hours(24)); // ten would be too old by that clock
        k.seconds(599);
        QCOMPARE(k.store.sampleRows.size(), std::size_t(2 * StoreKeeper::samplesAtOnce + 10));
        k.clock.jumpWall(-std::chrono::hours(24));
        k.seconds(599);
        QCOMPARE(k.store.sampleRows.size(), std::size_t(2 * StoreKeeper::samplesAtOnce + 10));
        k.seconds(10);
        QCOMPARE(k.store.sampleRows.size(), std::size_t(10));
        QCOMPARE(k.keeper.figures().removed.at(QStringLiteral("samples")),
                 quint64(2 * StoreKeeper::samplesAtOnce));
    }

    void howLargeTheStoreIsIsMeasuredEveryTenMinutes() {
        Kept k;
        k.store.oldRows = 7;
        QVERIFY(k.keeper.figures().size.tables.empty());
        k.seconds(1);
        QCOMPARE(k.keeper.figures().size.bytes, 4096);
        QCOMPARE(k.keeper.figures().size.tables.at(0).rows, 7);
        k.seconds(500);
        QCOMPARE(k.store.measured, 1);
        k.seconds(200);
        QCOMPARE(k.store.measured, 2);
    }
};

QTEST_GUILESS_MAIN(TestStoreKeeper)
#include "tst_storekeeper.moc"
