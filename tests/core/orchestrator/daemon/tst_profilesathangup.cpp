#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/postgresserver.h"
#include "tests/support/program.h"

#include <QDir>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;

namespace {

/// A port of this machine that nobody answers at.
int deadPort() {
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

QByteArray profileWith(int failures) {
    return "[circuit_breaker]\nconsecutive_failures = " + QByteArray::number(failures) +
           "\nwait_duration_in_open_state_seconds = 3600\n";
}

} // namespace

/// Profiles that change while a real vigied runs: whoever calls under one calls under its new
/// version, and what its breaker knew it knows still.
class TestProfilesAtHangUp : public QObject {
    Q_OBJECT

    PostgresServer m_server;
    QTemporaryDir m_folder;

    const QString m_config = m_folder.filePath(QStringLiteral("vigied.toml"));

    void configure(int seconds) {
        QFile file(m_config);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        const QByteArray number = QByteArray::number(seconds);
        file.write("[guards]\npace_seconds = " + number +
                   "\n[jobs.health-check]\ninterval_seconds = " + number +
                   "\n[jobs.watch-dog]\ninterval_seconds = " + number + "\n");
    }
    void write(const QString& profile, const QByteArray& text) {
        QFile file(m_folder.filePath(QStringLiteral("profiles/%1.toml").arg(profile)));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
    }
    static QJsonObject breaker(Caller& caller, const QString& name) {
        const Answered all =
            caller.call(caller.request("GET", QStringLiteral("/circuit_breakers")));
        for (const QJsonValue& each : QJsonDocument::fromJson(all.body).array()) {
            if (each.toObject().value(QLatin1String("name")).toString() == name)
                return each.toObject();
        }
        return {};
    }
    static int threshold(Caller& caller, const QString& name) {
        return breaker(caller, name)
            .value(QLatin1String("config"))
            .toObject()
            .value(QLatin1String("failure_threshold"))
            .toInt();
    }
    static QString state(Caller& caller, const QString& name) {
        return breaker(caller, name).value(QLatin1String("computed_state")).toString();
    }

private Q_SLOTS:
    void theyReachEverybodyWhoHoldsOne() {
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("profiles")));
        write(QStringLiteral("api"), profileWith(2));
        write(QStringLiteral("llm-task"), profileWith(5000));
        const int port = deadPort();
        Program vigied(QStringLiteral("vigied"));
        const auto set = [&](const char* name, const QString& value) {
            vigied.setEnvironment(QLatin1String(name), value);
        };
        set("XDG_DATA_HOME", m_folder.path());
        set("VIGIE_RESILIENCE_PROFILES", m_folder.filePath(QStringLiteral("profiles")));
        set("VIGIE_SERVICES_OLLAMA_URL", QStringLiteral("http://127.0.0.1:%1").arg(port));
        set("VIGIE_RESILIENCE_HEALTH_CHECK_INTERVAL_SECONDS", QStringLiteral("0.1"));
        configure(10);
        Caller caller(vigied.startAndListen({QStringLiteral("--listen=127.0.0.1:0"),
                                             QStringLiteral("--config"), m_config,
                                             QStringLiteral("--store"), m_server.newDatabase()}));

        const QString ollama = QStringLiteral("ollama:127.0.0.1:%1").arg(port);
        QTRY_COMPARE_WITH_TIMEOUT(state(caller, ollama), QStringLiteral("open"), 60'000);
        const QString store = QStringLiteral("store:postgresql");
        QCOMPARE(threshold(caller, store), 1);
        // A run that is far from its end when the profiles change.
        const QString plan = QStringLiteral("profile = \"llm-task\"\n[engines.e]\nkind = "
                                            "\"openai\"\nurl = \"http://127.0.0.1:%1\"\n"
                                            "[[task]]\nid = \"t\"\nprompt = \"?\"\nmodel = \"m\"\n"
                                            "repeat = 5000\n")
                                 .arg(port);
        const QJsonObject order{{QStringLiteral("id"), QStringLiteral("long")},
                                {QStringLiteral("plan"), plan}};
        const Answered begun = caller.call(
            caller.request("POST", QStringLiteral("/tasks"), QJsonDocument(order).toJson()));
        QVERIFY2(begun.status == 202, begun.body.constData());
        const QString engine = QStringLiteral("engine:openai:127.0.0.1:%1:m").arg(port);
        QTRY_COMPARE_WITH_TIMEOUT(threshold(caller, engine), 5000, 20'000);

        write(QStringLiteral("api"), profileWith(9));
        write(QStringLiteral("llm-task"), profileWith(6000));
        write(QStringLiteral("store"), "[circuit_breaker]\nconsecutive_failures = 7\n");
        configure(20);
        vigied.signal(SIGHUP);
        QTRY_COMPARE_WITH_TIMEOUT(threshold(caller, ollama), 9, 20'000);
        QCOMPARE(state(caller, ollama), QStringLiteral("open")); // as it was
        QTRY_COMPARE_WITH_TIMEOUT(threshold(caller, engine), 6000, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(threshold(caller, store), 7, 20'000);

        // What waits for a restart is named, what was taken is not.
        QTRY_VERIFY_WITH_TIMEOUT(
            vigied.standardError().contains(
                "these keys have changed and wait for a restart: jobs.health-check."
                "interval_seconds, jobs.watch-dog.interval_seconds\""),
            20'000);

        // A file that changes is enough.
        write(QStringLiteral("llm-task"), profileWith(6100));
        QTRY_COMPARE_WITH_TIMEOUT(threshold(caller, engine), 6100, 30'000);

        // One with mistakes changes nothing, and is told.
        write(QStringLiteral("llm-task"), "[circuit_breaker]\nconsecutive_failures = -1\n");
        write(QStringLiteral("store"), "[circuit_breaker]\nconsecutive_failures = 8\n");
        vigied.signal(SIGHUP);
        QTRY_VERIFY_WITH_TIMEOUT(vigied.standardError().contains("nothing was changed"), 20'000);
        QCOMPARE(threshold(caller, engine), 6100);
        QCOMPARE(threshold(caller, store), 7);
        vigied.signal(SIGTERM);
        QVERIFY(vigied.waitForEnd());
        QCOMPARE(vigied.exitCode(), 0);
    }

    // One mistake in one part of the configuration, and no other part is taken either.
    void allOfItOrNothing() {
        for (const int failures : {11, 12}) {
            const QString folder = QStringLiteral("at%1").arg(failures);
            QVERIFY(QDir(m_folder.path()).mkdir(folder));
            QFile file(m_folder.filePath(folder + QStringLiteral("/instance.toml")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(profileWith(failures));
        }
        const auto configure = [this](const char* profiles, int pace, const QByteArray& tasks) {
            QFile file(m_folder.filePath(QStringLiteral("policy.toml")));
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write("[resilience]\nprofiles = \"" + m_folder.path().toUtf8() + '/' + profiles +
                       "\"\n[guards]\npace_seconds = " + QByteArray::number(pace) + "\n" + tasks);
        };
        configure("at11", 31, {});
        Program vigied(QStringLiteral("vigied"));
        vigied.setEnvironment(QStringLiteral("XDG_DATA_HOME"), m_folder.path());
        Caller caller(vigied.startAndListen(
            {QStringLiteral("--listen=127.0.0.1:0"), QStringLiteral("--provider=mock"),
             QStringLiteral("--policy"), m_folder.filePath(QStringLiteral("policy.toml")),
             QStringLiteral("--store"),
             QStringLiteral("sqlite:") + m_folder.filePath(QStringLiteral("fleet.db"))}));
        const auto pace = [&caller] {
            const Answered told = caller.call(caller.request("GET", QStringLiteral("/policy")));
            return QJsonDocument::fromJson(told.body)
                .object()[QLatin1String("policy")][QLatin1String("guards")]
                         [QLatin1String("pace_seconds")]
                .toDouble();
        };
        const QString provider = QStringLiteral("provider:mock");
        QCOMPARE(threshold(caller, provider), 11);
        QCOMPARE(pace(), 31.0);

        configure("at12", 32, "[tasks]\npresets_file = \"/no/such/file\"\n");
        vigied.signal(SIGHUP);
        QTRY_VERIFY_WITH_TIMEOUT(vigied.standardError().contains("nothing was changed"), 20'000);
        QVERIFY(vigied.standardError().contains("/no/such/file"));
        QCOMPARE(threshold(caller, provider), 11);
        QCOMPARE(pace(), 31.0);

        configure("at12", 32, {});
        vigied.signal(SIGHUP);
        QTRY_COMPARE_WITH_TIMEOUT(threshold(caller, provider), 12, 20'000);
        QCOMPARE(pace(), 32.0);
    }
};

QTEST_GUILESS_MAIN(TestProfilesAtHangUp)
#include "tst_profilesathangup.moc"
