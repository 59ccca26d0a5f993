#include "core/orchestrator/jobs/workerwatchdog/workerwatchdog.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using namespace vigie::jobs::workerwatchdog;

namespace {

constexpr Duration tickLength = 10s;

WatchdogSettings settingsFor(const QString& mode) {
    WatchdogSettings settings;
    settings.mode = mode;
    return settings;
}

WatchdogSettings reinstallOnly() {
    WatchdogSettings settings = settingsFor(QStringLiteral("act"));
    settings.guards.ladder = {RemedyStep::Reinstall};
    return settings;
}

/// A fleet of `a` and nine others that beat, watched for longer than the grace and the cool-down
/// that follows it.
struct Fixture : ControlFixture {
    WatchdogSettings settings_;
    std::unique_ptr<WorkerWatchdogJob> job;
    InstanceId a;
    std::vector<InstanceId> others;

    explicit Fixture(const QString& mode = QStringLiteral("act"), int otherCount = 9,
                     const QString& providerCode = QStringLiteral("fake"))
        : Fixture(settingsFor(mode), otherCount, providerCode) {}
    explicit Fixture(const WatchdogSettings& given, int otherCount = 9,
                     const QString& providerCode = QStringLiteral("fake"))
        : ControlFixture(given, providerCode), settings_(given) {
        job = std::make_unique<WorkerWatchdogJob>(context, EvidenceOptions{}, settings_);
        a = add(QStringLiteral("a"), InstanceStatus::Ready);
        for (int i = 0; i < otherCount; ++i)
            others.push_back(add(QStringLiteral("o%1").arg(i), InstanceStatus::Ready));
        beat(a);
        for (Duration passed{}; passed < 620s; passed += tickLength)
            tick(true);
    }

    /// One tick: the others beat, `a` too when told; the store is there.
    JobReport tick(bool aBeats = false) {
        clock.advance(tickLength);
        for (const InstanceId& other : others)
            beat(other);
        if (aBeats)
            beat(a);
        finishedTask(plane.flushBeats());
        return finishedTask(job->run({}));
    }
    JobReport silence(Duration length) {
        JobReport last;
        for (Duration passed{}; passed < length; passed += tickLength) {
            refreshProbe();
            last = tick();
        }
        return last;
    }
    /// What the health check would find at each tick.
    std::optional<bool> probe; ///< nothing: not possible
    bool probing = true;
    int failures = 0; ///< probes that failed in a row
    void refreshProbe() {
        ProbeResult result;
        result.possible = probe.has_value();
        result.ok = probe.value_or(false);
        failures = result.possible && !result.ok ? failures + 1 : 0;
        result.failuresInRow = failures;
        result.says = QStringLiteral("told by the test");
        result.at = clock.now() + tickLength;
        if (probing)
            probes.results.insert(a, result);
    }
    Assessment said(const InstanceId& id) const {
        return plane.live(id)->assessment.value_or(Assessment{});
    }
    QString rule() const { return said(a).rule; }
    int restarts() const {
        return static_cast<int>(std::ranges::count(provider.commands, MachineCommandKind::Reboot,
                                                   &MachineCommand::kind));
    }
};

} // namespace

class TestWorkerWatchdog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHealthyFleetIsAlive() {
        Fixture f;
        QCOMPARE(f.rule(), QStringLiteral("fresh-serving"));
        QVERIFY(f.said(f.a).phi);
        QVERIFY(f.store.logs.empty());
        QCOMPARE(f.provider.describes, 0); // nobody is in doubt
    }

    void aLoneSilentWorkerWhoseProbeFailsIsDead() {
        Fixture f(QStringLiteral("observe"));
        f.probe = false;
        f.silence(300s);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        QCOMPARE(f.rule(), QStringLiteral("late"));
        f.silence(tickLength);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QCOMPARE(f.rule(), QStringLiteral("silent-probe-failing"));
        QVERIFY(f.said(f.a).verdict == Verdict::Dead);
        const auto rows = f.store.logsOf(actiontype::workerDeadDetected);
        QCOMPARE(rows.size(), 1U);
        QCOMPARE(rows[0].errorCode, QStringLiteral("PROBE_FAILED"));
        QVERIFY(rows[0].metadata.contains("\"rule\":\"silent-probe-failing\""));
        QVERIFY(rows[0].metadata.contains("told by the test"));
        QCOMPARE(rows[0].instanceStatusBefore, QStringLiteral("ready"));
        QCOMPARE(rows[0].instanceStatusAfter, QStringLiteral("worker_dead"));
        QCOMPARE(f.instance(f.a).errorCode, QStringLiteral("PROBE_FAILED"));
        QVERIFY(f.store.changes.back().reason.contains(QLatin1String("silent-probe-failing")));
        // The verdict is written once.
        f.silence(50s);
        QCOMPARE(f.store.logsOf(actiontype::workerDeadDetected).size(), 1U);
    }

    void silentButServingIsUnavailableAndNeverReinstalled() {
        Fixture f;
        f.probe = true;
        f.silence(1000s);
        QCOMPARE(f.status(f.a), QStringLiteral("unavailable"));
        QCOMPARE(f.rule(), QStringLiteral("silent-serving"));
        QCOMPARE(f.machine(f.a).reinstalls, 0);
        QVERIFY(f.store.logsOf(actiontype::workerDeadDetected).empty());
        // The agent comes back.
        f.refreshProbe();
        f.tick(true);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        QCOMPARE(f.store.logsOf(actiontype::workerRecovered).size(), 1U);
    }

    void aStoppedMachineIsDead() {
        Fixture f(QStringLiteral("observe"));
        f.machine(f.a).machine.state = MachineState::Stopped;
        f.silence(310s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        QCOMPARE(f.rule(), QStringLiteral("silent-machine-stopped"));
        QCOMPARE(f.store.logsOf(actiontype::workerDeadDetected)[0].errorCode,
                 QStringLiteral("HEARTBEAT_TIMEOUT"));
    }

    void withoutAWitnessTwiceTheThreshold() {
        Fixture f(QStringLiteral("observe"));
        f.silence(600s);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        QCOMPARE(f.rule(), QStringLiteral("silent-no-witness"));
        f.silence(tickLength);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
    }

    void anOldProbeIsNoWitness() {
        Fixture f(QStringLiteral("observe"));
        f.probe = false;
        f.refreshProbe();
        f.probing = false; // the health check does not come round any more
        f.silence(400s);
        QCOMPARE(f.rule(), QStringLiteral("silent-probe-awaited"));
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
    }

    void aProviderErrorIsNeverAbsence_data() {
        QTest::addColumn<int>("kind");
        for (const FailureKind kind :
             {FailureKind::Unauthorized, FailureKind::Forbidden, FailureKind::RateLimited,
              FailureKind::ServerError, FailureKind::Timeout, FailureKind::Malformed,
              FailureKind::Network, FailureKind::NotFound})
            QTest::addRow("%s", qUtf8Printable(toString(kind))) << int(kind);
    }
    void aProviderErrorIsNeverAbsence() {
        QFETCH(int, kind);
        Fixture f(QStringLiteral("observe"));
        f.provider.byId.clear();
        f.provider.failDescribe = failure(static_cast<FailureKind>(kind));
        f.silence(400s);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        QVERIFY(f.said(f.a).verdict == Verdict::Suspect);
    }

    void absentTwiceIsGone() {
        Fixture f;
        f.provider.byId.remove(MachineId(QStringLiteral("m-a")));
        f.silence(20s);
        const int asked = f.provider.describes;
        QVERIFY(asked >= 1);
        f.silence(20s);
        QCOMPARE(f.status(f.a), QStringLiteral("terminated"));
        QVERIFY(f.instance(f.a).deletedByProvider);
        QVERIFY(f.said(f.a).verdict == Verdict::Gone);
        QCOMPARE(f.instance(f.a).deletionReason, QStringLiteral("provider_deleted"));
        QCOMPARE(f.store.logsOf(actiontype::providerDeletedDetected).size(), 1U);
    }

    void absentOnceIsNotGone() {
        Fixture f;
        const FakeProvider::Slot kept = f.machine(f.a);
        f.silence(20s);
        f.provider.byId.remove(kept.machine.id);
        f.silence(tickLength);
        QVERIFY(f.said(f.a).verdict != Verdict::Gone);
        f.provider.byId.insert(kept.machine.id, kept);
        f.silence(tickLength);
        f.provider.byId.remove(kept.machine.id);
        f.silence(tickLength); // the count began anew
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
    }

    void hungBeatsButDoesNotServe() {
        Fixture f;
        f.probe = false;
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(f.status(f.a), QStringLiteral("ready"));
            f.refreshProbe();
            f.tick(true);
        }
        QCOMPARE(f.status(f.a), QStringLiteral("unavailable"));
        QCOMPARE(f.rule(), QStringLiteral("fresh-not-serving"));
        QCOMPARE(f.machine(f.a).reinstalls, 0);
        // It serves again.
        f.probe = true;
        f.refreshProbe();
        f.tick(true);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
    }

    void unavailableStaysSoUntilAProbeSaysOtherwise() {
        Fixture f;
        f.probe = false;
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(f.status(f.a), QStringLiteral("ready"));
            f.refreshProbe();
            f.tick(true);
        }
        f.probes.results.remove(f.a); // as after a restart
        f.tick(true);
        QCOMPARE(f.status(f.a), QStringLiteral("unavailable"));
    }

    void aStormDoesNothing() {
        Fixture f;
        f.probe = false;
        const auto gone = std::vector<InstanceId>(f.others.begin(), f.others.begin() + 3);
        f.others.erase(f.others.begin(), f.others.begin() + 3);
        const JobReport report = f.silence(1000s);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        for (const InstanceId& id : gone)
            QCOMPARE(f.status(id), QStringLiteral("ready"));
        QCOMPARE(f.rule(), QStringLiteral("storm"));
        QVERIFY(f.said(f.a).blockedBy.contains(QLatin1String("4 of 10")));
        QCOMPARE(report.blockedByGuard, 4);
        for (const ActionLog& row : f.store.logs)
            QCOMPARE(row.actionType, QStringView(actiontype::stormBrake).toString());
        // It passes: the one that stays away is dead after all.
        for (const InstanceId& id : gone)
            f.others.push_back(id);
        f.silence(10s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
    }

    void aStallGivesGrace() {
        Fixture f;
        f.probe = false;
        f.silence(280s);
        f.clock.advance(1h); // nothing ran, nothing was received
        f.watcher.lastStall = f.clock.now();
        f.silence(290s);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        f.silence(20s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
    }

    void anUnhealthyWatcherWritesNothing_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("own address") << 0;
        QTest::newRow("store") << 1;
        QTest::newRow("nobody else heard") << 2;
    }
    void anUnhealthyWatcherWritesNothing() {
        QFETCH(int, what);
        Fixture f(QStringLiteral("act"), what == 2 ? 2 : 9);
        f.probe = false;
        if (what == 0)
            f.watcher.ownAddressAnswers = false;
        if (what == 1)
            f.store.failure = failure(FailureKind::Storage);
        if (what == 2)
            f.others.clear();
        f.silence(1000s);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        QVERIFY(f.said(f.a).verdict == Verdict::Unknown);
        QVERIFY(!f.said(f.a).blockedBy.isEmpty());
        QCOMPARE(f.machine(f.a).reinstalls, 0);
    }

    void aFleetOfOneNeedsTheProvider() {
        Fixture f(QStringLiteral("observe"), 0);
        f.probe = false;
        f.provider.failDescribe = failure(FailureKind::Timeout);
        f.silence(700s);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        f.provider.failDescribe.reset();
        f.silence(10s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
    }

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
        // There is no second step while the first may still help.
        f.silence(500s);
        QCOMPARE(f.provider.commands.size(), 1U);
    }

    void theLadderGoesOnWhenNothingIsHeard() {
        Fixture f;
        f.probe = false;
        f.silence(330s);
        QCOMPARE(f.restarts(), 1);
        f.silence(900s + 2 * tickLength); // the restart's own limit; then the hold time
        QCOMPARE(f.machine(f.a).reinstalls, 0);
        f.silence(2 * tickLength);
        QCOMPARE(f.machine(f.a).reinstalls, 1);
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
        QCOMPARE(f.instance(f.a).incarnation, 1);
        // Replacing is not available: after the reinstall's limit a person is asked.
        f.silence(7200s + 50s);
        QCOMPARE(f.provider.commands.size(), 2U);
        QVERIFY2(f.said(f.a).blockedBy.contains(QLatin1String("ladder")),
                 qPrintable(f.said(f.a).blockedBy));
        QVERIFY(f.said(f.a).blockedBy.contains(QLatin1String("replace")));
    }

    void aStepThatTheProviderCantDoIsSkipped() {
        Fixture f;
        f.probe = false;
        f.provider.failCommand = failure(FailureKind::Unsupported, "no reboot here");
        f.silence(330s);
        f.provider.failCommand.reset();
        f.silence(40s);
        QCOMPARE(f.machine(f.a).reinstalls, 1);
        const auto rows = f.store.logsOf(actiontype::executeRestartWorker);
        QCOMPARE(rows[0].errorCode, QStringLiteral("STEP_NOT_AVAILABLE"));
        const auto next = f.store.logsOf(actiontype::executeReinstall);
        QVERIFY(next[0].metadata.contains("skipped: restart_worker"));
    }

    void aWorkerThatComesBackEndsTheLadder() {
        Fixture f;
        f.probe = false;
        f.silence(330s);
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
        f.tick(true);
        QVERIFY(f.change(f.a, TransitionCause::AgentSeen));
        f.silence(1500s);
        QCOMPARE(f.provider.commands.size(), 1U);
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

    void aLateBeatRevives() {
        Fixture f(QStringLiteral("observe"));
        f.probe = false;
        f.silence(400s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
        f.probe = true;
        f.refreshProbe();
        f.tick(true);
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        QVERIFY(f.said(f.a).verdict == Verdict::Alive);
        QCOMPARE(f.store.logsOf(actiontype::workerRecovered).size(), 1U);
        QVERIFY(f.instance(f.a).errorCode.isEmpty());
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
        QVERIFY(!secretMatches(oldSecret, record->workerTokenHash));
        QVERIFY(!secretMatches(oldSecret, record->bootstrapSecretHash));
        // and the beats received before the reinstall count for nothing.
        QVERIFY(!f.plane.live(f.a)->lastBeat);
        f.tick();
        QCOMPARE(f.status(f.a), QStringLiteral("booting"));
    }

    void deadBeforeARestartIsNoStorm() {
        Fixture f(QStringLiteral("observe"));
        // Half of the fleet is worker_dead in the store, from long ago.
        for (int i = 0; i < 5; ++i)
            QVERIFY(f.change(f.others[static_cast<std::size_t>(i)], TransitionCause::VerdictDead));
        ControlFixture second;
        second.store.instances = f.store.instances;
        second.provider.byId = f.provider.byId;
        second.load();
        WorkerWatchdogJob job(second.context, {}, f.settings_);
        for (int i = 0; i < 40; ++i) {
            second.clock.advance(tickLength);
            for (std::size_t o = 5; o < 9; ++o)
                second.beat(f.others[o]);
            ProbeResult failing;
            failing.failuresInRow = 5;
            failing.at = second.clock.now();
            second.probes.results.insert(f.a, failing);
            finishedTask(second.plane.flushBeats());
            finishedTask(job.run({}));
        }
        QCOMPARE(second.status(f.a), QStringLiteral("worker_dead"));
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

    void whoIsSentAwayKeepsNoVerdict() {
        Fixture f;
        QVERIFY(f.plane.live(f.a)->assessment);
        QVERIFY(f.change(f.a, TransitionCause::TerminateAsked));
        QVERIFY(!f.plane.live(f.a)->assessment);
        f.tick();
        QVERIFY(!f.plane.live(f.a)->assessment);
    }

    void startingOnesAreAssessedButNotWritten() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("new"), InstanceStatus::Booting);
        f.silence(10s);
        QCOMPARE(f.said(id).rule, QStringLiteral("starting-silent"));
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        f.beat(id, WorkerStatus::Starting);
        f.tick(true);
        QVERIFY(f.said(id).verdict != Verdict::Dead);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
    }

    void drainingIsNotTakenBackToReady() {
        Fixture f;
        QVERIFY(f.change(f.a, TransitionCause::DrainAsked));
        f.tick(true);
        QCOMPARE(f.status(f.a), QStringLiteral("draining"));
        f.probe = false;
        f.silence(310s);
        QCOMPARE(f.status(f.a), QStringLiteral("worker_dead"));
    }
};

QTEST_GUILESS_MAIN(TestWorkerWatchdog)
#include "tst_workerwatchdog.moc"
