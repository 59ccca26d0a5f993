// `vigied breaker replay` as a shell sees it.

#include "tests/support/program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

class TestBreakerReplay : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString fileWith(const QString& name, const QByteArray& content) {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("can't write %s", qPrintable(path));
        return path;
    }
    static QStringList replayOf(const QString& path, const QStringList& flags = {}) {
        return QStringList{QStringLiteral("breaker"), QStringLiteral("replay"), path} + flags;
    }
    /// Eight failures from second 1 on, one a second; then successes until second 60.
    QString anOutage() {
        QByteArray calls = "at,duration_ms,outcome,error_class,cause\n0,10,success,,\n";
        for (int second = 1; second <= 60; ++second)
            calls +=
                QByteArray::number(second * 1000) +
                (second <= 8 ? ",20,failure,server_error,500 of the gateway\n" : ",10,success,,\n");
        return fileWith(QStringLiteral("outage.csv"), calls);
    }

private Q_SLOTS:
    void tellsWhatTheBreakerWouldHaveDone() {
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(replayOf(anOutage(), {QStringLiteral("--wait-ms=10000")})), 0);
        const QList<QByteArray> lines = vigied.standardOutput().trimmed().split('\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY2(lines.at(0).startsWith("5020 ms  closed -> open: "), lines.at(0).constData());
        QVERIFY2(lines.at(0).contains("500 of the gateway"), lines.at(0).constData());
        QVERIFY2(lines.at(2).contains("half_open -> closed"), lines.at(2).constData());
        QVERIFY2(lines.at(3).startsWith("61 calls, 8 failures: opened 1 time, closed again 1 time"),
                 lines.at(3).constData());
        QVERIFY2(lines.at(3).contains("spared 3 failures and refused 7 successes"),
                 lines.at(3).constData());
        QCOMPARE(vigied.standardError(), QByteArray());
    }

    void otherThresholdsGiveAnotherAnswer() {
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(replayOf(anOutage(), {QStringLiteral("--consecutive-failures=9"),
                                                  QStringLiteral("--json")})),
                 0);
        const QJsonObject said = QJsonDocument::fromJson(vigied.standardOutput()).object();
        QCOMPARE(said.value(QStringLiteral("calls")).toInt(), 61);
        QCOMPARE(said.value(QStringLiteral("opens")).toInt(-1), 0);
        QCOMPARE(said.value(QStringLiteral("ends_as")).toString(), QStringLiteral("closed"));
        QVERIFY(said.value(QStringLiteral("transitions")).toArray().isEmpty());
    }

    /// JSON lines give the same as CSV.
    void readsJsonLines() {
        QByteArray calls;
        for (int i = 0; i < 5; ++i)
            calls += "{\"at\":" + QByteArray::number(i) +
                     ",\"duration_ms\":1,\"outcome\":\"failure\",\"error_class\":\"timeout\"}\n";
        Program vigied(QStringLiteral("vigied"));
        const QString path = fileWith(QStringLiteral("calls.jsonl"), calls);
        QCOMPARE(vigied.run(replayOf(path, {QStringLiteral("--json")})), 0);
        const QJsonObject said = QJsonDocument::fromJson(vigied.standardOutput()).object();
        QCOMPARE(said.value(QStringLiteral("opens")).toInt(-1), 1);
        QCOMPARE(said.value(QStringLiteral("ends_as")).toString(), QStringLiteral("open"));
    }

    void badInputIsOneLineAndTwo_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QStringList>("flags");
        QTest::addColumn<QByteArray>("says");
        const QByteArray head = "at,duration_ms,outcome\n";
        QTest::newRow("empty") << QByteArray() << QStringList()
                               << QByteArray("expected recorded calls, found nothing");
        QTest::newRow("rubbish") << QByteArray("\0\xff\xfe\x01 rubbish", 12) << QStringList()
                                 << QByteArray(", line 1: expected a line of names");
        QTest::newRow("outcome") << head + "0,1,maybe\n"
                                 << QStringList()
                                 << QByteArray(", line 2: expected success or failure as outcome, "
                                               "found \"maybe\"");
        QTest::newRow("duration") << head + "0,1,success\n1,-4,success\n"
                                  << QStringList()
                                  << QByteArray(", line 3: expected a number, 0 or more, as "
                                                "duration_ms, found \"-4\"");
        QTest::newRow("json") << QByteArray("{\"at\":1\n") << QStringList()
                              << QByteArray(", line 1: expected one JSON object");
        QTest::newRow("a flag's value")
            << head + "0,1,success\n"
            << QStringList{QStringLiteral("--failure-rate=1.5")}
            << QByteArray("--failure-rate is \"1.5\", expected a number in 0..1");
        QTest::newRow("an unknown flag")
            << head + "0,1,success\n"
            << QStringList{QStringLiteral("--failure-rat=0.5")} << QByteArray("--failure-rat");
    }
    void badInputIsOneLineAndTwo() {
        QFETCH(QByteArray, content);
        QFETCH(QStringList, flags);
        QFETCH(QByteArray, says);
        const QString path = fileWith(QStringLiteral("bad"), content);
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run(replayOf(path, flags)), 2);
        QVERIFY2(vigied.standardError().contains(says), vigied.standardError().constData());
        QCOMPARE(vigied.standardError().count('\n'), 1);
        QCOMPARE(vigied.standardOutput(), QByteArray());
    }

    void aFileThatIsNone() {
        for (const QString& path : {m_folder.path(), m_folder.filePath(QStringLiteral("none"))}) {
            Program vigied(QStringLiteral("vigied"));
            QCOMPARE(vigied.run(replayOf(path)), 2);
            QVERIFY2(vigied.standardError().contains(path.toUtf8()),
                     vigied.standardError().constData());
            QCOMPARE(vigied.standardError().count('\n'), 1);
        }
        Program vigied(QStringLiteral("vigied"));
        QCOMPARE(vigied.run({QStringLiteral("breaker"), QStringLiteral("replay")}), 2);
    }
};

QTEST_GUILESS_MAIN(TestBreakerReplay)
#include "tst_breakerreplay.moc"
