#include "tests/support/samplesnapshot.h"
#include "ui/models/keyedtablemodel.h"
#include "ui/panels/log/logrows.h"

#include <QtTest>

using namespace vigie;
using namespace vigie::panels::log;

class TestLogRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newestFirstWithReasonAndActor() {
        const FleetSnapshot snapshot = sampleSnapshot();
        const auto all = rows(snapshot);
        QCOMPARE(all.size(), snapshot.log.size());
        QCOMPARE(all[1].reason, QStringLiteral("silent since the kernel update"));
        QCOMPARE(all[1].log->entry.userId, QStringLiteral("lea"));
    }
    void correlationIdsCanBeFollowed() {
        const FleetSnapshot snapshot = sampleSnapshot();
        KeyedTableModel<LogRow> model{columns()};
        model.sort(0, Qt::DescendingOrder);
        model.setRows(rows(snapshot), snapshot.takenAt);
        const QString id = snapshot.log[4]->entry.correlationId;
        QVERIFY(model.setFilter(QStringLiteral("correlation:\"%1\"").arg(id)));
        QCOMPARE(model.rowCount(), 3);
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(model.rowAt(row)->log->entry.correlationId, id);
    }
    void filters_data() {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("least");
        QTest::newRow("who") << "actor:lea" << 10;
        QTest::newRow("failed") << "status:failed" << 8;
        QTest::newRow("what") << "action:*REINSTALL" << 20;
        QTest::newRow("why") << "kernel" << 8;
        QTest::newRow("slow") << "took>4s" << 5;
    }
    void filters() {
        QFETCH(QString, filter);
        QFETCH(int, least);
        const FleetSnapshot snapshot = sampleSnapshot();
        KeyedTableModel<LogRow> model{columns()};
        model.setRows(rows(snapshot), snapshot.takenAt);
        QVERIFY(model.setFilter(filter));
        QVERIFY2(model.rowCount() >= least && model.rowCount() < 60,
                 qPrintable(QString::number(model.rowCount())));
    }
    void entriesOfTwoSourcesWithOneIdStayApart() {
        FleetSnapshot snapshot = sampleSnapshot();
        auto twin = *snapshot.log[0];
        twin.source = SourceId(QStringLiteral("elsewhere"));
        snapshot.log.push_back(std::make_shared<const FleetSnapshot::SourcedLog>(twin));
        const auto all = rows(snapshot);
        QVERIFY(all.front().key != all.back().key);
    }
};

QTEST_APPLESS_MAIN(TestLogRows)
#include "tst_logrows.moc"
