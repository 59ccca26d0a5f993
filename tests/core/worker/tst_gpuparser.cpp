#include "core/worker/gpuparser.h"

#include <QTest>

using namespace vigie;

class TestGpuParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTableOfTwo() {
        const auto gpus = parseNvidiaSmi("0, 87, 20123, 24576, 71, 285.31, 350.00\n"
                                         "1, 0, 3, 24576, 34, 21.5, 350.00\n");
        QVERIFY(gpus);
        QCOMPARE(gpus->size(), size_t(2));
        QCOMPARE(gpus->at(0).utilizationPct, std::optional(87.0));
        QCOMPARE(gpus->at(0).memUsedMb, std::optional(20123.0));
        QCOMPARE(gpus->at(0).memTotalMb, std::optional(24576.0));
        QCOMPARE(gpus->at(0).tempC, std::optional(71.0));
        QCOMPARE(gpus->at(0).powerW, std::optional(285.31));
        QCOMPARE(gpus->at(0).powerLimitW, std::optional(350.0));
        QCOMPARE(gpus->at(1).index, 1);
        QCOMPARE(gpus->at(1).utilizationPct, std::optional(0.0));
    }

    void whatACardDoesNotTellIsAbsent() {
        const auto gpus =
            parseNvidiaSmi("0, [N/A], [Not Supported], 40960, ERR!, [Unknown Error], nan\r\n\r\n");
        QVERIFY(gpus);
        QCOMPARE(gpus->size(), size_t(1));
        const GpuSample& gpu = gpus->front();
        QVERIFY(!gpu.utilizationPct && !gpu.memUsedMb && !gpu.tempC && !gpu.powerW &&
                !gpu.powerLimitW);
        QCOMPARE(gpu.memTotalMb, std::optional(40960.0));
    }

    void noOutputIsNoGpu() {
        QVERIFY(parseNvidiaSmi("")->empty());
        QVERIFY(parseNvidiaSmi("\n\n")->empty());
    }

    void rubbishIsMalformed_data() {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<int>("line");
        QTest::newRow("driver message")
            << QByteArray("NVIDIA-SMI has failed because it couldn't communicate\n") << 1;
        QTest::newRow("too few columns") << QByteArray("0, 1, 2\n") << 1;
        QTest::newRow("too many columns") << QByteArray("0, 1, 2, 3, 4, 5, 6, 7\n") << 1;
        QTest::newRow("second line cut") << QByteArray("0, 1, 2, 3, 4, 5, 6\n1, 2") << 2;
        QTest::newRow("negative index") << QByteArray("-1, 1, 2, 3, 4, 5, 6\n") << 1;
        QTest::newRow("binary") << QByteArray("\0\1\2\3", 4) << 1;
    }
    void rubbishIsMalformed() {
        QFETCH(QByteArray, output);
        QFETCH(int, line);
        const auto gpus = parseNvidiaSmi(output);
        QVERIFY(!gpus);
        QVERIFY(gpus.error().kind == FailureKind::Malformed);
        QVERIFY(gpus.error().message.contains(QStringLiteral("line %1:").arg(line)));
    }

    void asksForWhatItReads() {
        const QString query = nvidiaSmiArguments().constFirst();
        QCOMPARE(query.count(QLatin1Char(',')), 6);
        QVERIFY(query.startsWith(QLatin1String("--query-gpu=index,utilization.gpu,memory.used,")));
    }
};

QTEST_GUILESS_MAIN(TestGpuParser)
#include "tst_gpuparser.moc"
