#include "tests/support/samplesnapshot.h"
#include "ui/models/keyedtablemodel.h"
#include "ui/panels/fleet/fleetrows.h"
#include "ui/widgets/tableview.h"

#include <QtTest>

using namespace vigie;
using namespace vigie::panels::fleet;

/// What one refresh of ten thousand rows costs the window, one repaint included.
class BenchFleetTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refresh_data() {
        QTest::addColumn<QString>("filter");
        QTest::newRow("all") << QString();
        QTest::newRow("filtered by a field") << QStringLiteral("gpu>50");
        QTest::newRow("filtered by a word") << QStringLiteral("llama");
    }
    void refresh() {
        QFETCH(QString, filter);
        FleetSnapshot snapshot = largeSnapshot(10'000);
        KeyedTableModel<FleetRow> model{columns()};
        model.sort(1, Qt::AscendingOrder);
        TableView view(model, QStringLiteral("bench"));
        view.resize(1112, 680);
        view.show();
        QVERIFY(model.setFilter(filter));
        model.setRows(rows(snapshot), snapshot.takenAt);
        QPixmap canvas(view.size());
        QBENCHMARK {
            snapshot.takenAt += std::chrono::milliseconds(250);
            view.updateCalmly([&] { model.setRows(rows(snapshot), snapshot.takenAt); });
            view.render(&canvas);
        }
    }
};

QTEST_MAIN(BenchFleetTable)
#include "bench_fleettable.moc"
