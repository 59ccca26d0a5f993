// `vigied store` on PostgreSQL, with the programs of Debian's postgresql-client.

#include "tests/core/orchestrator/daemon/restoredrounds.h"
#include "tests/support/postgresserver.h"

#include <QStandardPaths>

using namespace vigie;

class TestStoreCommandPostgres : public QObject {
    Q_OBJECT

private:
    QString at(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    Ran store(const QStringList& words, const QString& url) const {
        return runVigied(QStringList{QStringLiteral("store")} + words +
                             QStringList{QStringLiteral("--store"), url},
                         m_folder.path());
    }
    QString newStore() {
        const QString url = m_server.newDatabase();
        const Ran made =
            runVigied({QStringLiteral("token"), QStringLiteral("create"), QStringLiteral("--role"),
                       QStringLiteral("viewer"), QStringLiteral("--name"), QStringLiteral("ada"),
                       QStringLiteral("--store"), url},
                      m_folder.path());
        return made.code == 0 ? url : QString();
    }
    static bool write(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
    static QByteArray contentOf(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
    PostgresServer m_server;
    QString m_url; ///< of a store with the backup "good"

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_url = newStore();
        QVERIFY(!m_url.isEmpty());
        const Ran copied = store({QStringLiteral("backup"), at("good")}, m_url);
        QVERIFY2(copied.code == 0, copied.err.constData());
        QCOMPARE(QFile::permissions(at("good")) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
    }

    void aRestoredStoreTouchesNothingUntilAPersonSaysSo() {
        RestoredRounds rounds(m_server.newDatabase());
        const QString wrong = rounds.run();
        QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong));
    }

    /// A replica that slept through its lease and the restore has nothing to say any more.
    void aSleeperFindsAnotherStore() {
        const QString url = newStore();
        Program sleeper(QStringLiteral("vigied"));
        sleeper.setEnvironment(QStringLiteral("XDG_DATA_HOME"), m_folder.path());
        sleeper.setEnvironment(QStringLiteral("VIGIE_STORE_LEASE_SECONDS"), QStringLiteral("1"));
        const QJsonObject line =
            sleeper.startAndListen({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                    QStringLiteral("--store"), url});
        QVERIFY2(!line.isEmpty(), sleeper.standardError().constData());
        const Ran inUse = store({QStringLiteral("restore"), at("good")}, url);
        QCOMPARE(inUse.code, 1);
        QVERIFY2(inUse.err.contains("in use by vigied on"), inUse.err.constData());
        const QString token =
            m_server.sql(url, QStringLiteral("SELECT max(id) FROM vigie.replicas"));
        sleeper.signal(SIGSTOP);
        Ran restored;
        QVERIFY(QTest::qWaitFor(
            [&] {
                restored = store({QStringLiteral("restore"), at("good")}, url);
                return restored.code == 0;
            },
            20'000));
        QVERIFY2(restored.out.contains("kept as schema vigie_before_restore_"),
                 restored.out.constData());
        QCOMPARE(m_server.sql(url, QStringLiteral("SELECT count(*) FROM vigie.replicas")),
                 QStringLiteral("0"));
        QVERIFY(m_server.sql(url, QStringLiteral("SELECT last_value FROM vigie.replicas_id_seq"))
                    .toLongLong() > token.toLongLong());
        sleeper.signal(SIGCONT);
        Caller caller(line);
        Answered answer;
        QVERIFY2(QTest::qWaitFor(
                     [&] {
                         answer = caller.call(caller.request("GET", QStringLiteral("/readyz")));
                         return answer.status == 503 && answer.body.contains("another one");
                     },
                     30'000),
                 answer.body.constData());
        QCOMPARE(m_server.sql(url, QStringLiteral("SELECT count(*) FROM vigie.replicas")),
                 QStringLiteral("0"));
    }

    /// A replica of the program before, when a newer one has brought the database to its schema.
    void oneTooOldForTheSchemaIsNotReady() {
        const QString url = newStore();
        Program old(QStringLiteral("vigied"));
        old.setEnvironment(QStringLiteral("XDG_DATA_HOME"), m_folder.path());
        old.setEnvironment(QStringLiteral("VIGIE_STORE_LEASE_SECONDS"), QStringLiteral("1"));
        const QJsonObject line =
            old.startAndListen({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                QStringLiteral("--store"), url});
        Caller caller(line);
        QTRY_COMPARE(caller.call(caller.request("GET", QStringLiteral("/readyz"))).status, 200);
        m_server.sql(url, QStringLiteral("DELETE FROM vigie.replicas; UPDATE vigie.meta SET "
                                         "value = '99' WHERE key = 'schema_version'"));
        Answered answer;
        QVERIFY2(QTest::qWaitFor(
                     [&] {
                         answer = caller.call(caller.request("GET", QStringLiteral("/readyz")));
                         return answer.status == 503 && answer.body.contains("no_lease");
                     },
                     20'000),
                 answer.body.constData());
        QTRY_VERIFY(old.standardError().contains("it has schema version 99"));
        QCOMPARE(caller.call(caller.request("GET", QStringLiteral("/livez"))).status, 200);
        QCOMPARE(m_server.sql(url, QStringLiteral("SELECT count(*) FROM vigie.replicas")),
                 QStringLiteral("0"));
    }

    void aPasswordGoesByTheEnvironment() {
        QString url = m_server.newDatabase();
        m_server.sql(url, QStringLiteral("GRANT ALL ON DATABASE %1 TO locked")
                              .arg(url.section(QLatin1Char('/'), -1)));
        url.replace(QStringLiteral("vigie@"), QStringLiteral("locked:open%20sesame@"));
        QCOMPARE(store({QStringLiteral("restore"), at("good")}, url).code, 0);
        const Ran copied = store({QStringLiteral("backup"), at("locked")}, url);
        QVERIFY2(copied.code == 0, copied.err.constData());
        QVERIFY(!copied.out.contains("sesame"));
    }

    void withoutTheClientPrograms() {
        Program vigied(QStringLiteral("vigied"));
        vigied.setEnvironment(QStringLiteral("PATH"), m_folder.path());
        QCOMPARE(vigied.run({QStringLiteral("store"), QStringLiteral("backup"), at("never"),
                             QStringLiteral("--store"), m_url}),
                 1);
        QVERIFY2(vigied.standardError().contains("pg_dump is not installed") &&
                     vigied.standardError().contains("postgresql-client"),
                 vigied.standardError().constData());
        QVERIFY(!QFile::exists(at("never")));
    }

    void mistakes_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("code");
        const QByteArray good = contentOf(at("good"));
        QVERIFY(write(at("short"), good.left(good.size() * 2 / 3)));
        QVERIFY(write(at("head"), good.left(20)));
        QVERIFY(write(at("page"), QByteArray("<html>").repeated(2000)));
        // What pg_dump makes of a schema that is none of ours, and of a store of tomorrow.
        const auto dumpOf = [this](const char* name, const QString& change) {
            const QString url = newStore();
            m_server.sql(url, change);
            Program dump(QStandardPaths::findExecutable(QStringLiteral("pg_dump")));
            return dump.run({QStringLiteral("--format=custom"), QStringLiteral("--file"), at(name),
                             QStringLiteral("--dbname"), url}) == 0;
        };
        QVERIFY(dumpOf(
            "cars",
            QStringLiteral("DROP SCHEMA vigie CASCADE; SET ROLE vigie; CREATE TABLE cars ()")));
        QVERIFY(dumpOf("newer", QStringLiteral("UPDATE vigie.meta SET value = '99' "
                                               "WHERE key = 'schema_version'")));
        const auto row = [this](const char* name, const char* verb, const char* file,
                                const char* says, int code = 2) {
            QTest::newRow(name) << QStringList{QString::fromLatin1(verb), at(file)}
                                << QString::fromLatin1(says) << code;
        };
        row("there", "backup", "good", "exists already");
        row("no folder", "backup", "none/x", "does not exist");
        row("nothing there", "restore", "nothing", "There is no backup");
        row("cut", "restore", "short", "can't be used");
        row("cut in its head", "restore", "head", "can't be used");
        row("rubbish", "restore", "page", "no archive of pg_dump");
        row("another program's", "restore", "cars", "holds no store");
        row("newer", "restore", "newer", "schema version 99");
    }
    void mistakes() {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        QFETCH(int, code);
        const QString before = m_server.sql(m_url, QStringLiteral("SELECT * FROM vigie.meta"));
        const Ran ran = store(words, m_url);
        QVERIFY2(ran.err.contains(says.toUtf8()) && ran.err.count('\n') == 1, ran.err.constData());
        QCOMPARE(ran.code, code);
        QCOMPARE(m_server.sql(m_url, QStringLiteral("SELECT * FROM vigie.meta")), before);
    }

    void anEmptyDatabase() {
        const QString url = m_server.newDatabase();
        QCOMPARE(store({QStringLiteral("backup"), at("never")}, url).code, 2);
        const Ran told = store({QStringLiteral("migrate"), QStringLiteral("--dry-run")}, url);
        QCOMPARE(told.code, 3);
        QVERIFY(told.out.startsWith("schema version 0, would be "));
        QCOMPARE(
            m_server.sql(
                url, QStringLiteral("SELECT count(*) FROM pg_namespace WHERE nspname = 'vigie'")),
            QStringLiteral("0"));
        QCOMPARE(store({QStringLiteral("migrate")}, url).code, 0);
        QCOMPARE(store({QStringLiteral("migrate"), QStringLiteral("--dry-run")}, url).code, 0);
    }
};

QTEST_GUILESS_MAIN(TestStoreCommandPostgres)
#include "tst_storecommandpostgres.moc"
