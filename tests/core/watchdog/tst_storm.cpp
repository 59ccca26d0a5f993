#include "core/watchdog/storm.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const MonotonicTime now{100h};
const WatchdogPolicy policy;
const QString poolA = QStringLiteral("mock/z/a");
const QString poolB = QStringLiteral("mock/z/b");

std::vector<Storm::Member> members(const QString& pool, int silent, int beating,
                                   Duration age = 310s) {
    std::vector<Storm::Member> all;
    for (int i = 0; i < silent; ++i)
        all.push_back({pool, now - age});
    for (int i = 0; i < beating; ++i)
        all.push_back({pool, now - 2s});
    return all;
}

std::vector<Storm::Member> operator+(std::vector<Storm::Member> a,
                                     const std::vector<Storm::Member>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace

class TestStorm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void limits_data() {
        QTest::addColumn<int>("silent");
        QTest::addColumn<int>("beating");
        QTest::addColumn<bool>("storm");
        QTest::newRow("nobody") << 0 << 10 << false;
        QTest::newRow("two of two") << 2 << 0 << false;
        QTest::newRow("two of three") << 2 << 1 << false;
        QTest::newRow("three of three") << 3 << 0 << true;
        QTest::newRow("three of ten: just 30 %") << 3 << 7 << true;
        QTest::newRow("three of eleven") << 3 << 8 << false;
        QTest::newRow("299 of 1000") << 299 << 701 << false;
        QTest::newRow("300 of 1000") << 300 << 700 << true;
        QTest::newRow("empty") << 0 << 0 << false;
    }
    void limits() {
        QFETCH(int, silent);
        QFETCH(int, beating);
        QFETCH(bool, storm);
        const Storm judged(members(poolA, silent, beating), policy, now);
        QCOMPARE(!judged.over(poolA).isEmpty(), storm);
        QCOMPARE(!judged.all().isEmpty(), storm);
    }

    void aPoolStormsAlone() {
        const Storm storm(members(poolA, 4, 0) + members(poolB, 0, 96), policy, now);
        QVERIFY(storm.over(poolA).contains(QLatin1String("4 of 4 in pool mock/z/a")));
        QVERIFY(storm.over(poolB).isEmpty());
    }

    void theFleetStormsOverAll() {
        std::vector<Storm::Member> fleet;
        for (int i = 0; i < 10; ++i)
            fleet = std::move(fleet) + members(QString::number(i), 1, 1);
        const Storm storm(fleet, policy, now);
        QVERIFY(storm.over(QStringLiteral("3")).contains(QLatin1String("10 of 20 in the fleet")));
        QVERIFY(!storm.over(QStringLiteral("no such pool")).isEmpty());
    }

    void deathsFarApartAreNoStorm() {
        const auto fleet =
            members(poolA, 1, 7, 310s) + members(poolA, 1, 0, 700s) + members(poolA, 1, 0, 1100s);
        QVERIFY(Storm(fleet, policy, now).all().isEmpty());
    }

    void theFirstToCrossTheThresholdIsNotALoneDeath() {
        // One is over it already, the others of the same outage follow within seconds.
        const auto fleet = members(poolA, 1, 2, 301s) + members(poolA, 5, 0, 296s);
        QVERIFY(!Storm(fleet, policy, now).over(poolA).isEmpty());
    }

    void alone() {
        const auto two = members(poolA, 1, 5, 700s) + members(poolB, 1, 5, 650s);
        QVERIFY(!Storm(two, policy, now).alone(two.front()));
        const auto apart = members(poolA, 1, 5, 700s) + members(poolB, 1, 5, 310s);
        QVERIFY(Storm(apart, policy, now).alone(apart.front()));
    }
};

QTEST_GUILESS_MAIN(TestStorm)
#include "tst_storm.moc"
