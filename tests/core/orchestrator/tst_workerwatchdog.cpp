#include "tests/core/orchestrator/watchdogfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using namespace vigie::jobs::workerwatchdog;
using Fixture = WatchdogFixture;

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

    /// A provider that has lost its mind, or the key of another account.
    void aProviderThatDeniesEveryMachineEndsNothing() {
        Fixture f;
        bool beats = true;
        const auto tick = [&] { // nobody can be probed: its address is the provider's to tell
            for (const InstanceId& id : f.plane.ids()) {
                ProbeResult unable;
                unable.possible = false;
                unable.at = f.clock.now() + tickLength;
                f.probes.results.insert(id, unable);
            }
            return f.tick(beats);
        };
        const auto machines = f.provider.byId;
        f.provider.byId.clear();
        for (int i = 0; i < 4; ++i)
            tick();
        QCOMPARE(tick().blockedByGuard, 10);
        for (const InstanceId& id : f.plane.ids())
            QCOMPARE(f.status(id), QStringLiteral("ready"));
        QVERIFY2(f.said(f.a).blockedBy.startsWith(
                     u"mass-absence: the provider calls 10 of 10 machines absent"),
                 qPrintable(f.said(f.a).blockedBy));
        QVERIFY(!f.machines.denied.isEmpty());          // which the alert says
        QVERIFY(f.said(f.a).verdict == Verdict::Alive); // by all but the provider
        beats = false;
        for (Duration passed{}; passed < 620s; passed += tickLength)
            tick();
        QVERIFY(f.said(f.a).verdict == Verdict::Dead);
        QVERIFY(f.said(f.a).blockedBy.startsWith(u"mass-absence: "));
        QCOMPARE(f.status(f.a), QStringLiteral("ready")); // and nothing is done about it
        QVERIFY(f.provider.commands.empty());
        beats = true;
        tick();
        f.provider.byId = machines;
        QCOMPARE(tick().blockedByGuard, 0);
        QVERIFY(f.machines.denied.isEmpty());
        QVERIFY(f.said(f.a).blockedBy.isEmpty());
        // One alone is believed to be gone, unless the list of all says that many are.
        f.provider.byId.remove(MachineId(f.instance(f.a).providerInstanceId));
        f.machines.massAbsence = QStringLiteral("the list lacks 9 of 10");
        for (int i = 0; i < 3; ++i)
            tick();
        QCOMPARE(f.status(f.a), QStringLiteral("ready"));
        f.machines.massAbsence.clear();
        tick();
        QCOMPARE(f.status(f.a), QStringLiteral("terminated"));
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

    void whoIsSentAwayKeepsNoVerdict() {
        Fixture f;
        QVERIFY(f.plane.live(f.a)->testimony);
        QVERIFY(f.change(f.a, TransitionCause::TerminateAsked));
        QVERIFY(!f.plane.live(f.a)->testimony);
        f.tick();
        QVERIFY(!f.plane.live(f.a)->testimony);
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
