// docs/judgement.md holds the very table that decides; this test says what to paste when it drifts.

#include "core/watchdog/assess.h"

#include <QFile>
#include <QTest>

#include <cstdio>

using namespace vigie;

class TestJudgementDoc : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theDocumentHoldsTheTable() {
        QFile file(QStringLiteral(VIGIE_SOURCE_DIR "/docs/judgement.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString document = QString::fromUtf8(file.readAll());

        QString table = QStringLiteral(
            "| Rule | Heartbeat | Probe | Provider | Watcher | Fleet | State "
            "| Verdict | Status written | Why |\n|---|---|---|---|---|---|---|---|---|---|\n");
        const auto cell = [](QStringView words) {
            return words.toString().replace(QLatin1Char('|'), QLatin1String(" or "));
        };
        for (const EvidenceRow& row : evidenceTable()) {
            table +=
                QStringLiteral("| `%1` | %2 | %3 | %4 | %5 | %6 | %7 | **%8** | %9 | %10 |\n")
                    .arg(cell(row.rule), cell(row.heartbeat), cell(row.probe), cell(row.provider),
                         cell(row.watcher), cell(row.fleet), cell(row.phase), toString(row.verdict),
                         row.writes ? toString(*row.writes) : QStringLiteral("unchanged"))
                    .arg(cell(row.explanation));
        }
        if (!document.contains(table)) // whole: QVERIFY2 would cut it short
            std::fputs(qPrintable(table), stderr);
        QVERIFY2(document.contains(table), "docs/judgement.md must hold the table on stderr");
    }
};

QTEST_GUILESS_MAIN(TestJudgementDoc)
#include "tst_judgementdoc.moc"
