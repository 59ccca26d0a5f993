#include "tests/support/samplesnapshot.h"
#include "ui/panels/latency/latencyrows.h"

#include <QtTest>

using namespace vigie;
using namespace vigie::panels::latency;

class TestLatencyRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneRowPerSeriesWithDistinctKeys() {
        const FleetSnapshot snapshot = sampleSnapshot();
        const auto all = rows(snapshot);
        QCOMPARE(all.size(), snapshot.latencies.size());
        QSet<QString> keys;
        for (const LatencyRow& row : all)
            keys.insert(row.key);
        QCOMPARE(keys.size(), static_cast<qsizetype>(all.size()));
    }
    void staleSeriesAreHatchedWithTheirAge() {
        for (const LatencyRow& row : rows(sampleSnapshot())) {
            const bool old = row.sourceName == QLatin1String("gra-1");
            QCOMPARE(isStale(row), old);
            const Cell cell = columns()[0].cell(row);
            QCOMPARE(cell.hatched, old);
            QCOMPARE(cell.text.contains(QLatin1String("14 s")), old);
        }
    }
    void foreignHistogramsHavePercentilesToo() {
        const auto all = rows(sampleSnapshot());
        const LatencyRow& foreign = all.back();
        QVERIFY(foreign.series.foreign);
        QVERIFY(foreign.shape.p50 && foreign.shape.p95 && foreign.shape.p99);
        QCOMPARE(foreign.labels, QStringLiteral("handler=/api/v1/query"));
        QCOMPARE(foreign.shape.beyond, 1.0);
    }
    void emptySeriesShowDashes() {
        FleetSnapshot snapshot;
        LatencySeries series;
        series.own = std::make_shared<Histogram>();
        snapshot.latencies = {series};
        const auto all = rows(snapshot);
        for (const auto& column : columns())
            if (column.id.startsWith(QLatin1Char('p')))
                QCOMPARE(column.cell(all[0]).text, QStringLiteral("–"));
    }
};

QTEST_APPLESS_MAIN(TestLatencyRows)
#include "tst_latencyrows.moc"
