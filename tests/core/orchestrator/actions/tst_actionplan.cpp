#include "core/orchestrator/actions/actionplan.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QString pool = QStringLiteral("fake/zone-1/model");

TargetFacts target(const char* id, InstanceStatus status = InstanceStatus::Ready) {
    TargetFacts facts;
    facts.id = QString::fromLatin1(id);
    facts.known = true;
    facts.instance = InstanceId(facts.id);
    facts.status = status;
    facts.hasMachine = true;
    facts.pool = pool;
    facts.costPerHour = 2;
    return facts;
}

/// Ten that are ready, nothing in recovery.
FleetFacts ten() {
    FleetFacts fleet;
    fleet.pools[pool] = PoolFacts{10, 10, 0, 20.0, {}};
    fleet.now = MonotonicTime(1h);
    fleet.wallNow = WallTime(1h);
    return fleet;
}

} // namespace

class TestActionPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachGuard_data() {
        QTest::addColumn<QString>("guard");
        QTest::addColumn<bool>("passable");
        QTest::addColumn<bool>("waits");
        QTest::newRow("state") << "state" << false << false;
        QTest::newRow("work in hand") << "work in hand" << false << false;
        QTest::newRow("hold") << "hold" << true << false;
        QTest::newRow("storm brake") << "storm brake" << true << false;
        QTest::newRow("blast radius") << "blast radius" << true << true;
        QTest::newRow("in flight") << "in flight" << true << true;
        QTest::newRow("pace") << "pace" << true << true;
    }
    void eachGuard() {
        QFETCH(QString, guard);
        QFETCH(bool, passable);
        QFETCH(bool, waits);
        TargetFacts one = target("a");
        FleetFacts fleet = ten();
        GuardPolicy policy;
        if (guard == u"state")
            one.status = InstanceStatus::Booting;
        if (guard == u"work in hand")
            one.workInHand = QStringLiteral("reinstall");
        if (guard == u"hold")
            one.held = Held{QStringLiteral("debugging"), QStringLiteral("ada"), {}};
        if (guard == u"storm brake")
            fleet.brakes.insert(QString(), QStringLiteral("8 of 10 are silent"));
        if (guard == u"blast radius")
            fleet.pools[pool].inRecovery = 2; // 20 % of ten
        if (guard == u"in flight") {
            policy.blastShare = 1;
            fleet.pools[pool].inRecovery = 2;
        }
        if (guard == u"pace")
            fleet.pools[pool].lastStart = fleet.now - 29s;

        const ItemVerdict free = judgeItem(Action::Reinstall, target("a"), ten(), policy, false);
        QVERIFY(free.allowed && free.guard.isEmpty() && !free.effect.isEmpty());
        const ItemVerdict held = judgeItem(Action::Reinstall, one, fleet, policy, false);
        QVERIFY(!held.allowed);
        QCOMPARE(held.guard, guard);
        QVERIFY(!held.says.isEmpty());
        QCOMPARE(held.waits, waits);
        const ItemVerdict passed = judgeItem(Action::Reinstall, one, fleet, policy, true);
        QCOMPARE(passed.allowed, passable);
        QCOMPARE(passed.passed.contains(guard), passable);
    }

    void aHoldThatIsOverHoldsNothing() {
        TargetFacts one = target("a");
        FleetFacts fleet = ten();
        one.held = Held{QStringLiteral("debugging"), QStringLiteral("ada"), fleet.wallNow};
        QVERIFY(judgeItem(Action::Terminate, one, fleet, {}, false).allowed);
        QVERIFY(!judgeItem(Action::Release, one, fleet, {}, false).allowed);
        one.held->until = fleet.wallNow + 1ms;
        QVERIFY(!judgeItem(Action::Terminate, one, fleet, {}, false).allowed);
        QVERIFY(judgeItem(Action::Release, one, fleet, {}, false).allowed);
    }

    // What serves a pool that is being recovered is not taken from it as well.
    void whoServesBesideRecoveriesStays() {
        FleetFacts fleet = ten();
        fleet.pools[pool].inRecovery = 2; // 20 % of ten
        for (const Action action : {Action::Terminate, Action::Drain}) {
            const ItemVerdict held = judgeItem(action, target("a"), fleet, {}, false);
            QCOMPARE(held.guard, QStringLiteral("blast radius"));
            QVERIFY(held.waits && !held.allowed);
            const ItemVerdict passed = judgeItem(action, target("a"), fleet, {}, true);
            QVERIFY(passed.allowed && passed.passed.contains(QStringLiteral("blast radius")));
            // One that does not serve is no loss.
            const TargetFacts idle = target("b", InstanceStatus::Unavailable);
            QVERIFY(judgeItem(action, idle, fleet, {}, false).allowed);
        }
        fleet.pools[pool].inRecovery = 1;
        QVERIFY(judgeItem(Action::Terminate, target("a"), fleet, {}, false).allowed);
    }

    void aStormOfAnotherPoolIsNone() {
        FleetFacts fleet = ten();
        fleet.brakes.insert(QStringLiteral("other"), QStringLiteral("silent"));
        QVERIFY(judgeItem(Action::Terminate, target("a"), fleet, {}, false).allowed);
        fleet.brakes.insert(pool, QStringLiteral("silent"));
        QCOMPARE(judgeItem(Action::Terminate, target("a"), fleet, {}, false).guard,
                 QStringLiteral("storm brake"));
        QVERIFY(judgeItem(Action::Hold, target("a"), fleet, {}, false).allowed);
    }

    void everyActionHasItsRule() {
        QSet<QString> types;
        for (const Action action : allActions) {
            const ActionRule& rule = ruleFor(action);
            QVERIFY(rule.action == action);
            QVERIFY(rule.guards & bit(ManualGuard::State));
            types.insert(rule.logType.toString());
            // What takes a machine or data away asks whether somebody holds it.
            QVERIFY(!rule.destructive || ((rule.guards & bit(ManualGuard::Hold)) &&
                                          (rule.guards & bit(ManualGuard::StormBrake))));
            QVERIFY(actionFromString(toString(action)) == action);
        }
        QCOMPARE(types.size(), qsizetype(allActions.size()));
    }

    void capacityBeforeAndAfter() {
        std::vector<TargetFacts> three{target("a"), target("b"),
                                       target("c", InstanceStatus::Unavailable)};
        FleetFacts fleet = ten();
        fleet.pools[pool].ready = 9;
        const ActionPlan away = planAction(Action::Terminate, three, fleet, {}, false);
        QCOMPARE(away.before.instances, 10);
        QCOMPARE(away.before.ready, 9);
        QCOMPARE(away.after.instances, 7);
        QCOMPARE(away.after.ready, 7);
        QCOMPARE(away.after.costPerHour, 14.0);
        QCOMPARE(away.lowestReady, 7);
        const ActionPlan anew = planAction(Action::Reinstall, three, fleet, {}, true);
        QCOMPARE(anew.after.instances, 10);
        QCOMPARE(anew.after.ready, 10);
        QCOMPARE(anew.lowestReady, 7);
        const ActionPlan swapped = planAction(Action::Replace, three, fleet, {}, true);
        QCOMPARE(swapped.lowestReady, 9); // each is there until the new one serves
    }

    void plannedItemsCountAgainstLaterOnes() {
        GuardPolicy policy;
        policy.pace = 0s;
        const ActionPlan plan = planAction(
            Action::RestartWorker, {target("a"), target("b"), target("c")}, ten(), policy, false);
        QVERIFY(plan.items[0].verdict.allowed && plan.items[1].verdict.allowed);
        QCOMPARE(plan.items[2].verdict.guard, QStringLiteral("blast radius"));
        QVERIFY(plan.items[2].verdict.waits);
        const auto blast =
            std::ranges::find(plan.guards, QStringLiteral("blast radius"), &PlanGuard::name);
        QCOMPARE(blast->holdsBack, 1);
        QVERIFY(blast->applies && blast->mayBePassed);
    }

    void whatIsNamedTwiceCountsOnce() {
        const ActionPlan plan =
            planAction(Action::Terminate, {target("a"), target("a")}, ten(), {}, false);
        QCOMPARE(plan.items.size(), 1U);
        QCOMPARE(plan.after.instances, 9);
    }

    void whatDoesNotExistIsSaid() {
        TargetFacts nobody;
        nobody.id = QStringLiteral("x");
        for (const Action action : allActions) {
            const ItemVerdict verdict = judgeItem(action, nobody, ten(), {}, true);
            QVERIFY(!verdict.allowed);
            QVERIFY(verdict.says.contains(QLatin1String("no such")));
        }
    }

    void volumesInUseAreKept() {
        TargetFacts one = target("v");
        one.volume = Volume{};
        one.volume->status = VolumeStatus::Detached;
        QCOMPARE(judgeItem(Action::DeleteVolume, one, ten(), {}, true).guard,
                 QStringLiteral("state")); // its instance serves
        one.status = InstanceStatus::Terminated;
        QVERIFY(judgeItem(Action::DeleteVolume, one, ten(), {}, false).allowed);
        one.volume->status = VolumeStatus::Deleted;
        QCOMPARE(judgeItem(Action::DeleteVolume, one, ten(), {}, true).guard,
                 QStringLiteral("volume"));
    }
};

QTEST_GUILESS_MAIN(TestActionPlan)
#include "tst_actionplan.moc"
