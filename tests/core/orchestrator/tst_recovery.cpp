#include "core/orchestrator/workerproof.h"
#include "tests/core/orchestrator/watchdogfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using namespace vigie::jobs::workerwatchdog;
using Fixture = WatchdogFixture;

class TestRecovery : public QObject {
    Q_OBJECT

    /// `a` and three others fall silent together, and the probes of all of them fail.
    static void silenceFour(Fixture& f) {
        f.probe = false;
        const std::vector<InstanceId> gone(f.others.begin(), f.others.begin() + 3);
        f.others.erase(f.others.begin(), f.others.begin() + 3);
        f.silence(1000s);
        for (const InstanceId& id : gone)
            f.probes.results.insert(id, f.probes.results.value(f.a));
        QCOMPARE(f.rule(), QStringLiteral("storm"));
        QCOMPARE(f.restarts(), 0);
    }

private Q_SLOTS:
    void actRestartsAfterTheHoldTime() {
        Fixture f;
        f.probe = false;
        f.silence(310s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QVERIFY(f.said(f.a).blockedBy.contains(QLatin1String("hold time")));
        f.silence(10s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        f.silence(10s);
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
        QCOMPARE(f.restarts(), 1);
        QCOMPARE(f.instance(f.a).incarnation, 0);
        const auto rows = f.store.logsOf(actiontype::executeRestartWorker);
        QCOMPARE(rows.size(), 1U);
        QCOMPARE(rows[0].userId, QStringLiteral("automation"));
        QVERIFY(rows[0].metadata.contains("silent-probe-failing"));
        // An id of its own, from the verdict on, which the provider is told too.
        const QString order = f.instance(f.a).correlationId;
        QVERIFY(!order.isEmpty());
        const auto asked = f.store.logsOf(actiontype::requestRestartWorker);
        QCOMPARE(rows[0].parentLogId, asked.at(0).id.value());
        QCOMPARE(rows[0].correlationId, order);
        QCOMPARE(asked.at(0).correlationId, order);
        QCOMPARE(f.store.logsOf(actiontype::workerDeadDetected).at(0).correlationId, order);
        QCOMPARE(f.provider.commands.at(0).correlationId, order);
        // There is no second step while the first may still help.
        f.silence(500s);
        QCOMPARE(f.provider.commands.size(), 1U);
    }

    void whatCouldNotBeBegunSaysSo() {
        Fixture f;
        f.probe = false;
        f.silence(320s);
        f.store.conflicts = 1000;
        f.silence(20s);
        QCOMPARE(f.restarts(), 0);
        QVERIFY2(f.said(f.a).blockedBy.startsWith(QLatin1String("not begun: ")),
                 qPrintable(f.said(f.a).blockedBy));
        f.store.conflicts = 0;
        f.silence(20s);
        QCOMPARE(f.restarts(), 1);
    }

    void aPauseSurvivesARestart() {
        Fixture f;
        Asker ada;
        ada.actor = QStringLiteral("ada");
        ada.reason = QStringLiteral("moving racks");
        QVERIFY(finishedTask(f.automation.pause(ada)));
        f.probe = false;
        f.silence(400s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QCOMPARE(f.said(f.a).blockedBy, QStringLiteral("pause: moving racks (ada)"));

        ControlFixture second(f.settings_);
        second.store.logs = f.store.logs;
        QCOMPARE(second.automation.view().pausedBy[0].actor, QStringLiteral("automation"));
        QVERIFY(finishedTask(second.automation.refresh()));
        const AutomationView view = second.automation.view();
        QCOMPARE(view.pausedBy.size(), 1U);
        QCOMPARE(view.pausedBy[0].reason, QStringLiteral("moving racks"));
        QVERIFY(finishedTask(second.automation.release(ada)));
        QVERIFY(second.automation.view().pausedBy.empty());
        QVERIFY(finishedTask(second.store.openActions())->empty());
    }

    void aModeIsOfAPool() {
        Fixture f;
        QVERIFY(finishedTask(
            f.automation.setMode(AutomationMode::Observe, f.instance(f.a).pool, Asker{})));
        f.probe = false;
        f.silence(500s);
        QCOMPARE(f.provider.commands.size(), 0U);
        QCOMPARE(f.store.logsOf(actiontype::wouldHaveDone).size(), 1U);
        QVERIFY(
            finishedTask(f.automation.setMode(AutomationMode::Act, f.instance(f.a).pool, Asker{})));
        f.silence(30s);
        QCOMPARE(f.restarts(), 1);
        QCOMPARE(finishedTask(f.store.openActions())->size(), 1U); // the older order is over
    }

    void aStormBrakesIsNotedAndEnds() {
        Fixture f;
        const auto gone = std::vector<InstanceId>(f.others.begin(), f.others.begin() + 3);
        f.others.erase(f.others.begin(), f.others.begin() + 3);
        f.silence(400s);
        auto rows = f.store.logsOf(actiontype::stormBrake);
        QVERIFY(!rows.empty());
        QVERIFY(rows[0].status == ActionLogStatus::InProgress);
        for (const InstanceId& id : gone)
            f.others.push_back(id);
        for (int i = 0; i < 32; ++i)
            f.tick(true);
        for (const ActionLog& row : f.store.logsOf(actiontype::stormBrake))
            QVERIFY(row.status == ActionLogStatus::Success);
        QVERIFY(f.automation.view().brakes.empty());
    }

    void afterAReleaseRecoveryResumesWithinOneCoolDown() {
        Fixture f;
        f.probe = false;
        f.others.erase(f.others.begin(), f.others.begin() + 3);
        f.silence(1000s);
        QCOMPARE(f.provider.commands.size(), 0U);
        QCOMPARE(f.rule(), QStringLiteral("storm"));
        QVERIFY(finishedTask(f.automation.release(Asker{})));
        f.silence(340s);
        QCOMPARE(f.restarts(), 1);
    }

    void whoIsSilentAfterAReleaseIsToldAndLeftAlone() {
        Fixture f;
        silenceFour(f);
        QVERIFY(finishedTask(f.automation.release(Asker{})));
        f.silence(1000s);
        QCOMPARE(f.restarts(), 0);
        QCOMPARE(f.rule(), QStringLiteral("storm"));
        QVERIFY(f.automation.view().brakes.empty());
        QCOMPARE(f.automation.view().tick->silentAfterRelease.value(f.instance(f.a).pool), 4);
    }

    void aPersonsWordThatTheSilentAreDeadIsBelieved() {
        Fixture f;
        silenceFour(f);
        QVERIFY(finishedTask(f.automation.release(Asker{}, StormBrake::SilentAre::Dead)));
        f.silence(340s); // one cool-down, and the ticks that a verdict stands
        QCOMPARE(f.restarts(), 1);
        QVERIFY(f.automation.view().tick->silentAfterRelease.isEmpty());
    }

    void anOperatorsHoldIsRespected() {
        Fixture f;
        ControlPlane::Change change;
        change.edit = [](InstanceRecord& r) {
            r.instance.held = Held{QStringLiteral("debugging"), QStringLiteral("ada"), {}};
        };
        QVERIFY(finishedTask(f.plane.apply(f.a, std::move(change))));
        f.probe = false;
        f.silence(500s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QCOMPARE(f.machine(f.a).reinstalls, 0);
        QVERIFY(f.said(f.a).blockedBy.contains(QLatin1String("ada")));
    }

    void aHoldThatHasEndedHoldsNobody() {
        Fixture f;
        ControlPlane::Change change;
        change.edit = [until = f.clock.wallNow() + 10min](InstanceRecord& r) {
            r.instance.held = Held{QStringLiteral("debugging"), QStringLiteral("ada"), until};
        };
        QVERIFY(finishedTask(f.plane.apply(f.a, std::move(change))));
        f.probe = false;
        f.silence(500s);
        QCOMPARE(f.restarts(), 0);
        QVERIFY(f.said(f.a).blockedBy.startsWith(QLatin1String("hold: ada")));
        f.silence(130s);
        QCOMPARE(f.restarts(), 1);
    }

    void aPersonsObserveIsOfAllPools() {
        WatchdogSettings settings = settingsFor(QStringLiteral("observe"));
        settings.actPools = {QStringLiteral("fake/zone-1/model")};
        Fixture f(settings);
        QVERIFY(f.automation.modeOf(f.instance(f.a).pool) == AutomationMode::Act);
        QVERIFY(finishedTask(f.automation.setMode(AutomationMode::Observe, {}, Asker{})));
        f.probe = false;
        f.silence(500s);
        QCOMPARE(f.provider.commands.size(), 0U);
        QCOMPARE(f.said(f.a).blockedBy, QStringLiteral("mode: observe"));
        // Later orders of one pool go before it again.
        QVERIFY(
            finishedTask(f.automation.setMode(AutomationMode::Act, f.instance(f.a).pool, Asker{})));
        f.silence(30s);
        QCOMPARE(f.restarts(), 1);
    }

    void observeOnlySaysWhatItWouldHaveDone() {
        Fixture f(QStringLiteral("auto")); // not mock, not process
        f.probe = false;
        f.silence(500s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QCOMPARE(f.machine(f.a).reinstalls, 0);
        QCOMPARE(f.store.logsOf(actiontype::wouldHaveDone).size(), 1U);
        QCOMPARE(f.said(f.a).blockedBy, QStringLiteral("mode: observe"));
    }

    void autoActsForMockAndProcess() {
        Fixture f(QStringLiteral("auto"), 9, QStringLiteral("process"));
        f.probe = false;
        f.silence(500s);
        QCOMPARE(f.restarts(), 1);
    }

    void recoveryCanBeSwitchedOff() {
        WatchdogSettings off = settingsFor(QStringLiteral("act"));
        off.guards.enabled = false;
        Fixture f(off);
        f.probe = false;
        f.silence(500s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QCOMPARE(f.machine(f.a).reinstalls, 0);
    }

    void aBeatInTheLastMomentStopsTheReinstall() {
        Fixture f;
        f.probe = false;
        f.silence(320s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        f.tick(true);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        QCOMPARE(f.machine(f.a).reinstalls, 0);
    }

    void anOlderIncarnationRevivesNothing() {
        Fixture f(reinstallOnly());
        const QString oldSecret = QStringLiteral("old");
        ControlPlane::Change change;
        change.edit = [&](InstanceRecord& r) {
            r.workerTokenHash = hashSecret(oldSecret);
            r.bootstrapSecretHash = hashSecret(oldSecret);
        };
        QVERIFY(finishedTask(f.plane.apply(f.a, std::move(change))));
        f.probe = false;
        f.silence(330s);
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
        // What the API asks before it takes a beat: nothing of the old incarnation fits any more,
        const InstanceRecord* record = f.plane.find(f.a);
        QVERIFY(!proofOf(*record, oldSecret));
        // and the beats received before the reinstall count for nothing.
        QVERIFY(!f.plane.live(f.a)->lastBeat);
        f.tick();
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
    }

    void aRestartForgetsNoReinstall() {
        Fixture f(reinstallOnly());
        f.probe = false;
        f.provider.failCommand = failure(FailureKind::Network);
        f.silence(330s);
        QCOMPARE(f.plane.find(f.a)->workInHand, QStringLiteral("reinstall"));
        ControlFixture second;
        second.store.instances = f.store.instances;
        second.store.logs = f.store.logs;
        second.provider.byId = f.provider.byId;
        second.load();
        second.clock.jumpWall(f.clock.wallNow() - second.clock.wallNow() + 1min);
        WorkerWatchdogJob job(second.context, {}, f.settings_);
        finishedTask(job.run({}));
        QVERIFY(second.plane.find(f.a)->workInHand.isEmpty());
        QCOMPARE(second.machine(f.a).reinstalls, 1);
        QVERIFY(finishedTask(second.store.openActions())->empty());
    }
};

QTEST_GUILESS_MAIN(TestRecovery)
#include "tst_recovery.moc"
