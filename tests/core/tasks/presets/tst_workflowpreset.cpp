#include "core/calls/profiles.h"
#include "core/tasks/presets/workflowpreset.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestWorkflowPreset : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Seed 004's numbers, as seeds.md settles them.
    void holdsTheSettledNumbers() {
        const auto production = workflowPreset(QStringLiteral("production"));
        QVERIFY2(production, production ? "" : qUtf8Printable(production.error().message));
        QVERIFY(production->checkpointInterval == 30s);
        QCOMPARE(production->checkpointKeep, 10);
        QCOMPARE(production->breakerFailures, 3);
        QCOMPARE(production->breakerSuccessesToClose, 2);
        QVERIFY(production->breakerOpenFor == 60s);
        QCOMPARE(production->breakerMinimumCalls, 5);
        QCOMPARE(production->retryMaxAttempts, 5);
        QVERIFY(production->retryFirstDelay == 1s && production->retryMaxDelay == 30s);
        QCOMPARE(production->retryFactor, 2.0);
        QCOMPARE(production->retryJitter, 0.2);
        QVERIFY(production->healthInterval == 15s);
        QCOMPARE(production->healthyRate, 0.9);
        QCOMPARE(production->degradedRate, 0.7);
        QCOMPARE(production->deadLetterMaxTries, 5);
        QVERIFY(production->deadLetterKeep == 24h * 7);

        const auto development = workflowPreset(QStringLiteral("development"));
        QVERIFY(development->checkpointInterval == 120s);
        QCOMPARE(development->checkpointKeep, 3);
        QCOMPARE(development->retryMaxAttempts, 3);
        QVERIFY(development->retryFirstDelay == 500ms && development->retryMaxDelay == 5s);

        QVERIFY(!workflowPreset(QStringLiteral("testing"))->enabled);

        const auto usual = workflowPreset(QStringLiteral("default"));
        QVERIFY(*usual == WorkflowPreset());
        QVERIFY(usual->checkpointInterval == 60s && usual->checkpointKeep == 5);
        QVERIFY(usual->breakerFailures == 5 && usual->breakerOpenFor == 30s &&
                usual->breakerMinimumCalls == 10);
        QVERIFY(usual->retryMaxAttempts == 3 && usual->retryMaxDelay == 10s);
        QVERIFY(usual->healthyRate == 0.8 && usual->degradedRate == 0.5);
        QVERIFY(usual->deadLetterMaxTries == 3 && usual->deadLetterKeep == 24h);
    }

    void goesOverAProfile() {
        const Profile llm = *builtInProfiles().find("llm-task");
        const auto production = workflowPreset(QStringLiteral("production"));
        const Profile both = production->over(llm);
        QVERIFY(both.problem().empty());
        QCOMPARE(both.retry.maxAttempts, 5);
        QVERIFY(both.circuit->waitDurationInOpenState == 60s);
        QVERIFY(both.timeout.callTimeout == llm.timeout.callTimeout);
        QVERIFY(both.modelTimeouts == llm.modelTimeouts);
    }

    void aTableSaysOnlyWhatDiffers() {
        const auto presets = readWorkflowPresets("[default]\ncheckpoint_keep = 7\n"
                                                 "[night]\nretry_jitter = 0.5\n",
                                                 QStringLiteral("p.toml"));
        QVERIFY(presets);
        QCOMPARE(presets->size(), 2u);
        QCOMPARE(presets->back().name, QStringLiteral("night"));
        QCOMPARE(presets->back().checkpointKeep, 7);
        QCOMPARE(presets->back().retryJitter, 0.5);
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("mistake");
        QTest::newRow("syntax") << QByteArray("[a") << QStringLiteral("p.toml:1: this is not TOML");
        QTest::newRow("unknown key") << QByteArray("[a]\nretry_jiter = 1\n")
                                     << QStringLiteral("p.toml:2: unknown key a.retry_jiter; did "
                                                       "you mean retry_jitter?");
        QTest::newRow("range") << QByteArray("[a]\nretry_jitter = 2\n")
                               << QStringLiteral("p.toml:2: a.retry_jitter is 2, but must be");
        QTest::newRow("type") << QByteArray("[a]\nenabled = \"yes\"\n")
                              << QStringLiteral("a.enabled is \"yes\", but must be");
        QTest::newRow("no table") << QByteArray("enabled = true\n")
                                  << QStringLiteral("enabled stands alone");
        QTest::newRow("rates") << QByteArray("[a]\nhealth_healthy_rate = 0.3\n")
                               << QStringLiteral("a.health_degraded_rate is 0.5");
    }
    void refuses() {
        QFETCH(QByteArray, toml);
        QFETCH(QString, mistake);
        const auto presets = readWorkflowPresets(toml, QStringLiteral("p.toml"));
        QVERIFY(!presets);
        QVERIFY2(presets.error().message.contains(mistake),
                 qUtf8Printable(presets.error().message));
    }

    void anUnknownPresetNamesThoseThatThereAre() {
        const auto none = workflowPreset(QStringLiteral("prod"));
        QVERIFY(!none);
        QCOMPARE(none.error().message,
                 QStringLiteral("there is no preset \"prod\"; there are: default, development, "
                                "production, testing"));
        QVERIFY(workflowPreset(QStringLiteral("x"), QStringLiteral("/no/such/file"))
                    .error()
                    .message.contains(QStringLiteral("/no/such/file")));
    }
};

QTEST_GUILESS_MAIN(TestWorkflowPreset)
#include "tst_workflowpreset.moc"
