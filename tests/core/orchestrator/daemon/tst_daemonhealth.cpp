// The daemon's health, from its parts to GET /health/components and the metrics of a real process.

#include "core/base/systemclock.h"
#include "core/orchestrator/daemon.h"
#include "core/orchestrator/daemon/daemonhealth.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"
#include "tests/support/memorystore.h"
#include "tests/support/program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Settings settingsWith(const QHash<QString, QString>& environment) {
    SettingsInput input;
    input.environment = environment;
    auto settings = Settings::read(daemonSettings(), input);
    if (!settings)
        qFatal("%s", qUtf8Printable(settings.error().message));
    return *settings;
}

ComponentHealth of(const DaemonHealth& health, const char* name) {
    for (const ComponentHealth& each : health.report().components)
        if (each.name == QLatin1String(name))
            return each;
    return {};
}

} // namespace

class TestDaemonHealth : public QObject {
    Q_OBJECT

    FakeClock m_clock;
    MemoryStore m_store;
    std::vector<Breaker> m_breakers;

    std::unique_ptr<DaemonHealth> make(const Settings& settings) {
        auto health = DaemonHealth::make(m_clock, settings, m_store, [this] { return m_breakers; });
        if (!health)
            qFatal("%s", qUtf8Printable(health.error().message));
        return std::move(*health);
    }

private Q_SLOTS:
    void init() {
        m_store.failure.reset();
        m_breakers = {Breaker{}};
        m_breakers.front().name = QStringLiteral("provider:mock");
    }

    void watchesStoreAndProvider() {
        const auto health = make(settingsWith({}));
        health->start();
        m_clock.advance(0s);
        QVERIFY(health->report().overall == HealthStatus::Healthy);
        QCOMPARE(health->report().components.size(), 2u);

        m_store.failure = Failure{FailureKind::Storage, QStringLiteral("disk full"), 0, {}, {}, {}};
        m_breakers.front().effective = BreakerMode::Open;
        m_clock.advance(30s);
        QVERIFY(of(*health, "store").status == HealthStatus::Degraded); // 1 of 2
        QCOMPARE(of(*health, "store").message, QStringLiteral("disk full"));
        QVERIFY(of(*health, "provider").message.contains(QStringLiteral("provider:mock is open")));
        m_clock.advance(30s);
        QVERIFY(health->report().overall == HealthStatus::Unhealthy);
    }

    void theSeedsIntervalIsKept() {
        const auto health = make(settingsWith(
            {{QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("5000")}}));
        health->start();
        m_clock.advance(20s);
        QCOMPARE(of(*health, "store").checks, 5);
    }

    void anotherPresetTakesEffectWithoutLosingAnything() {
        const auto health = make(settingsWith({}));
        health->start();
        m_clock.advance(60s);
        QCOMPARE(of(*health, "store").checks, 3);
        health->configure(*DaemonHealth::read(
            settingsWith({{QStringLiteral("VIGIE_TASKS_PRESET"), QStringLiteral("production")}})));
        m_clock.advance(30s); // every 15 s now
        QCOMPARE(of(*health, "store").checks, 5);
        QVERIFY(!DaemonHealth::read(
            settingsWith({{QStringLiteral("VIGIE_TASKS_PRESET"), QStringLiteral("nope")}})));
    }

    // "Everything off", as the preset's table says; and on again without a restart.
    void underTestingNothingIsChecked() {
        const auto testing =
            settingsWith({{QStringLiteral("VIGIE_TASKS_PRESET"), QStringLiteral("testing")}});
        m_store.failure = Failure{FailureKind::Storage, QStringLiteral("disk full"), 0, {}, {}, {}};
        const auto health = make(testing);
        health->start();
        m_clock.advance(10min);
        QVERIFY(health->report().overall == HealthStatus::Unknown);
        QCOMPARE(of(*health, "store").checks, 0);
        QVERIFY(of(*health, "provider").message.contains(QStringLiteral("switched off")));
        health->configure(*DaemonHealth::read(settingsWith({})));
        QVERIFY(of(*health, "store").status == HealthStatus::Unhealthy);
        health->configure(*DaemonHealth::read(testing));
        QVERIFY(of(*health, "store").status == HealthStatus::Unknown);
    }

    // Its cause is told, although retries would take longer than a short interval lets them.
    void aServiceThatAnswersWithAnErrorIsToldSo() {
        FaultyServer ollama;
        ollama.setScript([](const FaultyRequest&) {
            return faults::json(500, "{\"error\":\"out of memory\"}");
        });
        SystemClock clock;
        const auto health = DaemonHealth::make(
            clock,
            settingsWith(
                {{QStringLiteral("VIGIE_SERVICES_OLLAMA_URL"), ollama.url({}).toString()},
                 {QStringLiteral("RESILIENCE_HEALTH_CHECK_INTERVAL"), QStringLiteral("500")}}),
            m_store, [this] { return m_breakers; });
        QVERIFY(health);
        (*health)->start();
        QTRY_VERIFY_WITH_TIMEOUT(of(**health, "ollama").checks > 0, 20'000);
        const QString message = of(**health, "ollama").message;
        QVERIFY2(message.contains(QStringLiteral("out of memory")), qUtf8Printable(message));
    }

    // A real daemon: a service that comes back is seen, and SIGHUP changes the interval.
    void aRealDaemonTellsIt() {
        FaultyServer ollama;
        ollama.setScript([](const FaultyRequest& request) {
            return request.target.startsWith("/api/version")
                       ? faults::json(200, "{\"version\":\"0.5.1\"}")
                       : faults::json(200, "{\"models\":[]}");
        });
        const QTemporaryDir folder;
        QFile config(folder.filePath(QStringLiteral("vigied.toml")));
        const auto write = [&config](const QByteArray& text) {
            QVERIFY(config.open(QIODevice::WriteOnly | QIODevice::Truncate));
            config.write(text);
            config.close();
        };
        const QByteArray services =
            "[services.ollama]\nurl = \"" + ollama.url({}).toEncoded() + "\"\n";
        write(services + "[resilience]\nhealth_check_interval_seconds = 3600\n");
        Program daemon(QStringLiteral("vigied"));
        const QUrl url(daemon
                           .startAndListen({QStringLiteral("--listen=127.0.0.1:0"),
                                            QStringLiteral("--store=sqlite:") +
                                                folder.filePath(QStringLiteral("f.db")),
                                            QStringLiteral("--config=") + config.fileName()})
                           .value(QStringLiteral("url"))
                           .toString());
        QVERIFY2(url.port() > 0, daemon.standardError().constData());
        QFile tokenFile(folder.filePath(QStringLiteral("f.db.admin-token")));
        QVERIFY(tokenFile.open(QIODevice::ReadOnly));
        const QByteArray bearer = "Bearer " + tokenFile.readAll().trimmed();
        QNetworkAccessManager network;
        int status = 0;
        const auto get = [&](const char* path) {
            QNetworkRequest request(QUrl(url.toString() + QLatin1String(path)));
            request.setRawHeader("Authorization", bearer);
            const std::unique_ptr<QNetworkReply> reply(network.get(request));
            if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20'000))
                return QByteArray();
            status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            return reply->readAll();
        };
        const auto component = [&](const char* name) {
            const QJsonArray all = QJsonDocument::fromJson(get("/health/components"))
                                       .object()
                                       .value(QStringLiteral("components"))
                                       .toArray();
            for (const QJsonValue& each : all)
                if (each.toObject().value(QStringLiteral("name")) == QLatin1String(name))
                    return each.toObject();
            return QJsonObject();
        };
        QTRY_COMPARE_WITH_TIMEOUT(component("ollama").value(QStringLiteral("status")).toString(),
                                  QStringLiteral("healthy"), 20'000);
        QCOMPARE(status, 200);
        QCOMPARE(component("store").value(QStringLiteral("critical")).toBool(), true);
        const QByteArray metrics = get("/metrics");
        QVERIFY2(metrics.contains("vigie_health_success_ratio{component=\"ollama\"} 1"),
                 metrics.constData());

        ollama.stop();
        write(services + "[resilience]\nhealth_check_interval_seconds = 0.2\n");
        daemon.signal(SIGHUP);
        QTRY_VERIFY_WITH_TIMEOUT(component("ollama").value(QStringLiteral("status")).toString() !=
                                     QStringLiteral("healthy"),
                                 60'000);
        QVERIFY(daemon.running());
        daemon.signal(SIGTERM);
        QVERIFY(daemon.waitForEnd());
        QCOMPARE(daemon.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(TestDaemonHealth)
#include "tst_daemonhealth.moc"
