#include "tests/support/fakescaleway.h"
#include "tests/support/program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace vigie;

namespace {

/// A real vigied over the fake Scaleway, whose machines run real workers.
class Site {
public:
    FakeScaleway cloud;
    std::unique_ptr<Program> daemon;

    Site() {
        cloud.workerProgram = QStringLiteral(VIGIE_TEST_BIN_DIR "/vigie-worker");
        cloud.publicAddresses = false; // nothing is probed, nothing leaves this machine
        write(QStringLiteral("key"), FakeScaleway::secretKey() + '\n');
        QFile::setPermissions(path("key"), QFile::ReadOwner | QFile::WriteOwner);
    }

    bool start(const QByteArray& more = {}) {
        write(QStringLiteral("policy.toml"),
              "provider = \"scaleway\"\n"
              "[watchdog]\nheartbeat_timeout_seconds = 3\nexpected_beat_interval_seconds = 0.1\n"
              "[jobs.worker-watchdog]\ninterval_seconds = 0.2\n"
              "[jobs.health-check]\ninterval_seconds = 0.2\n"
              "[jobs.provisioning]\ninterval_seconds = 0.2\nfirst_delay_seconds = 0.2\n"
              "settle_seconds = 1\n"
              "[jobs.terminator]\ninterval_seconds = 0.2\nfirst_delay_seconds = 0.2\n"
              "[jobs.volume-reconciliation]\nretry_backoff_seconds = 0.2\n"
              "[providers.scaleway]\nzones = [\"fr-par-2\"]\ncluster_id = \"test\"\n"
              "api_url = \"" +
                  cloud.url().toEncoded() + "\"\nproject_id = \"" +
                  FakeScaleway::project().toUtf8() + "\"\nimages = [\"" +
                  FakeScaleway::image().toUtf8() + "\"]\nsecret_key_file = \"" +
                  path("key").toUtf8() + "\"\n" + more);
        daemon = std::make_unique<Program>(QStringLiteral("vigied"));
        const QJsonObject line = daemon->startAndListen(
            {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(m_url.port(0)),
             QStringLiteral("--store"), QStringLiteral("sqlite:") + path("fleet.db"),
             QStringLiteral("--policy"), path("policy.toml")});
        m_url = QUrl(line.value(QStringLiteral("url")).toString());
        if (m_token.isEmpty()) {
            QFile token(line.value(QStringLiteral("token_file")).toString());
            if (token.open(QIODevice::ReadOnly))
                m_token = token.readAll().trimmed();
        }
        return !m_url.isEmpty() && !m_token.isEmpty();
    }

    QByteArray call(const QByteArray& method, const QString& target, const QByteArray& body = {},
                    const QByteArray& order = {}) {
        QNetworkRequest request(m_url.resolved(QUrl(target)));
        request.setRawHeader("Authorization", "Bearer " + m_token);
        request.setRawHeader("Content-Type", "application/json");
        if (!order.isEmpty())
            request.setRawHeader("X-Correlation-Id", order);
        QNetworkReply* reply = m_network.sendCustomRequest(request, method, body);
        const bool answered = QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000);
        const QByteArray text = answered ? reply->readAll() : QByteArray();
        reply->deleteLater();
        return text;
    }

    QString deploy(const QByteArray& order = {}) {
        QString id;
        QByteArray said;
        // Nothing can be deployed until the catalogue was read.
        const bool accepted = QTest::qWaitFor(
            [&] {
                said = call("POST", QStringLiteral("/deployments"),
                            R"({"provider_code":"scaleway","zone":"fr-par-2",)"
                            R"("instance_type":"L4-1-24G","model_id":"mock-model"})",
                            order);
                id = QJsonDocument::fromJson(said)
                         .object()
                         .value(QStringLiteral("instance_id"))
                         .toString();
                return !id.isEmpty();
            },
            20'000);
        if (!accepted)
            qWarning("refused: %s", said.constData());
        return id;
    }

    QJsonObject instance(const QString& id) {
        return QJsonDocument::fromJson(call("GET", QStringLiteral("/instances/") + id)).object();
    }
    bool reaches(const QString& id, const QString& status) {
        return QTest::qWaitFor(
            [&] { return instance(id).value(QStringLiteral("status")).toString() == status; },
            60'000);
    }
    QByteArray logs(const QString& query = {}) {
        return call("GET", QStringLiteral("/action_logs") + query);
    }
    QString path(const char* name) const { return m_dir.filePath(QString::fromLatin1(name)); }

private:
    void write(const QString& name, const QByteArray& text) {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("%s can't be written", qPrintable(file.fileName()));
    }

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    QUrl m_url;
    QByteArray m_token;
};

} // namespace

/// The whole way: an order over HTTP, a server of the (fake) cloud, its user-data, a real worker.
class TestScalewayDaemon : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDeploymentBecomesReadyAndIsDeletedWhole();
    void anOrderIsFollowedThroughItsRequests();
    void aKillBetweenOrderAndAnswerMakesNoSecondServer_data();
    void aKillBetweenOrderAndAnswerMakesNoSecondServer();
    void refusalsFailTheDeployment_data();
    void refusalsFailTheDeployment();
    void automationOnlyObserves();
    void wrongSettingsAreAllNamedAtOnce();
    void theKeyIsNeverPrinted();
};

void TestScalewayDaemon::aDeploymentBecomesReadyAndIsDeletedWhole() {
    Site site;
    QVERIFY2(site.start(), site.daemon->standardError().right(2000).constData());
    const QString id = site.deploy();
    QVERIFY(!id.isEmpty());
    QVERIFY2(site.reaches(id, QStringLiteral("ready")),
             site.daemon->standardError().right(3000).constData());
    QCOMPARE(site.cloud.created, 1);
    QCOMPARE(site.cloud.workersRunning(), 1);
    const auto told = FakeScaleway::workerEnvironment(site.cloud.servers.begin()->second.userData);
    const QByteArray secret = told.value(QStringLiteral("WORKER_AUTH_TOKEN")).toUtf8();
    QVERIFY(secret.size() >= 20);
    const QJsonObject shown = site.instance(id);
    QCOMPARE(shown.value(QStringLiteral("cost_per_hour")).toDouble(), 0.75);
    QCOMPARE(shown.value(QStringLiteral("storages")).toArray().size(), 2);

    site.cloud.volumesLinger = true; // the volumes of the deleted server stay attached for a while
    site.call("DELETE", QStringLiteral("/instances/") + id);
    QTRY_VERIFY_WITH_TIMEOUT(site.cloud.servers.empty(), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(site.logs().contains("still attached"), 60'000);
    QVERIFY(site.instance(id).value(QStringLiteral("status")) != QStringLiteral("terminated"));
    QCOMPARE(site.cloud.volumes.size(), 2U);
    site.cloud.freeVolumes();
    QVERIFY(site.reaches(id, QStringLiteral("terminated")));
    QVERIFY(site.cloud.volumes.empty());
    QCOMPARE(site.cloud.workersRunning(), 0);
    for (const QByteArray& hidden : {secret, FakeScaleway::secretKey()}) {
        QVERIFY(!site.daemon->standardError().contains(hidden));
        QVERIFY(!site.logs().contains(hidden));
    }
}

// What a person greps for in the log of the provider, of vigied and of the worker.
void TestScalewayDaemon::anOrderIsFollowedThroughItsRequests() {
    Site site;
    QVERIFY(site.start());
    const auto asked = [&site](const QByteArray& method, const QByteArray& path,
                               const QByteArray& order) {
        const auto fits = [&](const FaultyRequest& each) {
            return each.method == method && each.target.contains(path) &&
                   each.header("X-Correlation-Id") == order;
        };
        return std::ranges::any_of(site.cloud.requests(), fits);
    };
    const QString id = site.deploy("make-7");
    QVERIFY(site.reaches(id, QStringLiteral("ready")));
    const auto told = FakeScaleway::workerEnvironment(site.cloud.servers.begin()->second.userData);
    QCOMPARE(told.value(QStringLiteral("WORKER_CORRELATION_ID")), QStringLiteral("make-7"));
    site.call("DELETE", QStringLiteral("/instances/") + id, {}, "end-7");
    QVERIFY(site.reaches(id, QStringLiteral("terminated")));
    const QByteArray server = "/servers/";
    QVERIFY(asked("GET", "/servers?", "make-7")); // its tag is looked up first
    for (const auto& [method, path] :
         {std::pair("POST", "/servers"), std::pair("PATCH", "user_data"),
          std::pair("POST", "/action")})
        QVERIFY2(asked(method, path, "make-7"), path);
    QVERIFY(asked("GET", server, "end-7")); // whether it is gone
    QVERIFY(asked("DELETE", "/volumes/", "end-7"));
    // Nothing that changes anything is of no order.
    for (const FaultyRequest& each : site.cloud.requests()) {
        const QByteArray order = each.header("X-Correlation-Id");
        QVERIFY2(each.method == "GET" || order == "make-7" || order == "end-7",
                 (each.method + ' ' + each.target + ' ' + order).constData());
    }
    for (const char* order : {"make-7", "end-7"})
        QVERIFY(site.daemon->standardError().contains(order));
}

void TestScalewayDaemon::aKillBetweenOrderAndAnswerMakesNoSecondServer_data() {
    QTest::addColumn<bool>("another");
    QTest::addColumn<bool>("terminated");
    QTest::newRow("it comes back") << false << false;
    QTest::newRow("another takes over") << true << false;
    QTest::newRow("and it is terminated meanwhile") << true << true;
}

void TestScalewayDaemon::aKillBetweenOrderAndAnswerMakesNoSecondServer() {
    QFETCH(bool, another);
    QFETCH(bool, terminated);
    Site site;
    const QByteArray settle = "settle_seconds = 30\n";
    QVERIFY(site.start(settle));
    site.cloud.listsLag = true;
    site.cloud.trouble({"POST", "/servers", faults::silence(), true, 1});
    const QString id = site.deploy();
    QTRY_COMPARE_WITH_TIMEOUT(site.cloud.created, 1, 60'000);
    site.daemon->kill9();
    if (another) // which has the store and no files of the one that died
        QVERIFY(QFile::remove(site.path("fleet.db.state/scaleway-creates.json")));
    const int before = site.cloud.requestsLike("GET", "/fr-par-2/servers?");
    QVERIFY(site.start(settle));
    if (terminated)
        site.call("DELETE", QStringLiteral("/instances/") + id);
    // It asks, finds nothing, and orders no other one.
    QTRY_VERIFY_WITH_TIMEOUT(site.cloud.requestsLike("GET", "/fr-par-2/servers?") > before + 1,
                             60'000);
    if (!terminated)
        QTRY_VERIFY_WITH_TIMEOUT(site.instance(id)
                                     .value(QStringLiteral("error_message"))
                                     .toString()
                                     .contains(u"no list of the provider shows yet"),
                                 60'000);
    QVERIFY(site.instance(id).value(QStringLiteral("status")) != QStringLiteral("terminated"));
    site.cloud.showAll();
    QVERIFY2(site.reaches(id, terminated ? QStringLiteral("terminated") : QStringLiteral("ready")),
             site.daemon->standardError().right(3000).constData());
    QCOMPARE(site.cloud.created, 1);
    QCOMPARE(site.cloud.servers.size(), terminated ? 0U : 1U);
    QCOMPARE(site.cloud.volumes.size(), terminated ? 0U : 2U);
}

void TestScalewayDaemon::refusalsFailTheDeployment_data() {
    QTest::addColumn<bool>("stock");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("out of stock") << true << QByteArray("PROVIDER_OUT_OF_STOCK");
    QTest::newRow("quota") << false << QByteArray("PROVIDER_CREATE_FAILED");
}

void TestScalewayDaemon::refusalsFailTheDeployment() {
    QFETCH(bool, stock);
    QFETCH(QByteArray, code);
    Site site;
    if (stock)
        site.cloud.outOfStock = {QStringLiteral("L4-1-24G")};
    else
        site.cloud.quota = 0;
    QVERIFY(site.start());
    const QString id = site.deploy();
    QVERIFY(site.reaches(id, QStringLiteral("provisioning_failed")));
    QCOMPARE(site.instance(id).value(QStringLiteral("error_code")).toString().toUtf8(), code);
    QCOMPARE(site.cloud.requestsLike("POST", "/servers"), 1); // asking again is of no use
    QVERIFY(site.cloud.servers.empty());
}

void TestScalewayDaemon::automationOnlyObserves() {
    Site site;
    QVERIFY(site.start());
    QStringList ids;
    for (int i = 0; i < 3; ++i)
        ids.append(site.deploy());
    for (const QString& id : ids)
        QVERIFY(site.reaches(id, QStringLiteral("ready")));
    const int orders = site.cloud.requestsLike("POST", "/action");
    QCOMPARE(orders, 3);
    const QString silent = ids.first();
    for (auto& [uuid, server] : site.cloud.servers) {
        if (server.tags.contains(QStringLiteral("vigie-instance:") + silent))
            site.cloud.killWorker(uuid);
    }
    QVERIFY(site.reaches(silent, QStringLiteral("worker_dead")));
    QTRY_VERIFY_WITH_TIMEOUT(
        site.logs(QStringLiteral("?action_type=WOULD_HAVE_DONE")).contains(silent.toUtf8()),
        60'000);
    QVERIFY(site.call("GET", QStringLiteral("/automation")).contains("observe"));
    QCOMPARE(site.cloud.requestsLike("POST", "/action"), orders);
    QCOMPARE(site.cloud.requestsLike("DELETE", ""), 0);
    QCOMPARE(site.cloud.servers.size(), 3U);
}

void TestScalewayDaemon::wrongSettingsAreAllNamedAtOnce() {
    QTemporaryDir dir;
    QFile key(dir.filePath(QStringLiteral("key")));
    QVERIFY(key.open(QIODevice::WriteOnly));
    key.write("a-key");
    key.close();
    key.setPermissions(QFile::ReadOwner | QFile::ReadGroup);
    Program daemon(QStringLiteral("vigied"));
    daemon.setEnvironment(QStringLiteral("SCW_API_URL"), QStringLiteral("http://example.org"));
    daemon.setEnvironment(QStringLiteral("SCW_DEFAULT_ZONE"), QStringLiteral("paris"));
    daemon.setEnvironment(QStringLiteral("VIGIE_PROVIDERS_SCALEWAY_SECRET_KEY_FILE"),
                          key.fileName());
    const int code = daemon.run({QStringLiteral("--provider"), QStringLiteral("scaleway"),
                                 QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                 QStringLiteral("--store"),
                                 QStringLiteral("sqlite:") + dir.filePath(QStringLiteral("f.db"))});
    QVERIFY(code != 0);
    const QByteArray said = daemon.standardError();
    for (const char* part :
         {"https URL", "mode 0600", "project_id", "cluster_id", "fr-par-2", "images"})
        QVERIFY2(said.contains(part), part);
    QVERIFY(!said.contains("a-key"));
}

void TestScalewayDaemon::theKeyIsNeverPrinted() {
    Program daemon(QStringLiteral("vigied"));
    daemon.setEnvironment(QStringLiteral("SCW_SECRET_KEY"), QStringLiteral("t0p-secret"));
    QCOMPARE(daemon.run({QStringLiteral("--print-config")}), 0);
    QVERIFY(!daemon.standardOutput().contains("t0p-secret"));
    QVERIFY(daemon.standardOutput().contains("(set)"));
}

QTEST_GUILESS_MAIN(TestScalewayDaemon)
#include "tst_scalewaydaemon.moc"
