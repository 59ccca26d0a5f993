#include "core/orchestrator/jobs/jobrunner.h"
#include "core/orchestrator/watchdogsettings.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestWatchdogSettings : public QObject {
    Q_OBJECT

    static WatchdogSettings with(const QHash<QString, QString>& environment) {
        SettingsInput input;
        input.environment = environment;
        const auto settings = Settings::read(jobSettings(), input);
        return settings ? readWatchdogSettings(*settings) : WatchdogSettings{};
    }
    static GuardPolicy guardsWith(const QHash<QString, QString>& environment) {
        return with(environment).guards;
    }

private Q_SLOTS:
    void theSeedsVariablesSetTheBreakersOfRecoveries() {
        const GuardPolicy usual = guardsWith({});
        QVERIFY(usual.breakerEnabled);
        QCOMPARE(usual.breakerFailures, 5);
        QVERIFY(usual.breakerReset == 300s);
        const GuardPolicy set = guardsWith({
            {QStringLiteral("CIRCUIT_BREAKER_ENABLED"), QStringLiteral("false")},
            {QStringLiteral("CIRCUIT_BREAKER_FAILURE_THRESHOLD"), QStringLiteral("6")},
            {QStringLiteral("CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS"), QStringLiteral("7")},
        });
        QVERIFY(!set.breakerEnabled);
        QCOMPARE(set.breakerFailures, 6);
        QVERIFY(set.breakerReset == 7s);
    }

    void theStrictProfileIsTighterWhereNothingElseIsSaid() {
        const WatchdogSettings usual = with({});
        QVERIFY(usual.bootingLimit == 2h && usual.installingLimit == 1h);
        QVERIFY(usual.startingLimit == 30min);
        const WatchdogSettings strict =
            with({{QStringLiteral("VIGIE_WATCHDOG_PROFILE"), QStringLiteral("strict")},
                  {QStringLiteral("RECOVERY_STARTING_TIMEOUT_SECONDS"), QStringLiteral("1800")}});
        QVERIFY(strict.bootingLimit == 1h && strict.installingLimit == 30min);
        QVERIFY(strict.startingLimit == 30min); // it was said
    }
};

QTEST_GUILESS_MAIN(TestWatchdogSettings)
#include "tst_watchdogsettings.moc"
