#include "tests/support/samplesnapshot.h"
#include "ui/models/keyedtablemodel.h"
#include "ui/panels/fleet/fleetrows.h"

#include <QtTest>

using namespace vigie;
using namespace vigie::panels::fleet;
using namespace std::chrono_literals;

namespace {

struct Table {
    FleetSnapshot snapshot = sampleSnapshot();
    KeyedTableModel<FleetRow> model{columns()};
    Table() {
        model.sort(1, Qt::AscendingOrder);
        model.setRows(rows(snapshot), snapshot.takenAt);
    }
    int column(const char* id) const {
        for (int i = 0; i < model.columnCount(); ++i)
            if (model.columnInfo(i).id == QLatin1String(id))
                return i;
        return -1;
    }
    Cell cell(int row, const char* id) const {
        return model.index(row, column(id)).data(TableModel::CellRole).value<Cell>();
    }
};

} // namespace

class TestFleetRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void archivedInstancesAreLeftOut() {
        FleetSnapshot snapshot = sampleSnapshot();
        const auto before = rows(snapshot).size();
        auto archived = *snapshot.instances[0];
        archived.instance.isArchived = true;
        snapshot.instances[0] = std::make_shared<const InstanceView>(archived);
        QCOMPARE(rows(snapshot).size(), before - 1);
    }
    void worstComeFirst() {
        Table table;
        int last = 0;
        for (int row = 0; row < table.model.rowCount(); ++row) {
            const int now = urgency(*table.model.rowAt(row)->view);
            QVERIFY(now >= last);
            last = now;
        }
        QCOMPARE(urgency(*table.model.rowAt(0)->view), 0);
    }
    void staleRowsAreHatchedAndSaySince() {
        Table table;
        int stale = 0;
        for (int row = 0; row < table.model.rowCount(); ++row) {
            const bool old = table.model.rowAt(row)->view->source.value() == QLatin1String("gra-1");
            stale += old ? 1 : 0;
            for (const char* id : {"verdict", "state", "beats", "hb"})
                QCOMPARE(table.cell(row, id).hatched, old);
            QCOMPARE(table.cell(row, "source").text.contains(QLatin1String("14 s")), old);
        }
        QCOMPARE(stale, 8);
    }
    void whatASilentWorkerLastSaidIsOld() {
        FleetRow row;
        InstanceView view;
        view.freshness = Freshness::Live;
        view.instance.workerGpuUtilization = 79;
        view.instance.workerLastHeartbeat = WallTime();
        view.assessment.heartbeatAge = 26s;
        const auto all = columns();
        const auto gpu = std::ranges::find(all, QStringLiteral("gpu"), &ColumnInfo::id);
        const auto state = std::ranges::find(all, QStringLiteral("state"), &ColumnInfo::id);
        view.beats.fill(BeatTick::OnTime);
        row.view = std::make_shared<const InstanceView>(view);
        QVERIFY(!gpu->cell(row).hatched && gpu->tip(row).isEmpty());
        std::fill(view.beats.end() - 3, view.beats.end(), BeatTick::Missed);
        row.view = std::make_shared<const InstanceView>(view);
        QVERIFY(gpu->cell(row).hatched && !state->cell(row).hatched);
        QCOMPARE(gpu->cell(row).text, QStringLiteral("79 %"));
        QVERIFY(gpu->tip(row).contains(QLatin1String("26 s")));
        view.instance.workerGpuUtilization.reset();
        row.view = std::make_shared<const InstanceView>(view);
        QVERIFY(!gpu->cell(row).hatched && gpu->tip(row).isEmpty());
    }
    void everyStateHasShapeAndWord() {
        Table table;
        for (int row = 0; row < table.model.rowCount(); ++row) {
            const Cell cell = table.cell(row, "verdict");
            QVERIFY(std::holds_alternative<Verdict>(cell.shape));
            QVERIFY(!cell.text.isEmpty());
        }
    }
    void unknownFiguresAreDashesNotZeros() {
        Table table;
        for (int row = 0; row < table.model.rowCount(); ++row) {
            const bool known =
                table.model.rowAt(row)->view->instance.workerGpuUtilization.has_value();
            QCOMPARE(table.cell(row, "gpu").text == QStringLiteral("–"), !known);
            QCOMPARE(
                table.model.index(row, table.column("gpu")).data(TableModel::ValueRole).isValid(),
                known);
        }
    }
    void filters_data() {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("count");
        QTest::newRow("verdict") << "verdict:dead" << 4;
        QTest::newRow("two verdicts") << "verdict:dead,suspect" << 7;
        QTest::newRow("zone") << "verdict:dead zone:fr-par-*" << 4;
        QTest::newRow("silent") << "hb>300s" << 5;
        QTest::newRow("minutes") << "hb>5min" << 5;
        QTest::newRow("source") << "source:gra-1" << 8;
        QTest::newRow("retries") << "retries>=1" << 4;
        QTest::newRow("error") << "error:HEARTBEAT*" << 4;
        QTest::newRow("any error") << "error:*" << 6;
        QTest::newRow("word") << "startup_failed" << 1;
        QTest::newRow("nothing") << "zone:mars" << 0;
    }
    void filters() {
        QFETCH(QString, filter);
        Table table;
        const auto done = table.model.setFilter(filter);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
        QTEST(table.model.rowCount(), "count");
    }
    void unknownStatusIsShownAsItCame() {
        FleetSnapshot snapshot = sampleSnapshot();
        auto odd = *snapshot.instances[0];
        odd.instance.status = InstanceStatus::Unknown;
        odd.instance.statusText = QStringLiteral("hibernating");
        snapshot.instances[0] = std::make_shared<const InstanceView>(odd);
        KeyedTableModel<FleetRow> model{columns()};
        model.setRows(rows(snapshot), snapshot.takenAt);
        QCOMPARE(model.index(model.rowOf(odd.key()), 2).data().toString(),
                 QStringLiteral("hibernating"));
    }
};

QTEST_MAIN(TestFleetRows)
#include "tst_fleetrows.moc"
