#include "core/worker/procparser.h"

#include <QTest>

using namespace vigie;

class TestProcParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cpuTicks_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("known");
        QTest::addColumn<quint64>("busy");
        QTest::addColumn<quint64>("total");

        QTest::newRow("as Linux writes it")
            << QByteArray("cpu  100 5 50 800 45 1 2 3 10 4\ncpu0 1 1 1 1\nintr 99\n") << true
            << quint64(161) << quint64(1006);
        QTest::newRow("old kernel with four fields")
            << QByteArray("cpu 10 0 10 80\n") << true << quint64(20) << quint64(100);
        QTest::newRow("no newline")
            << QByteArray("cpu 1 1 1 1 1") << true << quint64(3) << quint64(5);
        QTest::newRow("empty") << QByteArray() << false << quint64(0) << quint64(0);
        QTest::newRow("too few") << QByteArray("cpu 1 2 3\n") << false << quint64(0) << quint64(0);
        QTest::newRow("a word among figures")
            << QByteArray("cpu 1 2 x 4 5\n") << false << quint64(0) << quint64(0);
        QTest::newRow("negative") << QByteArray("cpu 1 -2 3 4 5\n") << false << quint64(0)
                                  << quint64(0);
        QTest::newRow("first line is a single core")
            << QByteArray("cpu0 1 2 3 4\n") << false << quint64(0) << quint64(0);
        QTest::newRow("binary") << QByteArray("\0\xff\xfe", 3) << false << quint64(0) << quint64(0);
    }
    void cpuTicks() {
        QFETCH(QByteArray, text);
        QFETCH(bool, known);
        const auto ticks = parseCpuTicks(text);
        QCOMPARE(ticks.has_value(), known);
        if (known) {
            QTEST(ticks->busy, "busy");
            QTEST(ticks->total, "total");
        }
    }

    void cpuUsage() {
        QCOMPARE(cpuUsagePercent({10, 100}, {30, 180}), std::optional(25.0));
        QCOMPARE(cpuUsagePercent({10, 100}, {10, 200}), std::optional(0.0));
        QVERIFY(!cpuUsagePercent({10, 100}, {10, 100})); // no tick passed
        QVERIFY(!cpuUsagePercent({10, 100}, {5, 200}));  // counters went back
        QVERIFY(!cpuUsagePercent({10, 100}, {1, 20}));
        QCOMPARE(cpuUsagePercent({0, 0}, {50, 20}), std::optional(100.0));
    }

    void loadAverage() {
        const auto load = parseLoadAverage("0.52 1.25 12.00 3/512 4711\n");
        QVERIFY(load);
        QCOMPARE(load->load1, 0.52);
        QCOMPARE(load->load5, 1.25);
        QCOMPARE(load->load15, 12.0);
        for (const char* bad : {"", "0.5 0.5", "a b c", "-1 0 0", "nan 0 0", "\n0.1 0.1 0.1"})
            QVERIFY2(!parseLoadAverage(bad), bad);
    }

    void memory_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("total");
        QTest::addColumn<qint64>("available");

        QTest::newRow("usual") << QByteArray("MemTotal:       16000 kB\nMemFree: 100 kB\n"
                                             "MemAvailable:    4000 kB\nBuffers: 1 kB\n")
                               << qint64(16000 * 1024) << qint64(4000 * 1024);
        QTest::newRow("before MemAvailable")
            << QByteArray("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 30 kB\n")
            << qint64(1000 * 1024) << qint64(150 * 1024);
        QTest::newRow("more available than there is")
            << QByteArray("MemTotal: 1000 kB\nMemAvailable: 4000 kB\n") << qint64(1000 * 1024)
            << qint64(1000 * 1024);
        QTest::newRow("no total") << QByteArray("MemAvailable: 4000 kB\n") << qint64(-1)
                                  << qint64(0);
        QTest::newRow("total of 0")
            << QByteArray("MemTotal: 0 kB\nMemAvailable: 0 kB\n") << qint64(-1) << qint64(0);
        QTest::newRow("rubbish") << QByteArray("MemTotal: lots\nMemAvailable: some\n") << qint64(-1)
                                 << qint64(0);
        QTest::newRow("empty") << QByteArray() << qint64(-1) << qint64(0);
    }
    void memory() {
        QFETCH(QByteArray, text);
        QFETCH(qint64, total);
        const auto memory = parseMemory(text);
        QCOMPARE(memory.has_value(), total >= 0);
        if (memory) {
            QCOMPARE(memory->total, total);
            QTEST(memory->available, "available");
        }
    }

    void network_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("known");
        QTest::addColumn<quint64>("received");
        QTest::addColumn<quint64>("sent");

        const QByteArray head = "Inter-|   Receive                |  Transmit\n"
                                " face |bytes    packets errs drop fifo frame compressed multicast|"
                                "bytes packets errs drop fifo colls carrier compressed\n";
        const QByteArray loopback = "    lo: 999 9 0 0 0 0 0 0 999 9 0 0 0 0 0 0\n";
        QTest::newRow("without loopback")
            << head + loopback + "  eth0: 100 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n"
            << true << quint64(100) << quint64(7);
        QTest::newRow("the name touches its figure")
            << head + "eth0:100 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n"
            << true << quint64(100) << quint64(7);
        QTest::newRow("an alias with a colon, and two of them")
            << head + "eth0:1: 100 1 0 0 0 0 0 0 7 1\n wg0: 1 1 0 0 0 0 0 0 2 1\n"
            << true << quint64(101) << quint64(9);
        QTest::newRow("only loopback") << head + loopback << true << quint64(0) << quint64(0);
        QTest::newRow("a line of rubbish is left out")
            << head + "eth0: x y z\neth1: 5 1 0 0 0 0 0 0 6 1\n"
            << true << quint64(5) << quint64(6);
        QTest::newRow("headers alone") << head << false << quint64(0) << quint64(0);
        QTest::newRow("empty") << QByteArray() << false << quint64(0) << quint64(0);
    }
    void network() {
        QFETCH(QByteArray, text);
        QFETCH(bool, known);
        const auto totals = parseNetworkTotals(text);
        QCOMPARE(totals.has_value(), known);
        if (known) {
            QTEST(totals->received, "received");
            QTEST(totals->sent, "sent");
        }
    }
};

QTEST_GUILESS_MAIN(TestProcParser)
#include "tst_procparser.moc"
