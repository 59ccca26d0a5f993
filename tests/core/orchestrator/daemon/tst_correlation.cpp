#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/orchestratorprocess.h"

#include <QDirIterator>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace vigie;

/// One order is followed by its id through a real vigied and a real worker, as a person does who
/// wants to know what happened.
class TestCorrelation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_fleet.start("[automation]\nmode = \"act\"\n"), qPrintable(m_fleet.why()));
        m_caller = std::make_unique<Caller>(
            QJsonObject{{QStringLiteral("url"), m_fleet.url().toString()},
                        {QStringLiteral("token_file"), m_fleet.tokenFile()}});
    }

    void aCreate() {
        HttpRequest order =
            m_caller->request("POST", QStringLiteral("/deployments"),
                              "{\"provider_code\":\"process\",\"zone\":\"local-1\","
                              "\"instance_type\":\"local.worker\",\"model_id\":\"mock-model\"}");
        order.headers.emplaceBack("X-Correlation-Id", "create-1");
        m_id = QJsonDocument::fromJson(m_caller->call(std::move(order)).body)
                   .object()
                   .value(QLatin1String("instance_id"))
                   .toString();
        QVERIFY(!m_id.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(status(), QStringLiteral("ready"), 60'000);
        const QJsonArray rows = rowsOf(QStringLiteral("create-1"));
        for (const char* type : {"REQUEST_CREATE", "EXECUTE_CREATE", "PROVIDER_CREATE",
                                 "PERSIST_PROVIDER_ID", "INSTANCE_CREATED", "INSTANCE_READY"})
            QVERIFY2(!one(rows, type).isEmpty(), type);
        // Nothing that befell it so far is part of anything else.
        QCOMPARE(rows.size(), get(QStringLiteral("/action_logs?instance_id=") + m_id).size());
        QCOMPARE(parent(rows, "EXECUTE_CREATE"), idOf(rows, "REQUEST_CREATE"));
        for (const char* type : {"PROVIDER_CREATE", "PERSIST_PROVIDER_ID", "INSTANCE_CREATED"})
            QCOMPARE(parent(rows, type), idOf(rows, "EXECUTE_CREATE"));
        // The look for its tag and the create itself.
        QVERIFY(callsWith(QStringLiteral("create-1")) >= 2);
        QVERIFY(m_fleet.log().contains("create-1"));
        QCOMPARE(workersId(), QByteArray("create-1"));
        QVERIFY(workerLogs("create-1"));
    }

    void anAutomaticRecovery() {
        // The last healthy one of a small pool is left alone.
        const QStringList others = m_fleet.deploy(2);
        for (const QString& other : others)
            QTRY_COMPARE_WITH_TIMEOUT(status(other), QStringLiteral("ready"), 60'000);
        const qint64 worker = OrchestratorProcess::workerOf(m_id);
        QVERIFY(worker > 0);
        ::kill(static_cast<pid_t>(worker), SIGKILL);
        QTRY_VERIFY_WITH_TIMEOUT(!one(ofInstance(), "EXECUTE_RESTART_WORKER").isEmpty(), 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(status(), QStringLiteral("ready"), 60'000);
        const QString id = one(ofInstance(), "WORKER_DEAD_DETECTED")
                               .value(QLatin1String("correlation_id"))
                               .toString();
        QVERIFY(!id.isEmpty() && id != u"create-1");
        const QJsonArray rows = rowsOf(id);
        QCOMPARE(parent(rows, "EXECUTE_RESTART_WORKER"), idOf(rows, "REQUEST_RESTART_WORKER"));
        QVERIFY(!idOf(rows, "REQUEST_RESTART_WORKER").isEmpty());
        QVERIFY(!one(rows, "INSTANCE_READY").isEmpty());
        QVERIFY(callsWith(id) >= 1);
        QVERIFY(m_fleet.log().contains(id.toUtf8()));
        QCOMPARE(workersId(), id.toUtf8());
        QVERIFY(workerLogs(id.toUtf8()));
    }

    void aTermination() {
        HttpRequest order = m_caller->request("DELETE", QStringLiteral("/instances/") + m_id +
                                                            QStringLiteral("?override=true"));
        order.headers.emplaceBack("X-Correlation-Id", "end-1");
        order.headers.emplaceBack("X-Vigie-Reason", "test");
        const Answered answer = m_caller->call(std::move(order));
        QVERIFY2(answer.status == 202, answer.body.constData());
        QTRY_COMPARE_WITH_TIMEOUT(status(), QStringLiteral("terminated"), 60'000);
        const QJsonArray rows = rowsOf(QStringLiteral("end-1"));
        QCOMPARE(parent(rows, "EXECUTE_TERMINATE"), idOf(rows, "REQUEST_TERMINATE"));
        QVERIFY(!idOf(rows, "REQUEST_TERMINATE").isEmpty());
        for (const char* type : {"PROVIDER_TERMINATE", "PROVIDER_DELETE_VOLUME",
                                 "TERMINATION_CONFIRMED", "INSTANCE_TERMINATED"})
            QCOMPARE(parent(rows, type), idOf(rows, "EXECUTE_TERMINATE"));
        // Delete, the look whether it is gone, its volume.
        QVERIFY(callsWith(QStringLiteral("end-1")) >= 3);
        QVERIFY(m_fleet.log().contains("end-1"));
    }

private:
    QJsonArray get(const QString& path) {
        return QJsonDocument::fromJson(m_caller->call(m_caller->request("GET", path)).body).array();
    }
    QJsonArray rowsOf(const QString& correlation) {
        return get(QStringLiteral("/action_logs?correlation_id=") + correlation);
    }
    QJsonArray ofInstance() { return get(QStringLiteral("/action_logs?instance_id=") + m_id); }
    QString status(const QString& id = {}) {
        const QString path = QStringLiteral("/instances/") + (id.isEmpty() ? m_id : id);
        return QJsonDocument::fromJson(m_caller->call(m_caller->request("GET", path)).body)
            .object()
            .value(QLatin1String("status"))
            .toString();
    }
    static QJsonObject one(const QJsonArray& rows, const char* type) {
        for (const QJsonValue& row : rows) {
            if (row.toObject().value(QLatin1String("action_type")) == QLatin1String(type))
                return row.toObject();
        }
        return {};
    }
    static QString idOf(const QJsonArray& rows, const char* type) {
        return one(rows, type).value(QLatin1String("id")).toString();
    }
    static QString parent(const QJsonArray& rows, const char* type) {
        return one(rows, type).value(QLatin1String("parent_log_id")).toString();
    }
    /// How many of the provider's calls were part of that order.
    std::ptrdiff_t callsWith(const QString& correlation) {
        const QJsonArray calls = get(QStringLiteral("/circuit_breakers/provider:process/calls"));
        return std::ranges::count_if(calls, [&](const QJsonValue& call) {
            return call.toObject().value(QLatin1String("correlation_id")) == correlation;
        });
    }
    /// Whether the log of a worker names the order.
    bool workerLogs(const QByteArray& correlation) const {
        QDirIterator files(m_fleet.folder(), {QStringLiteral("stderr.log")}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile log(files.next());
            if (log.open(QIODevice::ReadOnly) && log.readAll().contains(correlation))
                return true;
        }
        return false;
    }
    /// What its worker writes into each line of its log.
    QByteArray workersId() const {
        QFile file(QStringLiteral("/proc/%1/environ").arg(OrchestratorProcess::workerOf(m_id)));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const QByteArray name = "WORKER_CORRELATION_ID=";
        for (const QByteArray& each : file.readAll().split('\0')) {
            if (each.startsWith(name))
                return each.mid(name.size());
        }
        return {};
    }

    OrchestratorProcess m_fleet;
    std::unique_ptr<Caller> m_caller;
    QString m_id;
};

QTEST_GUILESS_MAIN(TestCorrelation)
#include "tst_correlation.moc"
