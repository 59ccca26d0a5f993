#include "core/resilience/faultinjection.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const FaultInjection::Time start{24h};

FaultRule rule(const char* key, double rate = 1) {
    FaultRule made;
    made.key = key;
    made.rate = rate;
    return made;
}

} // namespace

class TestFaultInjection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itIsOffUntilRulesAreSet() {
        FaultInjection faults(1);
        QVERIFY(!faults.active());
        QVERIFY(!faults.draw("k", start));
        QCOMPARE(faults.set({rule("k")}, start), std::string());
        QVERIFY(faults.active());
        QVERIFY(faults.draw("k", start));
        faults.off();
        QVERIFY(!faults.active());
        QVERIFY(!faults.draw("k", start));
        QCOMPARE(faults.injected(), 1U);
    }

    void keysAreMatched_data() {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<bool>("struck");
        QTest::newRow("all") << QByteArray("*") << true;
        QTest::newRow("beginning") << QByteArray("provider:*") << true;
        QTest::newRow("whole") << QByteArray("provider:mock") << true;
        QTest::newRow("only a part") << QByteArray("provider") << false;
        QTest::newRow("longer") << QByteArray("provider:mock2*") << false;
    }
    void keysAreMatched() {
        QFETCH(QByteArray, pattern);
        QFETCH(bool, struck);
        FaultInjection faults(1);
        QCOMPARE(faults.set({rule(pattern.constData())}, start), std::string());
        QCOMPARE(faults.draw("provider:mock", start).has_value(), struck);
    }

    void theRateIsKeptAndRepeatable() {
        const auto struck = [](std::uint64_t seed) {
            FaultInjection faults(seed);
            faults.set({rule("*", 0.2)}, start);
            std::vector<bool> all;
            for (int i = 0; i < 10'000; ++i)
                all.push_back(faults.draw("k", start).has_value());
            return all;
        };
        const auto first = struck(7);
        QVERIFY(first == struck(7));
        QVERIFY(first != struck(8));
        const auto count = std::count(first.begin(), first.end(), true);
        QVERIFY2(count > 1850 && count < 2150, qPrintable(QString::number(count)));
    }

    void theScheduleIsKept() {
        FaultRule spells = rule("*");
        spells.start = 10s;
        spells.length = 5s;
        spells.every = 60s;
        FaultInjection faults(1);
        QCOMPARE(faults.set({spells}, start), std::string());
        for (const int second : {0, 9, 15, 69, 75})
            QVERIFY2(!faults.draw("k", start + second * 1s), qPrintable(QString::number(second)));
        for (const int second : {10, 14, 70, 74, 3610})
            QVERIFY2(faults.draw("k", start + second * 1s), qPrintable(QString::number(second)));
    }

    void unusableRulesAreRefused() {
        FaultInjection faults(1);
        QCOMPARE(faults.set({rule("k")}, start), std::string());
        QCOMPARE(faults.set({rule("a"), rule("b", 2)}, start),
                 std::string("fault rule 2: rate is 2, but must be above 0, 1 at most"));
        QCOMPARE(faults.rules().size(), std::size_t{1}); // as they were
        FaultRule delay = rule("k");
        delay.kind = FaultRule::Kind::Latency;
        QVERIFY(delay.problem().find("latency is 0") == 0);
        FaultRule spells = rule("k");
        spells.every = 10s;
        QVERIFY(spells.problem().find("length is 0") == 0);
    }
};

QTEST_GUILESS_MAIN(TestFaultInjection)
#include "tst_faultinjection.moc"
