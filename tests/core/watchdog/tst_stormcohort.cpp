#include "core/watchdog/stormcohort.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString pool = QStringLiteral("mock/z/m");

/// Ten of a pool, of whom the first `silent` are away.
struct Ten {
    StormCohort cohort;
    WatchdogPolicy policy;
    MonotonicTime now{100h};
    MonotonicTime fellSilent = now - 400s;

    void tick(std::size_t silent) {
        now += 10s;
        std::vector<Storm::Member> everybody;
        std::vector<StormCohort::Member> members;
        for (std::size_t place = 0; place < 10; ++place) {
            const bool away = place < silent;
            everybody.push_back({pool, away ? fellSilent : now});
            members.push_back({place, pool, away});
        }
        cohort.advance(members, Storm(everybody, policy, now), policy, now);
    }
};

} // namespace

class TestStormCohort : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLoneSilenceIsNoStorm() {
        Ten ten;
        ten.tick(2);
        QVERIFY(!ten.cohort.any());
        QVERIFY(!ten.cohort.contains(0));
    }

    void asLongAsTheyAreAwayTogetherItRages() {
        Ten ten;
        for (int tick = 0; tick < 500; ++tick)
            ten.tick(8);
        QVERIFY(ten.cohort.contains(0));
        QVERIFY(!ten.cohort.contains(9));
        QVERIFY(!ten.cohort.calmSince(pool));
        ten.tick(5);
        QVERIFY(!ten.cohort.calmSince(pool));
    }

    void thoseWhoAreBackProveNothingForTheOthers() {
        Ten ten;
        ten.tick(8);
        ten.tick(4);
        QVERIFY(!ten.cohort.calmSince(pool));
        QVERIFY(ten.cohort.contains(0));
        ten.tick(2);
        const MonotonicTime calm = ten.now;
        QVERIFY(ten.cohort.calmSince(pool) == calm);
        ten.tick(2);
        QVERIFY(ten.cohort.calmSince(pool) == calm);
    }

    void tooFewForAStormAreJudgedAlone() {
        Ten ten;
        ten.tick(3);
        QVERIFY(!ten.cohort.calmSince(pool));
        ten.tick(2);
        QVERIFY(ten.cohort.calmSince(pool) == ten.now);
    }

    void whoFallsSilentAgainIsNotBack() {
        Ten ten;
        ten.tick(8);
        ten.tick(1); // seven are back, one is really dead
        QVERIFY(ten.cohort.calmSince(pool));
        ten.fellSilent = ten.now;
        ten.now += 400s;
        ten.tick(8);
        QVERIFY(!ten.cohort.calmSince(pool));
        QVERIFY(ten.cohort.touches(pool));
    }

    void whenAllAreBackItIsForgotten() {
        Ten ten;
        ten.tick(8);
        ten.tick(0);
        QVERIFY(!ten.cohort.any());
        ten.tick(0);
        ten.fellSilent = ten.now;
        ten.now += 400s;
        ten.tick(9); // another storm is another cohort
        QVERIFY(ten.cohort.contains(8));
        QVERIFY(!ten.cohort.calmSince(pool));
    }
};

QTEST_GUILESS_MAIN(TestStormCohort)
#include "tst_stormcohort.moc"
