#include "core/orchestrator/probetarget.h"

#include <QTest>

using namespace vigie;

class TestProbeTarget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refused_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("evenWithLoopback");
        QTest::newRow("nothing") << "" << true;
        QTest::newRow("name") << "localhost" << true;
        QTest::newRow("metadata name") << "metadata.google.internal" << true;
        QTest::newRow("loopback") << "127.0.0.1" << false;
        QTest::newRow("loopback net") << "127.9.9.9" << false;
        QTest::newRow("loopback v6") << "::1" << false;
        QTest::newRow("mapped loopback") << "::ffff:127.0.0.1" << false;
        QTest::newRow("loopback with port") << "127.0.0.1:9000" << false;
        QTest::newRow("cloud metadata") << "169.254.169.254" << true;
        QTest::newRow("mapped metadata") << "::ffff:169.254.169.254" << true;
        QTest::newRow("link-local") << "169.254.1.1" << true;
        QTest::newRow("link-local v6") << "fe80::1" << true;
        QTest::newRow("link-local v6 scope") << "fe80::1%eth0" << true;
        QTest::newRow("metadata v6") << "fd00:ec2::254" << true;
        QTest::newRow("other metadata") << "100.100.100.200" << true;
        QTest::newRow("unspecified") << "0.0.0.0" << true;
        QTest::newRow("this network") << "0.1.2.3" << true;
        QTest::newRow("unspecified v6") << "::" << true;
        QTest::newRow("multicast") << "224.0.0.1" << true;
        QTest::newRow("broadcast") << "255.255.255.255" << true;
        QTest::newRow("url") << "http://10.0.0.1/" << true;
        QTest::newRow("user info") << "10.0.0.1@127.0.0.1" << true;
        QTest::newRow("bad port") << "10.0.0.1:x" << true;
        QTest::newRow("port too large") << "10.0.0.1:70000" << true;
        QTest::newRow("half a bracket") << "[::1" << true;
    }
    void refused() {
        QFETCH(QString, address);
        QFETCH(bool, evenWithLoopback);
        const auto without = probeTarget(address, {}, {}, false);
        QVERIFY(!without);
        QVERIFY(without.error().kind == FailureKind::Invalid);
        QVERIFY(!without.error().message.isEmpty());
        QCOMPARE(!probeTarget(address, {}, {}, true), evenWithLoopback);
    }

    void accepted() {
        const auto plain = probeTarget(QStringLiteral("10.1.2.3"), {}, {}, false);
        QVERIFY(plain);
        QCOMPARE(plain->address, QHostAddress(QStringLiteral("10.1.2.3")));
        QCOMPARE(plain->healthPort, 8080);
        QVERIFY(!plain->modelPort);
        QCOMPARE(probeTarget(QStringLiteral("10.1.2.3:90"), {}, {}, false)->healthPort, 90);
        QCOMPARE(probeTarget(QStringLiteral("10.1.2.3:90"), 91, {}, false)->healthPort, 91);
        QCOMPARE(probeTarget(QStringLiteral("[2001:db8::1]:92"), {}, {}, false)->healthPort, 92);
        const auto v6 = probeTarget(QStringLiteral("2001:db8::1"), 8081, 8000, false);
        QCOMPARE(v6->healthPort, 8081);
        QVERIFY(v6->modelPort == quint16(8000));
        // A nonsensical port that a worker told is no port.
        QCOMPARE(probeTarget(QStringLiteral("10.1.2.3"), -5, 0, false)->healthPort, 8080);
        QVERIFY(probeTarget(QStringLiteral("127.0.0.1"), 9000, {}, true));
    }
};

QTEST_GUILESS_MAIN(TestProbeTarget)
#include "tst_probetarget.moc"
