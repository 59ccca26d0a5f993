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
            scorer.see(machine, {status, blockedBy}, clock.now());
        }
        return scorer.end();
    }
    Score command(MachineCommandKind kind) {
        scorer.commanded(machine, kind, clock.now());
        return scorer.end();
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
            QCOMPARE(b.scorer.end().deaths, 0);
            QCOMPARE(b.after(1h, InstanceStatus::Ready).missedDeaths, alone ? 1 : 0);
            QCOMPARE(b.command(MachineCommandKind::Reboot).falseKills, alone ? 0 : 1);
        }
    }

    void aHungOneHasToBeTakenOutOfService() {
        Bench seen;
        seen.machine.model = false;
        QCOMPARE(seen.after(1h, InstanceStatus::Unavailable).missedDeaths, 0);
        QCOMPARE(seen.scorer.end().detectSeconds.size(), 1U);
        Bench overlooked;
        overlooked.machine.model = false;
        QCOMPARE(overlooked.after(1h, InstanceStatus::Ready).missedDeaths, 1);
    }

    void whoIsWrittenOffAliveIsKilled() {
        Bench b;
        QCOMPARE(b.after(10s, InstanceStatus::Terminated).falseKills, 1);
    }

    void deletedVolumesAreCounted() {
        Bench b;
        MachineCommand command;
        command.kind = MachineCommandKind::Delete;
        command.machine = b.machine.id;
        QVERIFY(b.world.execute(command));
        b.world.volumeDeleted(QStringLiteral("v"));
        QCOMPARE(b.scorer.end().leakedVolumes, 1);
        QCOMPARE(b.scorer.end().wronglyDeletedVolumes, 1);
    }
};

QTEST_GUILESS_MAIN(TestScorer)
#include "tst_scorer.moc"
