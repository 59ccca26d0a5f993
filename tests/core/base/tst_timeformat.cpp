#include "core/base/timeformat.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestTimeFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatItWrites() {
        const WallTime time{1'700'000'000'123ms};
        QCOMPARE(toRfc3339(time), QStringLiteral("2023-11-14T22:13:20.123Z"));
        QVERIFY(fromRfc3339(toRfc3339(time)) == time);
    }

    void reads_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("ms"); // -1: refused
        QTest::newRow("microseconds") << "2023-11-14T22:13:20.123456Z" << 1'700'000'000'123LL;
        QTest::newRow("one digit") << "2023-11-14T22:13:20.1Z" << 1'700'000'000'100LL;
        QTest::newRow("offset") << "2023-11-15T00:13:20+02:00" << 1'700'000'000'000LL;
        QTest::newRow("west") << "2023-11-14T17:13:20-0500" << 1'700'000'000'000LL;
        QTest::newRow("no offset is UTC") << "2023-11-14T22:13:20" << 1'700'000'000'000LL;
        QTest::newRow("blank for T") << "2023-11-14 22:13:20Z" << 1'700'000'000'000LL;
        QTest::newRow("no such day") << "2023-02-30T00:00:00Z" << -1LL;
        QTest::newRow("words") << "yesterday" << -1LL;
        QTest::newRow("empty") << "" << -1LL;
        QTest::newRow("trailing") << "2023-11-14T22:13:20Zx" << -1LL;
    }
    void reads() {
        QFETCH(QString, text);
        QFETCH(qint64, ms);
        const auto time = fromRfc3339(text);
        QCOMPARE(time ? qint64(time->time_since_epoch().count()) : -1, ms);
    }

    void saysDurations_data() {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("ms") << 850LL << "850 ms";
        QTest::newRow("s") << 14'000LL << "14 s";
        QTest::newRow("min") << 200'000LL << "3 min 20 s";
        QTest::newRow("h") << 7'500'000LL << "2 h 05 min";
        QTest::newRow("d") << 273'600'000LL << "3 d 04 h";
        QTest::newRow("negative") << -14'000LL << "-14 s";
    }
    void saysDurations() {
        QFETCH(qint64, ms);
        QFETCH(QString, text);
        QCOMPARE(humanDuration(std::chrono::milliseconds(ms)), text);
    }
};

QTEST_GUILESS_MAIN(TestTimeFormat)
#include "tst_timeformat.moc"
