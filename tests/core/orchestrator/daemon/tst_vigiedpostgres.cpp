#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/postgresserver.h"
#include "tests/support/program.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace vigie;

namespace {

const QByteArray deployment = "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\","
                              "\"instance_type\":\"mock.cpu\",\"model_id\":\"m\"}";

QString field(const QJsonValue& row, const char* name) {
    return row.toObject().value(QLatin1String(name)).toString();
}

} // namespace

/// A real vigied over a real PostgreSQL that is stopped, started, and left alone by kill -9.
class TestVigiedPostgres : public QObject {
    Q_OBJECT

    PostgresServer m_server;
    QTemporaryDir m_data;
    QString m_url;
    QString m_address;

    void prepare(Program& vigied) {
        vigied.setEnvironment(QStringLiteral("XDG_DATA_HOME"), m_data.path());
        for (const char* name : {"BOOT", "INSTALL", "LOAD", "LATENCY", "WORKER_HEARTBEAT_INTERVAL"})
            vigied.setEnvironment(
                QStringLiteral("VIGIE_PROVIDERS_MOCK_%1_SECONDS").arg(QLatin1String(name)),
                QStringLiteral("0.05"));
        vigied.setEnvironment(QStringLiteral("VIGIE_STORE_LEASE_SECONDS"), QStringLiteral("2"));
        for (const char* name : {"PROVISIONING", "HEALTH_CHECK", "TERMINATOR"})
            vigied.setEnvironment(
                QStringLiteral("VIGIE_JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(name)),
                QStringLiteral("0.1"));
    }
    QStringList arguments(const QString& url) const {
        return {QStringLiteral("--listen"),    m_address,
                QStringLiteral("--store"),     url,
                QStringLiteral("--log-level"), QStringLiteral("warning")};
    }
    QJsonObject start(Program& vigied) {
        prepare(vigied);
        const QJsonObject line = vigied.startAndListen(arguments(m_url));
        if (line.isEmpty())
            qWarning("%s", vigied.standardError().constData());
        // The same address at the next start: workers know it.
        const QUrl url(line.value(QLatin1String("url")).toString());
        m_address = QStringLiteral("127.0.0.1:%1").arg(url.port());
        return line;
    }
    static int statusOf(Caller& caller, const char* path) {
        return caller.call(caller.request("GET", QLatin1String(path))).status;
    }
    static QString deploy(Caller& caller) {
        const Answered answer =
            caller.call(caller.request("POST", QStringLiteral("/deployments"), deployment));
        return answer.status == 202
                   ? field(QJsonDocument::fromJson(answer.body).object(), "instance_id")
                   : QString();
    }
    static QSet<QString> idsIn(Caller& caller, const QString& status) {
        QSet<QString> ids;
        for (const QJsonValue& row : caller.instances()) {
            if (field(row, "status") == status)
                ids.insert(field(row, "id"));
        }
        return ids;
    }

    /// What the circuit breaker around the database has computed.
    QString serverBreaker(Caller& caller) {
        const Answered all =
            caller.call(caller.request("GET", QStringLiteral("/circuit_breakers")));
        for (const QJsonValue& each : QJsonDocument::fromJson(all.body).array()) {
            if (field(each, "name") == QLatin1String("store:postgresql"))
                return field(each, "computed_state");
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.why())); }
    void init() {
        m_url = m_server.newDatabase();
        m_address = QStringLiteral("127.0.0.1:0");
    }

    void itLivesThroughAnAbsenceOfItsDatabase() {
        Program vigied(QStringLiteral("vigied"));
        Caller caller(start(vigied));
        QSet<QString> fleet;
        for (int i = 0; i < 3; ++i)
            fleet.insert(deploy(caller));
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(caller, QStringLiteral("ready")), fleet, 30'000);
        QCOMPARE(statusOf(caller, "/readyz"), 200);

        m_server.stop();
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(caller, "/readyz"), 503, 20'000);
        QCOMPARE(statusOf(caller, "/livez"), 200);
        QCOMPARE(statusOf(caller, "/instances"), 503); // and no empty or old fleet
        QCOMPARE(statusOf(caller, "/fleet"), 503);
        QCOMPARE(statusOf(caller, "/action_logs"), 503);
        const Answered refused =
            caller.call(caller.request("POST", QStringLiteral("/deployments"), deployment));
        QCOMPARE(refused.status, 503);
        QVERIFY2(refused.body.contains("can't be reached"), refused.body.constData());

        // Open, or by time alone half open until the next try.
        QTRY_VERIFY_WITH_TIMEOUT(QStringList({QStringLiteral("open"), QStringLiteral("half_open")})
                                     .contains(serverBreaker(caller)),
                                 20'000);
        const Answered fixed =
            caller.call(caller.request("POST", QStringLiteral("/circuit_breakers/store:postgresql"),
                                       "{\"override\":\"forced_closed\",\"reason\":\"a try\"}"));
        QCOMPARE(fixed.status, 409);

        // Beats of this time are taken, and stored once the database is there.
        const QString stoppedAt =
            QString::fromUtf8(caller.call(caller.request("GET", QStringLiteral("/readyz"))).body);
        QVERIFY2(stoppedAt.contains(u"can't be reached"), qPrintable(stoppedAt));
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(caller, "/readyz"), 200, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(serverBreaker(caller), QStringLiteral("closed"), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(caller, QStringLiteral("ready")), fleet, 20'000);
        const auto stored = [&] {
            return m_server
                .sql(m_url, QStringLiteral("SELECT count(*) FROM vigie.instances WHERE "
                                           "worker_last_heartbeat > (extract(epoch FROM "
                                           "pg_postmaster_start_time()) * 1000)::bigint"))
                .toInt();
        };
        QTRY_COMPARE_WITH_TIMEOUT(stored(), 3, 20'000);
        fleet.insert(deploy(caller));
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(caller, QStringLiteral("ready")), fleet, 30'000);
    }

    // They would keep it from starting, and so from being told to end them.
    void faultsBefallTheDatabaseOnceItRuns() {
        QTemporaryDir folder;
        QFile rules(folder.filePath(QStringLiteral("faults.toml")));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("[gone]\nkey = \"store:*\"\nrate = 1\n");
        rules.close();
        Program vigied(QStringLiteral("vigied"));
        vigied.setEnvironment(QStringLiteral("VIGIE_RESILIENCE_FAULTS"), rules.fileName());
        Caller caller(start(vigied));
        const auto ready = [&] {
            return caller.call(caller.request("GET", QStringLiteral("/readyz")));
        };
        QTRY_COMPARE_WITH_TIMEOUT(ready().status, 503, 20'000);
        QVERIFY2(ready().body.contains("fault injection"), ready().body.constData());
        QCOMPARE(statusOf(caller, "/instances"), 503);
        QCOMPARE(statusOf(caller, "/livez"), 200);
        const auto tell = [&](const QByteArray& order) {
            return caller.call(caller.request("POST", QStringLiteral("/chaos"), order)).status;
        };
        QCOMPARE(tell("{\"reason\":\"over\",\"off\":true}"), 200);
        QTRY_COMPARE_WITH_TIMEOUT(ready().status, 200, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(serverBreaker(caller), QStringLiteral("closed"), 20'000);
        const QByteArray metrics =
            caller.call(caller.request("GET", QStringLiteral("/metrics"))).body;
        QVERIFY(metrics.contains("vigie_call_faults_injected_total{key=\"store:postgresql\"} "));
        QVERIFY(!metrics.contains("faults_injected_total{key=\"store:postgresql\"} 0\n"));

        // Sessions break and answers are lost: what is asked for comes about all the same.
        QCOMPARE(tell("{\"reason\":\"a drill\",\"faults\":\"[a]\\nkey = \\\"store:*\\\"\\nrate = "
                      "0.05\\n[b]\\nkey = \\\"store:*\\\"\\nrate = 0.03\\nkind = "
                      "\\\"outcome\\\"\\n\"}"),
                 200);
        QString id;
        const auto deployed = [&] {
            if (id.isEmpty())
                id = deploy(caller);
            return !id.isEmpty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(deployed(), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(idsIn(caller, QStringLiteral("ready")).contains(id), 120'000);
        QCOMPARE(tell("{\"reason\":\"over\",\"off\":true}"), 200);
        QTRY_COMPARE_WITH_TIMEOUT(ready().status, 200, 20'000);
    }

    void aSecondOneSeesTheSameAndTakesOver() {
        Program first(QStringLiteral("vigied"));
        Caller caller(start(first));
        const QString id = deploy(caller);
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(caller, QStringLiteral("ready")), QSet<QString>{id},
                                  30'000);
        m_address = QStringLiteral("127.0.0.1:0");
        Program second(QStringLiteral("vigied"));
        Caller heir(start(second));
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(heir, QStringLiteral("ready")), QSet<QString>{id}, 30'000);
        // Asked of one, known to the other; who leads is told by both.
        const QString other = deploy(heir);
        const QSet<QString> both{id, other};
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(caller, QStringLiteral("ready")), both, 30'000);
        const auto leader = [](Caller& asked) {
            const auto jobs = QJsonDocument::fromJson(
                                  asked.call(asked.request("GET", QStringLiteral("/jobs"))).body)
                                  .array();
            for (const QJsonValue& job : jobs) {
                if (field(job, "name") == u"worker-watchdog")
                    return field(job, "lease_owner");
            }
            return QString();
        };
        const QString leads = leader(caller);
        QVERIFY(!leads.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(leader(heir), leads, 10'000);
        const Answered elsewhere = heir.call(
            heir.request("POST", QStringLiteral("/jobs/worker-watchdog/run"), QByteArray()));
        QCOMPARE(elsewhere.status, 409);
        // A beat that one of them took counts at the other.
        QTRY_VERIFY_WITH_TIMEOUT(statusOf(heir, "/readyz") == 200 &&
                                     !heir.instances()
                                          .at(0)
                                          .toObject()
                                          .value(QLatin1String("worker_last_heartbeat"))
                                          .isNull(),
                                 10'000);
        first.signal(SIGTERM);
        QVERIFY(first.waitForEnd());
        // Its lease was given back: nobody waits for its end.
        QTRY_VERIFY_WITH_TIMEOUT(leader(heir) != leads && !leader(heir).isEmpty(), 5'000);
        QCOMPARE(idsIn(heir, QStringLiteral("ready")), both);
    }

    void aPasswordIsShownNowhere() {
        m_server.sql(m_url, QStringLiteral("GRANT vigie TO locked"));
        QString url = m_url;
        url.replace(QStringLiteral("vigie@"), QStringLiteral("locked:open%20sesame@"));
        Program vigied(QStringLiteral("vigied"));
        prepare(vigied);
        const QJsonObject line =
            vigied.startAndListen({QStringLiteral("--listen"), m_address, QStringLiteral("--store"),
                                   url, QStringLiteral("--log-level"), QStringLiteral("debug")});
        QVERIFY2(!line.isEmpty(), vigied.standardError().constData());
        m_server.endSessions(m_url);
        Caller caller(line);
        QVERIFY(!deploy(caller).isEmpty());
        Program printer(QStringLiteral("vigied"));
        prepare(printer);
        QCOMPARE(printer.run({QStringLiteral("--store"), url, QStringLiteral("--print-config")}),
                 0);
        QVERIFY2(printer.standardOutput().contains("postgresql://locked:(set)@127.0.0.1"),
                 printer.standardOutput().constData());
        for (const Program* program : {&vigied, &printer})
            QVERIFY(!(program->standardOutput() + program->standardError()).contains("sesame"));
    }

    // Whatever was answered with 202 is done, once, however often the daemon dies.
    void killedAtAnyMomentItConverges() {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        QSet<QString> wanted, unwanted;
        for (int round = 0; round < 20; ++round) {
            Program vigied(QStringLiteral("vigied"));
            Caller caller(start(vigied));
            for (int i = random.bounded(3); i >= 0; --i) {
                if (const QString id = deploy(caller); !id.isEmpty())
                    wanted.insert(id);
            }
            if (!wanted.isEmpty() && random.bounded(2)) {
                const QString id = *wanted.cbegin();
                const Answered answer =
                    caller.call(caller.request("DELETE", QStringLiteral("/instances/") + id));
                if (answer.status == 202 || answer.status == 200) {
                    wanted.remove(id);
                    unwanted.insert(id);
                }
            }
            // At a moment that nothing of ours chooses, and not before: it does not end by itself.
            QVERIFY2(!vigied.waitForEnd(random.bounded(1, 250)),
                     vigied.standardError().constData());
            vigied.kill9();
        }
        Program vigied(QStringLiteral("vigied"));
        Caller caller(start(vigied));
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(caller, QStringLiteral("ready")), wanted, 60'000);
        const auto gone = [&] {
            return idsIn(caller, QStringLiteral("terminated"))
                .unite(idsIn(caller, QStringLiteral("archived")));
        };
        QTRY_COMPARE_WITH_TIMEOUT(gone(), unwanted, 60'000);
        QSet<QString> machines;
        int withMachine = 0;
        for (const QJsonValue& row : caller.instances()) {
            const QString machine = field(row, "provider_instance_id");
            withMachine += !machine.isEmpty();
            if (!machine.isEmpty())
                machines.insert(machine);
        }
        QCOMPARE(machines.size(), withMachine);
        QTRY_COMPARE_WITH_TIMEOUT(
            m_server.sql(m_url, QStringLiteral("SELECT count(*) FROM vigie.action_logs WHERE "
                                               "status = 'in_progress'")),
            QStringLiteral("0"), 30'000);
    }
};

QTEST_GUILESS_MAIN(TestVigiedPostgres)
#include "tst_vigiedpostgres.moc"
