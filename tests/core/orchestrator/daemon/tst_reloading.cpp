#include "core/orchestrator/daemon.h"
#include "core/orchestrator/daemon/reloading.h"

#include <QTest>

using namespace vigie;

namespace {

Settings with(const QStringList& variables) {
    SettingsInput input;
    for (const QString& each : variables)
        input.environment.insert(each.section(u'=', 0, 0), each.section(u'=', 1));
    auto settings = Settings::read(daemonSettings(), input);
    if (!settings)
        qFatal("%s", qPrintable(settings.error().message));
    return std::move(*settings);
}

} // namespace

/// Which of the keys that have changed a SIGHUP says to wait for a restart.
class TestReloading : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWaitsIsNamed_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("waiting");
        const auto row = [](const char* name, const char* before, const char* after,
                            const char* waiting) {
            QTest::newRow(name) << QString::fromLatin1(before) << QString::fromLatin1(after)
                                << QString::fromLatin1(waiting);
        };
        row("nothing changed", "VIGIE_GUARDS_PACE_SECONDS=3", "VIGIE_GUARDS_PACE_SECONDS=3", "");
        row("the policy", "", "VIGIE_GUARDS_PACE_SECONDS=3", "");
        row("profiles", "", "VIGIE_RESILIENCE_PROFILES=/p", "");
        row("the engine's switch", "", "VIGIE_RESILIENCE_ENABLED=false", "resilience.enabled");
        row("breakers", "", "VIGIE_CIRCUIT_BREAKER_FAILURE_THRESHOLD=9",
            "circuit_breaker.failure_threshold");
        row("error rules", "", "VIGIE_RESILIENCE_ERRORS_RULES_FILE=/r",
            "resilience.errors.rules_file");
        row("a job", "", "VIGIE_JOBS_WATCH_DOG_INTERVAL_SECONDS=77",
            "jobs.watch-dog.interval_seconds");
        row("where it came from", "VIGIE_STORE_URL=sqlite:/a # b", "VIGIE_STORE_URL=sqlite:/a # c",
            "store.url");
        row("another certificate", "VIGIE_SERVER_TLS_CERTIFICATE=/a",
            "VIGIE_SERVER_TLS_CERTIFICATE=/b", "");
        row("TLS at all", "", "VIGIE_SERVER_TLS_CERTIFICATE=/a", "server.tls_certificate");
    }
    void whatWaitsIsNamed() {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, waiting);
        const auto one = [](const QString& variable) {
            return with(variable.isEmpty() ? QStringList() : QStringList{variable});
        };
        QCOMPARE(waitingForRestart(one(before), one(after)).join(u' '), waiting);
    }
};

QTEST_GUILESS_MAIN(TestReloading)
#include "tst_reloading.moc"
