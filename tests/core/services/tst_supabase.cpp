#include "core/services/supabase/supabaseclient.h"
#include "tests/core/services/servicebench.h"

#include <QTest>

using namespace vigie;

namespace {

SupabaseOptions optionsFor(const FakeService& service) {
    SupabaseOptions options;
    options.url = service.url();
    options.key = FakePostgrest::key;
    return options;
}

Fault pg(int status, const char* code) {
    return faults::json(status, QByteArray("{\"code\":\"") + code +
                                    "\",\"details\":null,\"hint\":null,\"message\":\"m\"}");
}

const QString jobs = QStringLiteral("jobs");

} // namespace

class TestSupabase : public QObject {
    Q_OBJECT

private:
    HurriedClock m_clock;
    HttpClient m_http{m_clock};

private Q_SLOTS:
    void selects() {
        FakePostgrest postgrest;
        postgrest.rows = {{1, "{\"id\":1,\"name\":\"a\"}"}, {2, "{\"id\":2,\"name\":\"b\"}"}};
        SupabaseOptions options = optionsFor(postgrest);
        options.schema = QStringLiteral("fleet");
        SupabaseClient client(m_clock, m_http, options);
        SupabaseSelect query;
        query.table = jobs;
        query.columns = {QStringLiteral("id"), QStringLiteral("name")};
        query.filters = {{QStringLiteral("name"), QStringLiteral("in"), QStringLiteral("(a,b&c)")},
                         {QStringLiteral("id"), QStringLiteral("gte"), QStringLiteral("1")}};
        query.order = {QStringLiteral("id.desc")};
        query.limit = 10;
        query.offset = 5;
        const auto rows = await(client.select(query, {}));
        QVERIFY(rows && *rows);
        QCOMPARE((*rows)->items().size(), std::size_t(2));
        QCOMPARE((*rows)->items()[1]["name"].text(), QStringLiteral("b"));
        const FaultyRequest& sent = postgrest.server().requests().last();
        QCOMPARE(sent.target,
                 QByteArray("/rest/v1/jobs?select=id,name&name=in.%28a%2Cb%26c%29&id=gte.1"
                            "&order=id.desc&limit=10&offset=5"));
        QCOMPARE(sent.header("Accept-Profile"), QByteArray("fleet"));
    }

    void refusesWhatItCannotAsk() {
        FakePostgrest postgrest;
        SupabaseClient client(m_clock, m_http, optionsFor(postgrest));
        SupabaseSelect query;
        query.table = jobs;
        query.filters = {{QStringLiteral("id"), QStringLiteral("eq.1&x"), QString()}};
        QCOMPARE(wordOf(await(client.select(query, {}))->error()), QByteArray("invalid_request"));
        query.filters.clear();
        query.limit = 0;
        QCOMPARE(wordOf(await(client.select(query, {}))->error()), QByteArray("invalid_request"));
        for (const char* rows : {"", "7", "[1]", "{", "[{},[]]"})
            QCOMPARE(wordOf(await(client.insert(jobs, rows, {}))->error()).isEmpty(), false);
        QCOMPARE(postgrest.received(), 0);
    }

    void insertsAndUpserts() {
        FakePostgrest postgrest;
        SupabaseClient client(m_clock, m_http, optionsFor(postgrest));
        const auto inserted = await(client.insert(jobs, "{\"id\":1,\"name\":\"a\"}", {}));
        QVERIFY(inserted && *inserted);
        QCOMPARE(postgrest.rows.size(), 1);
        const auto twice = await(client.insert(jobs, "[{\"id\":1}]", {}));
        QVERIFY(twice && !*twice);
        QCOMPARE(wordOf(twice->error()), QByteArray("db_constraint"));
        QVERIFY(twice->error().kind == FailureKind::Conflict);
        QVERIFY(twice->error().message.contains(QStringLiteral("(23505)")));
        QCOMPARE(postgrest.received("POST"), 2);
        const auto merged =
            await(client.upsert(jobs, "[{\"id\":1,\"name\":\"z\"}]", {QStringLiteral("id")}, {}));
        QVERIFY(merged && *merged);
        QCOMPARE(postgrest.rows[1], QByteArray("{\"id\":1,\"name\":\"z\"}"));
        QVERIFY(postgrest.server().requests().last().target.endsWith("?on_conflict=id"));
    }

    void misbehaves_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("gets");    // of a select
        QTest::addColumn<int>("inserts"); // of an insert; 0: not looked at
        QTest::addColumn<int>("upserts");
        const auto row = [](const char* name, int which, const char* word, int gets, int inserts,
                            int upserts) {
            QTest::newRow(name) << which << QByteArray(word) << gets << inserts << upserts;
        };
        row("500", 0, "server_error", 3, 1, 3);
        row("statement time-out", 1, "db_timeout", 3, 1, 3);
        row("unknown table", 2, "db_schema", 1, 1, 1);
        row("row-level security", 3, "db_permission", 1, 1, 1);
        row("gateway", 4, "bad_gateway", 3, 1, 3);
        row("database away", 5, "db_connection", 3, 1, 3);
        row("not a list", 6, "malformed_answer", 1, 1, 1);
        row("HTML", 7, "malformed_answer", 1, 1, 1);
        row("expired", 8, "unauthorized", 1, 1, 1);
    }
    void misbehaves() {
        QFETCH(int, which);
        QFETCH(QByteArray, word);
        QFETCH(int, gets);
        QFETCH(int, inserts);
        QFETCH(int, upserts);
        const Fault each[] = {faults::answer(500),
                              pg(500, "57014"),
                              pg(404, "42P01"),
                              pg(403, "42501"),
                              faults::answer(502, "<html>502</html>"),
                              pg(503, "PGRST000"),
                              faults::json(200, "{\"id\":1}"),
                              faults::answer(200, "<html></html>"),
                              pg(401, "PGRST303")};
        FakePostgrest postgrest;
        const std::vector<Fault> often(9, each[which]);
        SupabaseClient client(m_clock, m_http, optionsFor(postgrest));
        postgrest.misbehave(often);
        SupabaseSelect query;
        query.table = jobs;
        QCOMPARE(wordOf(await(client.select(query, {}))->error()), word);
        QCOMPARE(postgrest.received("GET"), gets);
        QCOMPARE(wordOf(await(client.insert(jobs, "{\"id\":1}", {}))->error()), word);
        QCOMPARE(postgrest.received("POST"), inserts);
        QCOMPARE(wordOf(await(client.upsert(jobs, "{\"id\":1}", {}, {}))->error()), word);
        QCOMPARE(postgrest.received("POST"), inserts + upserts);
    }

    // Whether the row was written is not known: a second insert could write it twice.
    void anInsertWithoutAnAnswerIsNotRepeated() {
        FakePostgrest postgrest;
        SupabaseClient client(m_clock, m_http, optionsFor(postgrest));
        postgrest.misbehave({faults::reset()});
        const auto outcome = await(client.insert(jobs, "{\"id\":1}", {}));
        QVERIFY(outcome && !*outcome);
        QCOMPARE(wordOf(outcome->error()), QByteArray("outcome_unknown"));
        QCOMPARE(postgrest.received("POST"), 1);
    }

    // Rolled back means that nothing was written: here a second try is safe, and wanted.
    void whatWasRolledBackIsRepeated() {
        for (const char* state : {"40001", "40P01"}) {
            FakePostgrest postgrest;
            SupabaseClient client(m_clock, m_http, optionsFor(postgrest));
            postgrest.misbehave({pg(500, state)});
            const auto outcome = await(client.insert(jobs, "{\"id\":1}", {}));
            QVERIFY2(outcome && *outcome, state);
            QCOMPARE(postgrest.received("POST"), 2);
            QCOMPARE(postgrest.rows.size(), 1);
        }
    }

    void wrongKey() {
        FakePostgrest postgrest;
        SupabaseOptions options = optionsFor(postgrest);
        options.key = "another-secret";
        SupabaseClient client(m_clock, m_http, options);
        const auto root = await(client.root({}));
        QVERIFY(root && !*root);
        QCOMPARE(wordOf(root->error()), QByteArray("invalid_key"));
        QVERIFY(!root->error().message.contains(QStringLiteral("another-secret")));
        options.key = FakePostgrest::key;
        SupabaseClient right(m_clock, m_http, options);
        const auto described = await(right.root({}));
        QVERIFY(described && *described);
        QCOMPARE((*described)->version, QStringLiteral("12.2.3"));
        QCOMPARE((*described)->tables, 1);
    }
};

QTEST_GUILESS_MAIN(TestSupabase)
#include "tst_supabase.moc"
