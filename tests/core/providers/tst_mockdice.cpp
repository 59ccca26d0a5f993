#include "core/base/timeformat.h"
#include "core/providers/mock/mockcatalog.h"
#include "core/providers/mock/mockdice.h"

#include <QMap>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestMockDice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSameSeedTellsTheSameStory() {
        MockDice a(5), b(5), c(6);
        bool differs = false;
        for (int i = 0; i < 200; ++i) {
            const Duration span = a.exponential(10s);
            QVERIFY(span == b.exponential(10s));
            differs |= span != c.exponential(10s);
            QVERIFY(a.fault({}) == b.fault({}));
            QCOMPARE(a.below(7), b.below(7));
        }
        QVERIFY(differs);
    }

    void staysInItsRanges() {
        MockDice dice(1);
        double sum = 0;
        for (int i = 0; i < 20'000; ++i) {
            QVERIFY(dice.below(3) < 3);
            const Duration around = dice.around(10s, 0.3);
            QVERIFY(around >= 7s && around <= 13s);
            const Duration span = dice.exponential(10s);
            QVERIFY(span >= 0s);
            sum += toSeconds(span);
            QVERIFY(!dice.happens(0));
            QVERIFY(dice.happens(1));
        }
        QVERIFY2(std::abs(sum / 20'000 - 10) < 0.5, qPrintable(QString::number(sum / 20'000)));
    }

    void faultsComeByTheirWeights() {
        MockDice dice(1);
        MockFaults faults;
        faults.crash = 3;
        faults.silent = 1;
        faults.agentDead = faults.hung = faults.vanish = 0;
        QMap<QString, int> counts;
        for (int i = 0; i < 4000; ++i)
            ++counts[toString(dice.fault(faults))];
        QCOMPARE(counts.keys(), (QStringList{QStringLiteral("crash"), QStringLiteral("silent")}));
        QVERIFY(std::abs(counts[QStringLiteral("silent")] - 1000) < 150);
        faults.crash = faults.silent = 0;
        QVERIFY(dice.fault(faults) == MockFault::None);
    }

    void outOfStock_data() {
        QTest::addColumn<QStringList>("patterns");
        QTest::addColumn<bool>("out");
        QTest::newRow("nothing") << QStringList() << false;
        QTest::newRow("this pair") << QStringList{QStringLiteral("z/t")} << true;
        QTest::newRow("zone") << QStringList{QStringLiteral("z/*")} << true;
        QTest::newRow("type") << QStringList{QStringLiteral("*/t")} << true;
        QTest::newRow("others") << QStringList{QStringLiteral("z/u"), QStringLiteral("y/t")}
                                << false;
        QTest::newRow("rubbish") << QStringList{QStringLiteral("zt"), QString(),
                                                QStringLiteral("/t")}
                                 << false;
    }
    void outOfStock() {
        QFETCH(QStringList, patterns);
        QFETCH(bool, out);
        QCOMPARE(isOutOfStock(patterns, QStringLiteral("z"), QStringLiteral("t")), out);
    }
};

QTEST_GUILESS_MAIN(TestMockDice)
#include "tst_mockdice.moc"
