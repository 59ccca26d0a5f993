#include "core/orchestrator/daemon/listenaddress.h"

#include <QTest>

using namespace vigie;

class TestListenAddress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("url"); // of port 8003; empty: refused
        QTest::addColumn<bool>("loopback");
        QTest::newRow("loopback") << "127.0.0.1:0"
                                  << "http://127.0.0.1:8003" << true;
        QTest::newRow("name") << "localhost:8003"
                              << "http://127.0.0.1:8003" << true;
        QTest::newRow("v6") << "[::1]:8003"
                            << "http://[::1]:8003" << true;
        QTest::newRow("everywhere") << "0.0.0.0:8003"
                                    << "http://127.0.0.1:8003" << false;
        QTest::newRow("everywhere v6") << "[::]:8003"
                                       << "http://[::1]:8003" << false;
        QTest::newRow("lan") << "10.0.0.7:80"
                             << "http://10.0.0.7:8003" << false;
        QTest::newRow("no port") << "127.0.0.1"
                                 << "" << false;
        QTest::newRow("empty port") << "127.0.0.1:"
                                    << "" << false;
        QTest::newRow("no host") << ":8003"
                                 << "" << false;
        QTest::newRow("big port") << "127.0.0.1:65536"
                                  << "" << false;
        QTest::newRow("negative port") << "127.0.0.1:-1"
                                       << "" << false;
        QTest::newRow("bare v6") << "::1:8003"
                                 << "" << false;
        QTest::newRow("host name") << "example.org:80"
                                   << "" << false;
        QTest::newRow("url") << "http://127.0.0.1:8003"
                             << "" << false;
        QTest::newRow("empty") << ""
                               << "" << false;
    }
    void reads() {
        QFETCH(QString, text);
        QFETCH(QString, url);
        QFETCH(bool, loopback);
        const auto address = listenAddressFrom(text);
        QCOMPARE(address.has_value(), !url.isEmpty());
        if (!address) {
            QVERIFY(address.error().message.contains(QLatin1String("--listen")));
            return;
        }
        QCOMPARE(address->url(8003).toString(), url);
        QCOMPARE(address->loopback(), loopback);
    }
};

QTEST_GUILESS_MAIN(TestListenAddress)
#include "tst_listenaddress.moc"
