#include "core/orchestrator/simulation/scorer.h"
#include "core/orchestrator/simulation/simclock.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// A world of one machine in which nothing happens but what the test does.
struct Bench {
    SimClock clock;
    Scenario scenario;
    SimWorld world{quiet(), clock, 1};
    SimCloud cloud{world, clock};
    Scorer scorer{quiet(), world, 300s, 2};
    SimMachine& machine = world.machines().front();

    static Scenario quiet() {
        Scenario scenario;
        scenario.workers = scenario.pools = 1;
        scenario.disturbance = QStringLiteral("none");
        return scenario;
    }
    Score after(Duration length, InstanceStatus status, const QString& blockedBy = {}) {
        for (Duration passed{}; passed < length; passed += 10s) {
            clock.advanceTo(clock.now() + 10s);
            world.live();
            cloud.live();
            scorer.see(machine, {status, blockedBy}, clock.now());
        }
        return now();
    }
    /// As if it ended now.
    Score now(bool wanted = true) const {
        Scorer copy = scorer;
        return copy.end(clock.now(),
                        cloud.account(1h, [wanted](const SimMachine&) { return wanted; }));
    }
    Score command(MachineCommandKind kind) {
        scorer.commanded(machine, kind, clock.now());
        return now();
    }
    void remove() {
        MachineCommand command;
        command.kind = MachineCommandKind::Delete;
        command.machine = machine.id;
        QVERIFY(cloud.execute(command));
    }
    QString volume(const QString& name) {
        for (const MachineVolume& one : cloud.volumes({})) {
            if (one.name == name)
                return one.id;
        }
        return {};
    }
};

} // namespace

// The scorer must see through a watchdog that does too much, too little or the wrong thing.
class TestScorer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void touchingALivingOneIsAFalseKill() {
        Bench b;
        b.after(100s, InstanceStatus::WorkerDead); // whatever the status says
        QCOMPARE(b.command(MachineCommandKind::Reinstall).falseKills, 1);
    }

    void anAgentThatIsDownIsNoDeath() {
        Bench b;
        b.machine.agent = false;
        QCOMPARE(b.after(2h, InstanceStatus::Unavailable).missedDeaths, 0);
        QCOMPARE(b.command(MachineCommandKind::Reboot).falseKills, 1);
    }

    void touchingADeadOneIsNone() {
        Bench b;
        b.machine.running = false;
        b.after(320s, InstanceStatus::WorkerDead);
        const Score score = b.command(MachineCommandKind::Reboot);
        QCOMPARE(score.falseKills, 0);
        QCOMPARE(score.automaticActions, 1);
        QCOMPARE(b.after(1h, InstanceStatus::WorkerDead).missedDeaths, 0);
    }

    void doingNothingIsAMissedDeath() {
        Bench b;
        b.machine.running = false;
        QCOMPARE(b.after(330s, InstanceStatus::WorkerDead).missedDeaths, 0);
        QCOMPARE(b.after(20s, InstanceStatus::WorkerDead).missedDeaths, 1);
        QCOMPARE(b.after(1h, InstanceStatus::WorkerDead).missedDeaths, 1); // once
    }

    void aGuardThatHoldsBackIsNoSuccess() {
        Bench b;
        b.machine.running = false;
        const Score score = b.after(400s, InstanceStatus::WorkerDead, QStringLiteral("pace: slow"));
        QCOMPARE(score.missedDeaths, 0);
        QCOMPARE(score.blockedByGuard, 1);
        QCOMPARE(score.blockedBy.value(QStringLiteral("pace")), 1);
    }

    void aloneUnreachableForLongIsDeadTogetherItIsNot() {
        for (const bool alone : {true, false}) {
            Bench b;
            b.machine.reachable = false;
            b.machine.unreachableAlone = alone;
            b.machine.unreachableSince = b.clock.now();
            b.after(290s, InstanceStatus::Ready);
            QCOMPARE(b.now().deaths, 0);
            QCOMPARE(b.after(1h, InstanceStatus::Ready).missedDeaths, alone ? 1 : 0);
            QCOMPARE(b.command(MachineCommandKind::Reboot).falseKills, alone ? 0 : 1);
        }
    }

    void aHungOneHasToBeTakenOutOfService() {
        Bench seen;
        seen.machine.model = false;
        QCOMPARE(seen.after(1h, InstanceStatus::Unavailable).missedDeaths, 0);
        QCOMPARE(seen.now().detectSeconds.size(), 1U);
        Bench overlooked;
        overlooked.machine.model = false;
        QCOMPARE(overlooked.after(1h, InstanceStatus::Ready).missedDeaths, 1);
    }

    void whoIsWrittenOffAliveIsKilled() {
        Bench b;
        QCOMPARE(b.after(10s, InstanceStatus::Terminated).falseKills, 1);
    }

    void whoIsNeverBackIsMissedWhateverWasDone() {
        Bench b;
        b.machine.running = false;
        b.after(320s, InstanceStatus::WorkerDead);
        QCOMPARE(b.command(MachineCommandKind::Reboot).missedDeaths, 0);
        QCOMPARE(b.after(3h, InstanceStatus::Booting).missedDeaths, 1);
    }

    void aDeadOneIsReplacedOnlyByOneThatServes() {
        for (const bool serves : {true, false}) {
            Bench b;
            b.machine.running = false;
            b.after(320s, InstanceStatus::WorkerDead);
            b.scorer.replaced(b.machine, b.clock.now());
            SimMachine& made = b.world.add(InstanceId(QStringLiteral("new")), b.machine.zone);
            b.after(300s, InstanceStatus::WorkerDead);
            made.model = serves;
            b.scorer.see(made, {InstanceStatus::Ready, {}}, b.clock.now());
            const Score score = b.after(20s, InstanceStatus::Terminating);
            QCOMPARE(score.missedDeaths, serves ? 0 : 1);
            QCOMPARE(score.recoverSeconds.size(), serves ? 1U : 0U);
            QCOMPARE(score.falseKills, 0);
        }
    }

    void whatIsDoneInAnOutageIsCounted() {
        Bench b;
        Scenario cut = Bench::quiet();
        cut.disturbance = QStringLiteral("partition");
        cut.disturbanceEvery = 1s;
        cut.disturbanceLasts = 4h;
        SimWorld world(cut, b.clock, 1);
        Scorer scorer(cut, world, 300s, 2);
        const SimMachine& machine = world.machines().front();
        while (!world.outage()) {
            b.clock.advanceTo(b.clock.now() + 10s);
            world.live();
            scorer.seeOutage(false, b.clock.now());
        }
        b.clock.advanceTo(b.clock.now() + 60s);
        scorer.commanded(machine, MachineCommandKind::Reboot, b.clock.now());
        while (world.outage()) {
            b.clock.advanceTo(b.clock.now() + 10s);
            world.live();
            scorer.seeOutage(false, b.clock.now());
        }
        const Score score = scorer.end(b.clock.now(), {});
        QCOMPARE(score.actionsInOutage, 1);
        QCOMPARE(score.untoldOutages, 1);
    }

    void aReleaseIsFollowedByAnAction() {
        Bench b;
        b.machine.running = false;
        b.after(320s, InstanceStatus::WorkerDead);
        b.scorer.released(b.clock.now());
        b.after(100s, InstanceStatus::WorkerDead, QStringLiteral("storm brake: on"));
        const Score score = b.command(MachineCommandKind::Reboot);
        QCOMPARE(score.resumeSeconds, std::vector<double>{100});
    }

    void volumesThatAreLeftAreLeaks() {
        Bench b;
        QCOMPARE(b.after(2h, InstanceStatus::Ready).leakedVolumes, 0);
        QCOMPARE(b.now(false).leakedVolumes, 2); // of a machine that nobody wants
        b.remove();
        QCOMPARE(b.after(30min, InstanceStatus::Terminating).leakedVolumes, 0);
        const Score score = b.after(1h, InstanceStatus::Terminated);
        QCOMPARE(score.leakedVolumes, 1); // the boot volume went with its machine
        QVERIFY(score.costOfLeaks > 100 * 0.0001 && score.costOfLeaks < 100 * 0.0001 * 2);
        while (!b.cloud.deleteVolume(b.volume(QStringLiteral("data"))) &&
               !b.volume(QStringLiteral("data")).isEmpty())
            continue; // the cloud fails now and then
        QCOMPARE(b.now().leakedVolumes, 0);
        QCOMPARE(b.now().wronglyDeletedVolumes, 0);
    }

    void volumesThatAreInUseOrNotOursAreDeletedWrongly() {
        Bench b;
        for (const char* name : {"data", "kept", "somebody else's", "another fleet's"})
            static_cast<void>(b.cloud.deleteVolume(b.volume(QString::fromLatin1(name))));
        QCOMPARE(b.now().wronglyDeletedVolumes, 4);
    }
};

QTEST_GUILESS_MAIN(TestScorer)
#include "tst_scorer.moc"
