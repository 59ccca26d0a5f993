#include "core/orchestrator/jobs/recovery/recoveryjob.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;
using jobs::recovery::RecoveryJob;
using jobs::recovery::RecoveryOptions;

namespace {

WatchdogSettings modeOf(const QString& mode) {
    WatchdogSettings settings;
    settings.mode = mode;
    return settings;
}

struct RecoveryFixture : ControlFixture {
    RecoveryOptions options;
    WatchdogSettings watchdog;
    std::unique_ptr<RecoveryJob> job;

    explicit RecoveryFixture(const QString& mode = QStringLiteral("act"))
        : ControlFixture(modeOf(mode)), watchdog(modeOf(mode)) {
        restart();
        if (!finishedTask(automation.refresh()))
            qFatal("no standing orders");
        clock.advance(301s); // past the grace
    }
    void restart() { job = std::make_unique<RecoveryJob>(context, options, watchdog); }
    JobReport run() { return finishedTask(job->run({})); }
    void edit(const InstanceId& id, std::function<void(InstanceRecord&)> with) {
        ControlPlane::Change change;
        change.edit = std::move(with);
        if (!finishedTask(plane.apply(id, std::move(change))))
            qFatal("edit failed");
    }
};

} // namespace

class TestRecoveryJob : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStartUpPastItsLimitFails_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("seconds");
        QTest::newRow("booting") << int(InstanceStatus::Booting) << 7200;
        QTest::newRow("installing") << int(InstanceStatus::Installing) << 3600;
        QTest::newRow("starting") << int(InstanceStatus::Starting) << 1800;
    }
    void aStartUpPastItsLimitFails() {
        QFETCH(int, status);
        QFETCH(int, seconds);
        RecoveryFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), static_cast<InstanceStatus>(status));
        f.run();
        f.clock.advance(std::chrono::seconds(seconds));
        f.run();
        QCOMPARE(f.status(id), toString(static_cast<InstanceStatus>(status)));
        f.clock.advance(1s);
        QCOMPARE(f.run().processed, 1);
        QCOMPARE(f.status(id), QStringLiteral("startup_failed"));
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("STARTUP_TIMEOUT"));
        QCOMPARE(f.store.logsOf(actiontype::instanceStartupFailed).size(), 1U);
        f.run();
        QCOMPARE(f.store.logsOf(actiontype::instanceStartupFailed).size(), 1U);
    }

    void aStepOfTheWallClockEndsNoStartUp() {
        RecoveryFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Starting);
        f.run();
        f.clock.jumpWall(24h);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("starting"));
    }

    // While the daemon was away nobody could go on: it is given the time to look first.
    void theLimitCountsThroughARestartAfterTheGrace() {
        RecoveryFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Starting);
        f.clock.advance(1801s); // no cycle ran meanwhile
        f.watcher.startedAt = f.clock.now();
        f.restart();
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("starting"));
        f.clock.advance(300s);
        f.watcher.lastStall = f.clock.now();
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("starting"));
        f.clock.advance(300s);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("startup_failed"));
    }

    void whatHoldsARecoveryBackHoldsItsLimitBackToo_data() {
        QTest::addColumn<QString>("blockedBy");
        QTest::addColumn<bool>("storm");
        QTest::addColumn<QString>("held"); // as which guard; empty: the start-up fails
        const auto row = [](const char* name, const char* by, bool storm, const char* held) {
            QTest::newRow(name) << QString::fromLatin1(by) << storm << QString::fromLatin1(held);
        };
        row("nothing", "", false, "");
        row("its turn", "blast radius: 2 of 10 are in recovery", false, "blast radius");
        row("a pause", "pause: moving racks", false, "pause");
        row("nobody can be heard", "", true, "storm");
        row("used up", "retry cap: 3 of 3 tries", false, "");
        row("only said", "mode: observe", false, "");
    }
    void whatHoldsARecoveryBackHoldsItsLimitBackToo() {
        QFETCH(QString, blockedBy);
        QFETCH(bool, storm);
        QFETCH(QString, held);
        RecoveryFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Booting);
        f.run();
        f.clock.advance(7300s);
        Testimony said;
        said.instance.status = InstanceStatus::Booting;
        said.watcher.startedAt = f.clock.now() - 1h;
        said.watcher.storeRefreshed = said.watcher.othersHeard = f.clock.now();
        said.watcher.ownAddressAnswers = true;
        said.watcher.storm = storm;
        said.at = f.clock.now();
        said.judgement = assess(said.instance, said.watcher, said.policy, said.at);
        said.blockedBy = blockedBy;
        f.plane.setTestimony(*f.plane.entry(id), said);
        const JobReport report = f.run();
        QCOMPARE(f.status(id),
                 held.isEmpty() ? QStringLiteral("startup_failed") : QStringLiteral("booting"));
        QCOMPARE(report.blockedByGuard, held.isEmpty() ? 0 : 1);
        if (!held.isEmpty())
            QCOMPARE(report.blockedBy.begin()->first, held);
    }

    void workInHandIsLeftToWhoHasIt() {
        RecoveryFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Booting);
        f.edit(id, [](InstanceRecord& r) { r.workInHand = QStringLiteral("reinstall"); });
        f.run();
        f.clock.advance(10h);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("booting"));
    }

    void aLateTerminationIsToldOnce() {
        RecoveryFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        for (int i = 0; i < 10; ++i) {
            f.run();
            f.clock.advance(30s);
        }
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("RECOVERY_TIMEOUT"));
        QCOMPARE(f.store.logsOf(actiontype::recoveryTerminate).size(), 1U);
        QVERIFY(f.provider.commands.empty());
    }

    void failedOnesAreCleanedUpOnlyByPolicy() {
        RecoveryFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::StartupFailed);
        f.run();
        f.clock.advance(1000h);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("startup_failed"));
        f.options.cleanUpAfter = 2h;
        f.restart();
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        QCOMPARE(f.store.logsOf(actiontype::recoveryTerminate).size(), 1U);
    }

    void guardsKeepThem_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("guard");
        QTest::newRow("held") << 0 << QStringLiteral("hold");
        QTest::newRow("paused") << 1 << QStringLiteral("pause");
        QTest::newRow("observed") << 2 << QStringLiteral("mode");
        QTest::newRow("preserved") << 3 << QStringLiteral("preserve");
    }
    void guardsKeepThem() {
        QFETCH(int, kind);
        QFETCH(QString, guard);
        RecoveryFixture f(kind == 2 ? QStringLiteral("observe") : QStringLiteral("act"));
        f.options.cleanUpAfter = 2h;
        f.watchdog.guards.preserveFailed = kind == 3 ? 1 : 0;
        f.restart();
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::StartupFailed);
        if (kind == 0)
            f.edit(id, [](InstanceRecord& r) {
                r.instance.held = Held{QStringLiteral("debug"), QStringLiteral("ada"), {}};
            });
        Asker ada;
        ada.reason = QStringLiteral("we look");
        if (kind == 1)
            QVERIFY(finishedTask(f.automation.pause(ada)));
        f.run();
        f.clock.advance(3h);
        const JobReport report = f.run();
        QCOMPARE(report.blockedByGuard, 1);
        QVERIFY((report.blockedBy == std::map<QString, int>{{guard, 1}}));
        QCOMPARE(f.cleanUps.held.size(), 1U);
        QVERIFY(f.cleanUps.held[0].instance == id);
        QVERIFY(f.cleanUps.held[0].blockedBy.startsWith(guard + QStringLiteral(": ")));
        QCOMPARE(f.status(id), QStringLiteral("startup_failed"));
    }

    /// As many as are kept, whichever way they failed.
    void theFirstOfAllFailedOnesAreKept() {
        RecoveryFixture f(QStringLiteral("act"));
        f.options.cleanUpAfter = 2h;
        f.watchdog.guards.preserveFailed = 1;
        f.restart();
        const InstanceId first = f.add(QStringLiteral("a"), InstanceStatus::StartupFailed);
        const InstanceId second = f.add(QStringLiteral("b"), InstanceStatus::ProvisioningFailed);
        const WallTime failed = f.clock.wallNow();
        f.edit(first, [&](InstanceRecord& r) { r.instance.failedAt = failed; });
        f.edit(second, [&](InstanceRecord& r) { r.instance.failedAt = failed + 1s; });
        f.run();
        f.clock.advance(3h);
        f.run();
        QCOMPARE(f.cleanUps.held.size(), 1U);
        QVERIFY(f.cleanUps.held[0].instance == first);
        QVERIFY(f.status(second) != QLatin1String("provisioning_failed"));
    }

    // Judgement: every state that does not end by itself has a limit or somebody who watches it.
    void everyStateHasALimitOrAWatcher() {
        const QList<InstanceStatus> watched{
            InstanceStatus::Ready,      InstanceStatus::Unavailable, // worker-watchdog
            InstanceStatus::WorkerDead, InstanceStatus::Draining,    // worker-watchdog, drain watch
            InstanceStatus::Failed,                                  // terminator
        };
        RecoveryFixture f;
        const auto table = f.job->limits();
        for (const InstanceStatus status : allInstanceStatuses) {
            const bool limited =
                std::ranges::find(table, status, &StateLimit::status) != table.end();
            QVERIFY2(limited || watched.contains(status) || isOver(status),
                     qPrintable(toString(status)));
        }
    }

private:
    using StateLimit = jobs::recovery::StateLimit;
};

QTEST_GUILESS_MAIN(TestRecoveryJob)
#include "tst_recoveryjob.moc"
