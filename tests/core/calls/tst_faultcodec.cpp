#include "core/calls/faultcodec.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestFaultCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rulesAreReadInTheirOrder() {
        const auto rules = readFaultRules("[slow]\n"
                                          "key = \"provider:*\"\n"
                                          "rate = 0.5\n"
                                          "kind = \"latency\"\n"
                                          "latency_seconds = 2.5\n"
                                          "start_seconds = 60\n"
                                          "length_seconds = 30\n"
                                          "every_seconds = 600\n"
                                          "[broken]\n"
                                          "rate = 1\n"
                                          "error_class = \"overloaded\"\n",
                                          QStringLiteral("f.toml"));
        QVERIFY2(rules, qPrintable(rules ? QString() : rules.error().message));
        QCOMPARE(rules->size(), std::size_t{2});
        const FaultRule& slow = (*rules)[0];
        QCOMPARE(slow.key, std::string("provider:*"));
        QVERIFY(slow.kind == FaultRule::Kind::Latency);
        QVERIFY(slow.latency == 2500ms && slow.start == 60s && slow.length == 30s &&
                slow.every == 600s);
        const FaultRule& broken = (*rules)[1];
        QCOMPARE(broken.key, std::string("*"));
        QVERIFY(broken.kind == FaultRule::Kind::Fault);
        QVERIFY(broken.errorClass == ErrorClass::Overloaded);
        QVERIFY(readFaultRules("", QStringLiteral("f.toml"))->empty());
    }

    void mistakesSayWhere_data() {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("says");
        QTest::newRow("value") << QByteArray("[a]\nrate = 2\n") << "f.toml:2: a.rate is 2, but";
        QTest::newRow("key") << QByteArray("[a]\nrat = 1\n")
                             << "f.toml:2: a.rat: there is no such key; did you mean rate?";
        QTest::newRow("class") << QByteArray("[a]\nrate = 1\nerror_class = \"luck\"\n")
                               << "f.toml:3: a.error_class is \"luck\", but must be one of";
        QTest::newRow("no table") << QByteArray("rate = 1\n")
                                  << "f.toml:1: rate: must stand in a table";
        QTest::newRow("no rate") << QByteArray("[a]\nkey = \"x\"\n")
                                 << "f.toml: [a]: rate is 0, but must be above 0";
    }
    void mistakesSayWhere() {
        QFETCH(QByteArray, toml);
        QFETCH(QString, says);
        const auto rules = readFaultRules(toml, QStringLiteral("f.toml"));
        QVERIFY(!rules);
        QVERIFY2(rules.error().message.startsWith(says), qPrintable(rules.error().message));
    }
};

QTEST_GUILESS_MAIN(TestFaultCodec)
#include "tst_faultcodec.moc"
