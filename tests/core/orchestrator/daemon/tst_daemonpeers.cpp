// Whom the daemon's tasks and services call: their breakers, their faults, over the daemon's HTTP.

#include "tests/core/orchestrator/daemon/daemonfixture.h"

#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

/// A port of this machine that nobody answers at.
int deadPort() {
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

QByteArray openAiPlan(const QString& id, int port, int tasks) {
    const QString plan =
        QStringLiteral("patience_seconds = 0\n[engines.%1]\nkind = \"openai\"\n"
                       "url = \"http://127.0.0.1:%2\"\n[[task]]\nid = \"t\"\nprompt = \"?\"\n"
                       "model = \"org/m\"\nrepeat = %3\n")
            .arg(id)
            .arg(port)
            .arg(tasks);
    return QJsonDocument(QJsonObject{{QStringLiteral("id"), id}, {QStringLiteral("plan"), plan}})
        .toJson();
}

} // namespace

class TestDaemonPeers : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DaemonFixture> m_daemon;

    void start(QHash<QString, QString> environment) {
        m_daemon.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        environment.insert(QStringLiteral("VIGIE_TASKS_REPLAY_ROUNDS"), QStringLiteral("0"));
        m_daemon = std::make_unique<DaemonFixture>(m_folder->path(), QHash<QString, QStringList>(),
                                                   environment);
    }
    QJsonObject object(const QString& path) { return m_daemon->get(path).object(); }
    QString statusOf(const QString& run) {
        return object(QStringLiteral("/tasks/") + run).value(QLatin1String("status")).toString();
    }
    void runToEnd(const QString& id, int port, int tasks) {
        const HttpReply reply =
            m_daemon->call("POST", QStringLiteral("/tasks"), openAiPlan(id, port, tasks));
        QVERIFY2(reply.status == 202, reply.body.constData());
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(id), QStringLiteral("finished"), 60'000);
    }
    int attemptsOf(const QString& run) {
        int attempts = 0;
        const QJsonArray tasks =
            object(QStringLiteral("/tasks/") + run).value(QLatin1String("tasks")).toArray();
        for (const QJsonValue& task : tasks)
            attempts += task.toObject().value(QLatin1String("attempts")).toArray().size();
        return attempts;
    }
    QJsonObject breaker(const QString& name) {
        for (const QJsonValue& each : m_daemon->get(QStringLiteral("/circuit_breakers")).array()) {
            if (each.toObject().value(QLatin1String("name")).toString() == name)
                return each.toObject();
        }
        return {};
    }
    QString stateOf(const QString& name) {
        return breaker(name).value(QLatin1String("effective_state")).toString();
    }
    bool tells(const QString& line) {
        return m_daemon->call("GET", QStringLiteral("/metrics"))
            .body.contains(line.toUtf8() + '\n');
    }
    double figure(const QString& series) {
        const QByteArray page = m_daemon->call("GET", QStringLiteral("/metrics")).body;
        const qsizetype at = page.indexOf('\n' + series.toUtf8() + ' ');
        return at < 0 ? -1 : page.mid(at + 2 + series.toUtf8().size()).split('\n').at(0).toDouble();
    }

private Q_SLOTS:
    void cleanup() { m_daemon.reset(); }

    /// What one run learnt of an engine the next one need not learn again.
    void aDeadEngineIsFoundOpenByTheNextRun() {
        start({});
        const int port = deadPort();
        const QString name = QStringLiteral("engine:openai:127.0.0.1:%1:org~m").arg(port);
        const QString path = QStringLiteral("/circuit_breakers/") + name;
        runToEnd(QStringLiteral("dead"), port, 4);
        QVERIFY(attemptsOf(QStringLiteral("dead")) >= 5);
        QCOMPARE(stateOf(name), QStringLiteral("open"));
        QCOMPARE(breaker(name).value(QLatin1String("opens")).toInt(), 1);
        QVERIFY(!breaker(name).value(QLatin1String("transitions")).toArray().isEmpty());
        const QJsonArray calls = m_daemon->get(path + QStringLiteral("/calls")).array();
        QVERIFY(!calls.isEmpty());
        QCOMPARE(calls.at(0).toObject().value(QLatin1String("error_code")).toString(),
                 QStringLiteral("connection_refused"));
        QVERIFY(
            tells(QStringLiteral("vigie_circuit_breaker_opens_total{name=\"%1\"} 1").arg(name)));
        QVERIFY(figure(QStringLiteral("vigie_call_operations_total{key=\"%1\",outcome=\"failure\"}")
                           .arg(name)) >= 4);

        runToEnd(QStringLiteral("again"), port, 2); // calls its engine otherwise
        QCOMPARE(attemptsOf(QStringLiteral("again")), 0);
    }

    void peopleMayOverrideIt() {
        start({});
        const int port = deadPort();
        const QString name = QStringLiteral("engine:openai:127.0.0.1:%1:org~m").arg(port);
        const QString path = QStringLiteral("/circuit_breakers/") + name;
        QCOMPARE(m_daemon->call("POST", path, R"({"override":"none","reason":"r"})").status, 404);
        runToEnd(QStringLiteral("dead"), port, 4);
        const auto order = [&](const QByteArray& state) {
            return m_daemon
                ->call("POST", path,
                       "{\"override\":\"" + state + "\",\"reason\":\"see for myself\"}")
                .status;
        };
        QCOMPARE(order("forced_closed"), 200);
        QCOMPARE(stateOf(name), QStringLiteral("forced_closed"));
        runToEnd(QStringLiteral("forced"), port, 1);
        QVERIFY(attemptsOf(QStringLiteral("forced")) > 0);
        QCOMPARE(order("none"), 200);
        QVERIFY(stateOf(name) != QStringLiteral("forced_closed"));
    }

    void aServiceHasItsPlaceAmongThem() {
        const int port = deadPort();
        start({{QStringLiteral("VIGIE_SERVICES_OLLAMA_URL"),
                QStringLiteral("http://127.0.0.1:%1").arg(port)},
               {QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("0.1")}});
        const QString name = QStringLiteral("ollama:127.0.0.1:%1").arg(port);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(name), QStringLiteral("open"), 60'000);
        QVERIFY(
            figure(QStringLiteral("vigie_circuit_breaker_opens_total{name=\"%1\"}").arg(name)) >=
            1);
    }

    /// Faults for every key strike tasks and services as well.
    void faultsStrikeTasksAndServices() {
        QTemporaryDir rules;
        QFile file(rules.filePath(QStringLiteral("faults.toml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[tasks]\nkey = \"engine:*\"\nrate = 1\nkind = \"fault\"\n"
                   "error_class = \"overloaded\"\n[rest]\nkey = \"*\"\nrate = 1\n"
                   "kind = \"fault\"\nerror_class = \"unavailable\"\n");
        file.close();
        const int port = deadPort();
        start({{QStringLiteral("VIGIE_RESILIENCE_FAULTS"), file.fileName()},
               {QStringLiteral("VIGIE_SERVICES_OLLAMA_URL"),
                QStringLiteral("http://127.0.0.1:%1").arg(port)},
               {QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("0.1")}});
        QVERIFY(tells(QStringLiteral("vigie_fault_injection_active 1")));
        runToEnd(QStringLiteral("struck"), port, 2);
        const QJsonArray tasks =
            object(QStringLiteral("/tasks/struck")).value(QLatin1String("tasks")).toArray();
        QCOMPARE(tasks.at(0).toObject().value(QLatin1String("error_class")).toString(),
                 QStringLiteral("overloaded"));
        const auto injected = [this](const QString& key) {
            return figure(QStringLiteral("vigie_call_faults_injected_total{key=\"%1\"}").arg(key));
        };
        QVERIFY(injected(QStringLiteral("engine:openai:127.0.0.1:%1:org~m").arg(port)) >= 2);
        QTRY_VERIFY_WITH_TIMEOUT(injected(QStringLiteral("ollama:127.0.0.1:%1").arg(port)) >= 1,
                                 30'000);
    }

    /// And so do those that are asked for while it runs, until they are taken back.
    void chaosReachesTheTasksThatItRuns() {
        start({});
        const QString path = QStringLiteral("/chaos");
        const QByteArray rules = "{\"reason\":\"a drill\",\"faults\":\"[tasks]\\nkey = "
                                 "\\\"engine:*\\\"\\nrate = 1\\nerror_class = "
                                 "\\\"content_refused\\\"\\n\"}";
        const auto run = [this](const QString& id) {
            const QString plan =
                QStringLiteral("[engines.e]\nkind = \"mock\"\nfail_every = 0\nslow_every = 0\n"
                               "normal_seconds = 0.001\n[[task]]\nid = \"t\"\nprompt = \"?\"\n");
            const QJsonObject order{{QStringLiteral("id"), id}, {QStringLiteral("plan"), plan}};
            m_daemon->call("POST", QStringLiteral("/tasks"), QJsonDocument(order).toJson());
            (void)QTest::qWaitFor([&] { return statusOf(id) == QLatin1String("finished"); },
                                  30'000);
            return object(QStringLiteral("/tasks/") + id)
                .value(QLatin1String("succeeded"))
                .toInt(-1);
        };
        QCOMPARE(run(QStringLiteral("before")), 1);
        const HttpReply told = m_daemon->call("POST", path, rules);
        QVERIFY2(told.status == 200, told.body.constData());
        QCOMPARE(run(QStringLiteral("struck")), 0);
        QVERIFY(object(path).value(QLatin1String("faults_injected")).toInt() >= 1);
        QCOMPARE(m_daemon->call("POST", path, R"({"reason":"over","off":true})").status, 200);
        QCOMPARE(run(QStringLiteral("after")), 1);
    }
};

QTEST_GUILESS_MAIN(TestDaemonPeers)
#include "tst_daemonpeers.moc"
