#include "core/http/httpclient.h"
#include "core/orchestrator/daemon.h"
#include "tests/support/await.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

/// A daemon with the mock provider in this process, called over real HTTP.
class DaemonFixture {
public:
    explicit DaemonFixture(const QString& folder) {
        SettingsInput input;
        input.flags = {
            {QStringLiteral("listen"), {QStringLiteral("127.0.0.1:0")}},
            {QStringLiteral("store"),
             {QStringLiteral("sqlite:") + folder + QStringLiteral("/f.db")}},
            {QStringLiteral("provider"), {QStringLiteral("mock")}},
        };
        const auto set = [&](const char* name, const char* value) {
            input.environment.insert(QLatin1String(name), QLatin1String(value));
        };
        for (const char* stage : {"BOOT", "INSTALL", "LOAD", "LATENCY"})
            set(qPrintable(
                    QStringLiteral("VIGIE_PROVIDERS_MOCK_%1_SECONDS").arg(QLatin1String(stage))),
                "0.05");
        set("VIGIE_PROVIDERS_MOCK_WORKER_HEARTBEAT_INTERVAL_SECONDS", "0.1");
        for (const char* job : {"PROVISIONING", "HEALTH_CHECK", "TERMINATOR", "WORKER_WATCHDOG"})
            set(qPrintable(
                    QStringLiteral("VIGIE_JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(job))),
                "0.1");
        auto settings = Settings::read(daemonSettings(), input);
        if (!settings)
            qFatal("%s", qPrintable(settings.error().message));
        daemon = std::make_unique<Daemon>(clock, *settings);
        const auto started = *await(daemon->start());
        if (!started)
            qFatal("%s", qPrintable(started.error().message));
        listening = *started;
        QFile file(listening.tokenFile);
        if (file.open(QIODevice::ReadOnly))
            token = file.readAll().trimmed();
    }

    HttpReply call(const QByteArray& method, const QString& path, const QByteArray& body = {},
                   HttpHeaders headers = {}) {
        HttpRequest request;
        request.method = method;
        request.url = QUrl(listening.url.toString() + path);
        request.headers = std::move(headers);
        request.headers.emplaceBack("Authorization", "Bearer " + token);
        request.body = body;
        const auto reply = *await(http.send(std::move(request), {}));
        if (!reply)
            qFatal("%s", qPrintable(reply.error().message));
        return *reply;
    }
    QJsonDocument get(const QString& path) {
        return QJsonDocument::fromJson(call("GET", path).body);
    }
    QString deploy() {
        const HttpReply reply = call("POST", QStringLiteral("/deployments"), deployment);
        return QJsonDocument::fromJson(reply.body)
            .object()
            .value(QLatin1String("instance_id"))
            .toString();
    }
    QString status(const QString& id) {
        return get(QStringLiteral("/instances/") + id)
            .object()
            .value(QLatin1String("status"))
            .toString();
    }

    static inline const QByteArray deployment =
        "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\",\"instance_type\":\"mock.cpu\","
        "\"model_id\":\"m\"}";

    SystemClock clock;
    HttpClient http{clock};
    std::unique_ptr<Daemon> daemon;
    Daemon::Listening listening;
    QByteArray token;
};

} // namespace

class TestDaemon : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLifeOverHttp() {
        QTemporaryDir folder;
        DaemonFixture daemon(folder.path());
        const QString id = daemon.deploy();
        QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("ready"), 20'000);
        const QString path = QStringLiteral("/instances/") + id;
        QVERIFY(daemon.get(path).object().value(QLatin1String("worker_metadata")).isObject());
        QVERIFY(!daemon.get(path + QStringLiteral("/heartbeats"))
                     .object()
                     .value(QLatin1String("intervals_ms"))
                     .toArray()
                     .isEmpty());
        QCOMPARE(daemon.get(QStringLiteral("/circuit_breakers"))
                     .array()
                     .first()
                     .toObject()
                     .value(QLatin1String("name"))
                     .toString(),
                 QStringLiteral("provider:mock"));
        QCOMPARE(daemon.call("POST", path + QStringLiteral("/reinstall")).status, 202);
        QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("ready"), 20'000);
        QCOMPARE(daemon.call("DELETE", path).status, 202);
        QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("terminated"), 20'000);
        QCOMPARE(daemon.call("DELETE", path).status, 200);
        QCOMPARE(daemon.call("PUT", path + QStringLiteral("/archive")).status, 200);
        QCOMPARE(daemon.status(id), QStringLiteral("archived"));
    }

    void headHasNoBodyAndEtagsWork() {
        QTemporaryDir folder;
        DaemonFixture daemon(folder.path());
        QVERIFY(daemon.call("HEAD", QStringLiteral("/instances")).body.isEmpty());
        const HttpReply first = daemon.call("GET", QStringLiteral("/fleet"));
        const HttpReply again = daemon.call("GET", QStringLiteral("/circuit_breakers"), {},
                                            {{"X-Correlation-Id", "from-a-test"}});
        QCOMPARE(again.header("X-Correlation-Id"), QByteArray("from-a-test"));
        QVERIFY(!first.header("ETag").isEmpty());
    }

    void aRestartKeepsEverything() {
        QTemporaryDir folder;
        QString id;
        QByteArray token;
        QByteArray log;
        {
            DaemonFixture daemon(folder.path());
            id = daemon.deploy();
            QTRY_COMPARE_WITH_TIMEOUT(daemon.status(id), QStringLiteral("ready"), 20'000);
            token = daemon.token;
            log =
                daemon.call("GET", QStringLiteral("/action_logs?action_type=REQUEST_CREATE")).body;
        }
        DaemonFixture daemon(folder.path());
        QCOMPARE(daemon.token, token);
        QCOMPARE(daemon.call("GET", QStringLiteral("/action_logs?action_type=REQUEST_CREATE")).body,
                 log);
        QCOMPARE(daemon.get(QStringLiteral("/instances/") + id)
                     .object()
                     .value(QLatin1String("model_id"))
                     .toString(),
                 QStringLiteral("m"));
    }

    void twoDaemonsInOneProcess() {
        QTemporaryDir one;
        QTemporaryDir two;
        DaemonFixture a(one.path());
        DaemonFixture b(two.path());
        const QString id = a.deploy();
        QVERIFY(a.listening.url != b.listening.url);
        QCOMPARE(b.call("GET", QStringLiteral("/instances/") + id).status, 404);
        b.token = a.token;
        QCOMPARE(b.call("GET", QStringLiteral("/instances")).status, 401);
    }

    void aSecondDaemonOnOneStoreIsRefused() {
        QTemporaryDir folder;
        DaemonFixture first(folder.path());
        SettingsInput input;
        input.flags = {
            {QStringLiteral("listen"), {QStringLiteral("127.0.0.1:0")}},
            {QStringLiteral("store"),
             {QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"))}},
        };
        Daemon second(first.clock, *Settings::read(daemonSettings(), input));
        const auto started = *await(second.start());
        QVERIFY(!started);
        QVERIFY2(started.error().message.contains(QLatin1String("f.db")),
                 qPrintable(started.error().message));
    }
};

QTEST_GUILESS_MAIN(TestDaemon)
#include "tst_daemon.moc"
