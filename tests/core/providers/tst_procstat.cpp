#include "core/providers/process/procstat.h"

#include <QTest>

using namespace vigie;

class TestProcStat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("known");
        QTest::addColumn<char>("state");
        QTest::addColumn<quint64>("ticks");

        const QByteArray rest = " 1 42 42 0 -1 4194560 1 0 0 0 7 8 0 0 20 0 3 0 987654 1 2 3\n";
        QTest::newRow("usual") << "42 (vigie-worker) S" + rest << true << 'S' << quint64(987654);
        QTest::newRow("zombie") << "42 (vigie-worker) Z" + rest << true << 'Z' << quint64(987654);
        QTest::newRow("a name with blanks and brackets")
            << "42 (a) R 1 2 (b) S" + rest << true << 'S' << quint64(987654);
        QTest::newRow("an empty name") << "42 () T" + rest << true << 'T' << quint64(987654);
        QTest::newRow("no name") << "42 S" + rest << false << '?' << quint64(0);
        QTest::newRow("cut") << QByteArray("42 (x) S 1 2 3 4") << false << '?' << quint64(0);
        QTest::newRow("words for ticks")
            << QByteArray("42 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 soon 1") << false
            << '?' << quint64(0);
        QTest::newRow("empty") << QByteArray() << false << '?' << quint64(0);
    }
    void reads() {
        QFETCH(QByteArray, line);
        QFETCH(bool, known);
        const auto stat = parseProcStat(line);
        QCOMPARE(stat.has_value(), known);
        if (!known)
            return;
        QTEST(stat->state, "state");
        QTEST(stat->startTicks, "ticks");
        QCOMPARE(stat->dead(), stat->state == 'Z');
    }
};

QTEST_GUILESS_MAIN(TestProcStat)
#include "tst_procstat.moc"
