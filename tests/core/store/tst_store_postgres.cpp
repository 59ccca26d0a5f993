#include "core/store/postgres/connection.h"
#include "tests/core/store/contract/storecontract.h"
#include "tests/support/postgresserver.h"

using namespace vigie;

/// The contract over a real PostgreSQL, and which databases it opens.
class TestStorePostgres : public StoreContract {
    Q_OBJECT

    PostgresServer m_server;
    QString m_database;

    QString newPlace() override {
        m_server.empty(m_database);
        return m_database;
    }
    QString schemaFile(int version) const override {
        return QStringLiteral(VIGIE_SOURCE_DIR "/tests/data/schema/postgres-%1.sql").arg(version);
    }
    QString saysVersion(int version) const override {
        return QStringLiteral("UPDATE meta SET value = '%1' WHERE key = 'schema_version'")
            .arg(version);
    }
    bool makeDatabase(const QByteArray& statements) override {
        const QByteArray ours = statements.contains("CREATE SCHEMA")
                                    ? QByteArray()
                                    : QByteArray("SET ROLE vigie; SET search_path = vigie; ");
        m_server.sql(m_place, QString::fromUtf8(ours + statements));
        return m_server.sql(m_place, QStringLiteral("SELECT count(*) FROM vigie.meta WHERE key = "
                                                    "'schema_version'")) == QLatin1String("1");
    }
    Outcome<std::unique_ptr<stores::sql::Connection>> connectAsItIs() override {
        using namespace stores::postgres;
        auto address = Address::parse(m_place.section(u':', 1));
        if (!address)
            return fail(address.error());
        return Connection::open(
            *address, Connection::Role::Reader, QString(),
            std::make_shared<ServerAccess>(builtInStoreCalls(), SystemClock().now()));
    }
    bool tamper(const QByteArray& statement) override {
        m_server.sql(m_place, QString::fromUtf8(
                                  QByteArray(statement).replace('{', "vigie.").replace('}', "")));
        return true;
    }

    Failure refusal(const QString& url) {
        const auto opened = openStore(url);
        return opened ? Failure{} : opened.error();
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_database = m_server.newDatabase();
    }

    void aTextWithANulIsKeptWithoutIt() {
        ChangeSet set = inserting(1);
        set.inserts[0].instance.errorMessage = QString::fromUtf8("a\0b", 3);
        QVERIFY(commit(set));
        QCOMPARE(contents().instances.at(0).instance.errorMessage, QStringLiteral("a\uFFFDb"));
    }

    void theSocketWorksToo() {
        m_store.reset();
        const auto opened = openStore(m_server.socketUrl(m_place));
        QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().message));
    }

    void aLostTableIsAFailureAndNotAnEmptyFleet() {
        QVERIFY(commit(inserting(1)));
        m_server.sql(m_place, QStringLiteral("ALTER TABLE vigie.instances RENAME TO elsewhere"));
        const auto loaded = await(m_store->load());
        QVERIFY(loaded && !*loaded && (*loaded).error().kind == FailureKind::Storage);
        m_server.sql(m_place, QStringLiteral("ALTER TABLE vigie.elsewhere RENAME TO instances"));
        QCOMPARE(contents().instances.size(), std::size_t(1));
    }

    void whatCannotBeOpened_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("says");
        const QString port = QString::number(m_server.port());
        const auto row = [](const char* name, const QString& url, const char* says) {
            QTest::newRow(name) << url << QString::fromLatin1(says);
        };
        const QString empty = m_server.newDatabase();
        m_server.sql(empty,
                     QStringLiteral("CREATE SCHEMA vigie; CREATE TABLE vigie.cars (id int)"));
        const QString newer = m_server.newDatabase();
        m_server.sql(newer, QStringLiteral("CREATE SCHEMA vigie AUTHORIZATION vigie; "
                                           "SET ROLE vigie; CREATE TABLE vigie.meta (key text, "
                                           "value text); INSERT INTO vigie.meta VALUES "
                                           "('schema_version', '99')"));
        const QString foreign = m_server.newDatabase();
        m_server.sql(foreign, QStringLiteral("CREATE ROLE guest%1 LOGIN").arg(port));
        const QString at = QStringLiteral("@127.0.0.1:") + port;
        row("no slashes", QStringLiteral("postgresql:fleet"), "no URL of a database");
        row("no user", QStringLiteral("postgresql://127.0.0.1/fleet"), "the user is missing");
        row("no database", QStringLiteral("postgresql://vigie@127.0.0.1"), "name of the database");
        row("no host", QStringLiteral("postgresql://vigie@/fleet"), "the host is missing");
        row("a port out of range", QStringLiteral("postgresql://vigie@127.0.0.1:99999/fleet"),
            "no URL of a database");
        row("an unknown option", QStringLiteral("postgresql://vigie%1/fleet?color=red").arg(at),
            "\"color\" is none of the options");
        row("injected options", QStringLiteral("postgresql://vigie%1/a;b").arg(at), "semicolon");
        row("nobody there", QStringLiteral("postgresql://vigie@127.0.0.1:1/fleet"),
            "start PostgreSQL there, or correct the address");
        row("no such database", QStringLiteral("postgresql://vigie%1/nowhere").arg(at),
            "createdb -E UTF8 -O vigie nowhere");
        row("no such role", QStringLiteral("postgresql://nobody%1/postgres").arg(at),
            "createuser -P nobody");
        row("no password", QStringLiteral("postgresql://locked%1/postgres").arg(at), "PGPASSFILE");
        row("a wrong password", QStringLiteral("postgresql://locked:hunter2%1/postgres").arg(at),
            "PGPASSFILE");
        row("another program's schema", empty, "belongs to another program");
        row("a newer version", newer, "schema version 99");
        row("no rights",
            QStringLiteral("postgresql://guest%1%2/%3").arg(port, at, foreign.section(u'/', -1)),
            "make it the owner of the database");
    }

    void whatCannotBeOpened() {
        QFETCH(QString, url);
        QFETCH(QString, says);
        const Failure failure = refusal(url);
        QVERIFY(failure.kind == FailureKind::Storage);
        QVERIFY2(failure.message.contains(says), qPrintable(failure.message));
        QVERIFY2(!failure.message.contains(u"hunter2"), qPrintable(failure.message));
        QVERIFY(!failure.message.contains(u'\n'));
    }

    void aPasswordOpens() {
        m_server.sql(m_place, QStringLiteral("GRANT vigie TO locked"));
        m_store.reset();
        QString url = m_place;
        url.replace(QStringLiteral("vigie@"), QStringLiteral("locked:open%20sesame@"));
        const auto opened = openStore(url);
        QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().message));
    }
};

QTEST_GUILESS_MAIN(TestStorePostgres)
#include "tst_store_postgres.moc"
