#include "tests/support/samplesnapshot.h"
#include "ui/panels/alerts/alertrows.h"

#include <QtTest>

using namespace vigie;
using namespace vigie::panels::alerts;

class TestAlertRows : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void groupsSayWhatTheyShareOnce() {
        const auto all = rows(sampleSnapshot(), {});
        QVERIFY(all[0].head);
        QCOMPARE(all[0].members, 4);
        QCOMPARE(all[0].labels, QStringLiteral("par-1"));
        for (int i = 1; i <= 4; ++i) {
            QVERIFY(!all[size_t(i)].head);
            QCOMPARE(all[size_t(i)].group, all[0].group);
            QVERIFY(!all[size_t(i)].labels.contains(QLatin1String("par-1")));
            QVERIFY(!all[size_t(i)].labels.isEmpty());
        }
    }
    void oneAlertNeedsNoHead() {
        for (const AlertRow& row : rows(sampleSnapshot(), {}))
            QVERIFY(!row.head || row.members > 1);
    }
    void firingThenPendingThenResolved() {
        int last = 0;
        for (const AlertRow& row : rows(sampleSnapshot(), {})) {
            const int now = row.alert.state == AlertState::Firing    ? 0
                            : row.alert.state == AlertState::Pending ? 1
                                                                     : 2;
            QVERIFY(now >= last);
            last = now;
        }
        QCOMPARE(last, 2);
    }
    void foldingHidesTheMembers() {
        const auto open = rows(sampleSnapshot(), {});
        const auto folded = rows(sampleSnapshot(), {open[0].group});
        QCOMPARE(folded.size(), open.size() - 4);
        QVERIFY(folded[0].folded);
    }
    void sentencesAreOursForBuiltInAlertsOnly() {
        Alert alert;
        alert.labels = {{QStringLiteral("alertname"), QStringLiteral("DiskFull")}};
        alert.summary = QStringLiteral("the disk is full");
        QCOMPARE(sentenceOf(alert, {}), alert.summary);
        alert.labels = {{QStringLiteral("alertname"), QStringLiteral("SourceUnreachable")},
                        {QStringLiteral("source"), QStringLiteral("s1")}};
        QVERIFY(sentenceOf(alert, {{QStringLiteral("s1"), QStringLiteral("paris")}})
                    .startsWith(QLatin1String("paris ")));
    }
    void noAlertsNoRows() { QVERIFY(rows(FleetSnapshot{}, {}).empty()); }
};

QTEST_APPLESS_MAIN(TestAlertRows)
#include "tst_alertrows.moc"
