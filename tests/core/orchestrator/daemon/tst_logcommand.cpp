// `vigied log verify` on stores of a vigied that runs, and on stores that somebody edited.

#include "core/base/ids.h"
#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/core/orchestrator/daemon/vigiedcommand.h"
#include "tests/core/store/stranger.h"
#include "tests/support/postgresserver.h"
#include "tests/support/program.h"

#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;

class TestLogCommand : public QObject {
    Q_OBJECT

    Ran verify(const QString& store, const QStringList& more = {}) const {
        return runVigied(QStringList{QStringLiteral("log"), QStringLiteral("verify"),
                                     QStringLiteral("--store"), store} +
                             more,
                         m_folder.path());
    }
    static QString headOf(const Ran& ran) {
        return ran.json().value(QLatin1String("head")).toString();
    }
    static QJsonObject startOn(Program& vigied, const QString& store, const QString& data) {
        vigied.setEnvironment(QStringLiteral("XDG_DATA_HOME"), data);
        return vigied.startAndListen({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                      QStringLiteral("--store"), store});
    }
    /// Writes entries of which some end at once.
    static void write(Caller& caller, int deployments) {
        const QByteArray body =
            "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\",\"instance_type\":\"mock.cpu\","
            "\"model_id\":\"m\"}";
        for (int i = 0; i < deployments; ++i)
            QVERIFY(
                caller.call(caller.request("POST", QStringLiteral("/deployments"), body)).status ==
                202);
    }

    QTemporaryDir m_folder;
    QString m_file;
    PostgresServer m_server;

    QString url() const { return QStringLiteral("sqlite:") + m_file; }

    /// A store with entries in its log that nobody has open: copies of one that vigied wrote.
    void makeStore() {
        const QString made = m_folder.filePath(QStringLiteral("made.db"));
        if (!QFile::exists(made)) {
            m_file = made;
            Program vigied(QStringLiteral("vigied"));
            Caller caller(startOn(vigied, url(), m_folder.path()));
            write(caller, 3);
            vigied.signal(SIGTERM);
            QVERIFY(vigied.waitForEnd());
        }
        m_file = m_folder.filePath(QStringLiteral("%1.db").arg(newUuid()));
        QVERIFY(QFile::copy(made, m_file));
    }

private Q_SLOTS:
    void besideARunningDaemon_data() {
        QTest::addColumn<bool>("server");
        QTest::newRow("SQLite") << false;
        QTest::newRow("PostgreSQL") << true;
    }
    void besideARunningDaemon() {
        QFETCH(bool, server);
        if (server)
            QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_file = m_folder.filePath(QStringLiteral("beside.db"));
        const QString store = server ? m_server.newDatabase() : url();
        Program vigied(QStringLiteral("vigied"));
        Caller caller(startOn(vigied, store, m_folder.path()));
        write(caller, 2);
        const QStringList json{QStringLiteral("--json")};
        const Ran first = verify(store, json);
        QVERIFY2(first.code == 0, first.err.constData());
        QVERIFY(first.json().value(QLatin1String("whole")).toBool());
        QVERIFY(first.json().value(QLatin1String("events")).toInt() >= 2);

        write(caller, 2);
        const Ran second =
            verify(store, json + QStringList{QStringLiteral("--known"), headOf(first)});
        QVERIFY2(second.code == 0, second.err.constData());
        QVERIFY(second.json().value(QLatin1String("known_checked")).toBool());
        QVERIFY(headOf(second) != headOf(first));
        QVERIFY(verify(store).out.startsWith("the action log is whole: "));
        QVERIFY(vigied.running());
        vigied.signal(SIGTERM);
        QVERIFY(vigied.waitForEnd());
        QCOMPARE(verify(store).code, 0);
    }

    void whatWasEditedIsNamed_data() {
        QTest::addColumn<QByteArray>("deed");
        QTest::addColumn<int>("at");
        QTest::newRow("an event")
            << QByteArray("UPDATE action_events SET words = words || ' ' WHERE number = 2") << 2;
        QTest::newRow("an event removed")
            << QByteArray("DELETE FROM action_events WHERE number = 2") << 2;
        QTest::newRow("an entry") << QByteArray(
                                         "UPDATE action_logs SET user_id = 'eve' WHERE id = "
                                         "(SELECT action_id FROM action_events WHERE number = 1)")
                                  << 1;
        QTest::newRow("an entry removed")
            << QByteArray("DELETE FROM action_logs WHERE id = "
                          "(SELECT action_id FROM action_events WHERE number = 1)")
            << 1;
    }
    void whatWasEditedIsNamed() {
        QFETCH(QByteArray, deed);
        QFETCH(int, at);
        makeStore();
        QCOMPARE(verify(url()).code, 0);
        {
            Stranger stranger(m_file);
            QVERIFY(stranger.run(deed.constData()));
        }
        const Ran ran = verify(url());
        QCOMPARE(ran.code, 1);
        QVERIFY(ran.out.isEmpty());
        const QByteArray says = "broken at event " + QByteArray::number(at) + ':';
        QVERIFY2(ran.err.contains(says) && ran.err.count('\n') == 1, ran.err.constData());
        const Ran json = verify(url(), {QStringLiteral("--json")});
        QCOMPARE(json.code, 1);
        QVERIFY(!json.json().value(QLatin1String("whole")).toBool());
        QCOMPARE(json.json().value(QLatin1String("broken_at")).toInt(), at);
    }

    void aKnownHeadThatIsNotThereIsToldOf() {
        makeStore();
        const QString other = QStringLiteral("1:") + QString(64, u'a');
        const Ran ran = verify(url(), {QStringLiteral("--known"), other});
        QCOMPARE(ran.code, 1);
        QVERIFY2(ran.err.contains("written anew"), ran.err.constData());
        const Ran later =
            verify(url(), {QStringLiteral("--known"), QStringLiteral("9999:") + QString(64, u'a')});
        QCOMPARE(later.code, 1);
        QVERIFY2(later.err.contains("is missing"), later.err.constData());
    }

    void whatIsNoHeadIsAMistake_data() {
        QTest::addColumn<QString>("known");
        for (const char* known : {"7", "x:y", "-1:aa", "1:", "99999999999999999999:aa", "1:zz"})
            QTest::newRow(known) << QString::fromLatin1(known);
    }
    void whatIsNoHeadIsAMistake() {
        QFETCH(QString, known);
        const Ran ran =
            verify(QStringLiteral("sqlite:/none"), {QStringLiteral("--known=") + known});
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.err.contains("--known") && ran.err.count('\n') == 1, ran.err.constData());
    }

    // Neither made nor brought up to date.
    void whatIsNoStoreOfThisVersionStaysAsItIs() {
        m_file = m_folder.filePath(QStringLiteral("missing.db"));
        const Ran missing = verify(url());
        QCOMPARE(missing.code, 2);
        QVERIFY2(missing.err.contains("There is no store"), missing.err.constData());
        QVERIFY(!QFile::exists(m_file) && !QFile::exists(m_file + QStringLiteral(".lock")));

        makeStore();
        {
            Stranger stranger(m_file);
            QVERIFY(stranger.run("PRAGMA user_version = 3"));
        }
        const Ran old = verify(url());
        QCOMPARE(old.code, 1);
        QVERIFY2(old.err.contains("has schema version 3, but"), old.err.constData());

        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        const QString database = m_server.newDatabase();
        const Ran empty = verify(database);
        QCOMPARE(empty.code, 1);
        QVERIFY2(empty.err.contains("there is no store of vigied in it"), empty.err.constData());
        QCOMPARE(m_server.sql(database, QStringLiteral("SELECT count(*) FROM pg_namespace WHERE "
                                                       "nspname = 'vigie'")),
                 QStringLiteral("0"));
    }
};

QTEST_GUILESS_MAIN(TestLogCommand)
#include "tst_logcommand.moc"
