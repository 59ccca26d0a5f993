#include "core/watchdog/remediation.h"

#include <QSet>
#include <QTest>

#include <functional>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const MonotonicTime now{100h};
const WallTime wallNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};
const QString pool = QStringLiteral("mock/z1/m");
const QString zone = QStringLiteral("mock/z1");

GuardedInstance well(const QString& id, const QString& in = pool) {
    GuardedInstance one;
    one.id = InstanceId(id);
    one.pool = in;
    one.zone = in.section(u'/', 0, 1);
    one.healthy = true;
    one.since = now;
    return one;
}

GuardedInstance dead(const QString& id, const QString& in = pool) {
    GuardedInstance one = well(id, in);
    one.healthy = false;
    one.due = true;
    one.witnessed = true;
    one.rule = QStringLiteral("silent-probe-failing");
    one.verdictTicks = 2;
    one.since = now - 1min;
    return one;
}

GuardedInstance recovering(const QString& id, const QString& in = pool) {
    GuardedInstance one = well(id, in);
    one.healthy = false;
    one.inRecovery = true;
    return one;
}

/// A pool of ten, one of them dead, and everything that a test may turn.
struct World {
    std::vector<GuardedInstance> instances;
    GuardState state;
    GuardPolicy policy;

    World() {
        state.mode = AutomationMode::Act;
        instances.push_back(dead(QStringLiteral("dead")));
        for (int i = 0; i < 9; ++i)
            instances.push_back(well(QStringLiteral("w%1").arg(i)));
    }
    GuardedInstance& patient() { return instances.front(); }
    RemediationPlan planned() const { return plan(instances, state, policy, now, wallNow); }
};

RemedyTry tried(RemedyStep step, Duration ago, bool skipped = false) {
    return {step, wallNow - std::chrono::floor<std::chrono::milliseconds>(ago), true, skipped};
}

struct Case {
    const char* name;
    const char* guard;
    const char* says; ///< part of the sentence
    std::function<void(World&)> holdBack;
    std::function<void(World&)> justLetPass; ///< after holdBack: the other side of the limit
};

std::vector<Case> cases() {
    return {
        {"switched off", "recovery", "WORKER_DEAD_RECOVERY_ENABLED",
         [](World& w) { w.policy.enabled = false; }, [](World& w) { w.policy.enabled = true; }},
        {"held", "hold", "ada keeps automation away (debugging)",
         [](World& w) {
             w.patient().held =
                 Held{QStringLiteral("debugging"), QStringLiteral("ada"), wallNow + 1s};
         },
         [](World& w) { w.patient().held->until = wallNow; }},
        {"work in hand", "work in hand", "terminate",
         [](World& w) { w.patient().workInHand = QStringLiteral("terminate"); },
         [](World& w) { w.patient().workInHand.clear(); }},
        {"paused", "pause", "deploy (bob); power work (eve)",
         [](World& w) {
             w.state.pausedBy = {
                 {{}, QStringLiteral("deploy"), QStringLiteral("bob"), wallNow},
                 {{}, QStringLiteral("power work"), QStringLiteral("eve"), wallNow}};
         },
         [](World& w) { w.state.pausedBy.clear(); }},
        {"storm over the fleet", "storm brake", "9 of 20",
         [](World& w) { w.state.brakes.insert({}, QStringLiteral("9 of 20 fell silent")); },
         [](World& w) { w.state.brakes.clear(); }},
        {"storm over the pool", "storm brake", "4 of 10",
         [](World& w) { w.state.brakes.insert(pool, QStringLiteral("4 of 10 fell silent")); },
         [](World& w) {
             w.state.brakes = {{QStringLiteral("mock/z2/m"), QStringLiteral("another pool")}};
         }},
        {"verdict too young", "hold time", "1 of 2 ticks",
         [](World& w) { w.patient().verdictTicks = 1; },
         [](World& w) { w.patient().verdictTicks = 2; }},
        {"flapping", "flapping", "3 changes",
         [](World& w) {
             w.patient().past.turns = {wallNow - 30min, wallNow - 20min, wallNow - 1s};
         },
         [](World& w) { w.patient().past.turns.front() -= 1s; }},
        {"flapping, but for a return that a remedy brought about", "flapping", "3 changes",
         [](World& w) {
             w.patient().past.turns = {wallNow - 20min, wallNow - 15min, wallNow - 10min,
                                       wallNow - 1s};
             w.patient().past.helped = {wallNow - 15min};
         },
         [](World& w) { w.patient().past.helped.push_back(wallNow - 10min); }},
        {"preserved", "preserve", "number 1 of 1", [](World& w) { w.policy.preserveFailed = 1; },
         [](World& w) {
             GuardedInstance older = dead(QStringLiteral("older"));
             older.since -= 1s;
             older.held = Held{QStringLiteral("x"), QStringLiteral("y"), {}};
             w.instances.push_back(older); // it is the one that is kept
         }},
        {"tries used up", "retry cap", "2 of 2 tries",
         [](World& w) {
             w.policy.maxTries = 2;
             w.patient().past.tries = {tried(RemedyStep::RestartWorker, 2h),
                                       tried(RemedyStep::Reinstall, 1h)};
         },
         [](World& w) { w.patient().past.tries.front().skipped = true; }},
        {"ladder at its end", "ladder", "not available at the provider: replace",
         [](World& w) {
             w.state.unsupported[QStringLiteral("mock")] = {RemedyStep::Replace};
             w.patient().past.tries = {tried(RemedyStep::RestartWorker, 2h),
                                       tried(RemedyStep::Reinstall, 1h)};
         },
         [](World& w) { w.state.unsupported.clear(); }},
        {"breaker of the instance", "breaker", "5 recoveries of this instance",
         [](World& w) {
             w.patient().past.failedInARow = 5;
             w.patient().past.lastFailure = wallNow - 299s;
         },
         [](World& w) { w.patient().past.lastFailure = wallNow - 300s; }},
        {"breaker of the instance, just tried", "breaker", "next trial is in",
         [](World& w) {
             w.patient().past.failedInARow = 7;
             w.patient().past.lastFailure = wallNow - 1h;
             w.patient().past.tries = {tried(RemedyStep::RestartWorker, 10s)};
         },
         [](World& w) { w.patient().past.failedInARow = 4; }},
        {"breaker of the instance, which is switched off", "breaker", "5 recoveries of this",
         [](World& w) {
             w.patient().past.failedInARow = 5;
             w.patient().past.lastFailure = wallNow - 299s;
         },
         [](World& w) { w.policy.breakerEnabled = false; }},
        {"breaker of the zone", "zone breaker", "zone mock/z1",
         [](World& w) {
             w.state.zones[zone] = {5, now - 299s, now - 400s};
         },
         [](World& w) { w.state.zones[zone].lastFailure = now - 300s; }},
        {"breaker of the zone, trial runs", "zone breaker", "5 recoveries",
         [](World& w) {
             w.state.zones[zone] = {5, now - 600s, now - 10s};
         },
         [](World& w) { w.state.zones[zone].failedInARow = 4; }},
        {"last healthy of two", "last healthy", "pool of 2",
         [](World& w) {
             w.instances.resize(1);
             w.patient().witnessed = false;
             w.instances.push_back(well(QStringLiteral("sick")));
             w.instances.back().healthy = false;
         },
         [](World& w) { w.instances.back().healthy = true; }},
        {"last healthy of one", "last healthy", "pool of 1",
         [](World& w) {
             w.instances.resize(1);
             w.patient().witnessed = false;
         },
         [](World& w) { w.patient().witnessed = true; }},
        {"blast radius", "blast radius", "2 of 14 in the pool are in recovery, at most 2",
         [](World& w) {
             w.policy.inFlightPerPool = 10;
             for (int i = 0; i < 2; ++i)
                 w.instances.push_back(well(QStringLiteral("more%1").arg(i)));
             for (int i = 0; i < 2; ++i)
                 w.instances.push_back(recovering(QStringLiteral("r%1").arg(i)));
         },
         [](World& w) { w.instances.push_back(well(QStringLiteral("15th"))); }},
        {"in flight in the pool", "in flight", "2 recoveries run in the pool, at most 2",
         [](World& w) {
             for (int i = 0; i < 20; ++i)
                 w.instances.push_back(well(QStringLiteral("more%1").arg(i)));
             w.instances.push_back(recovering(QStringLiteral("r1")));
             w.instances.push_back(recovering(QStringLiteral("r2")));
         },
         [](World& w) { w.instances.pop_back(); }},
        {"in flight in all", "in flight", "5 recoveries run in all, at most 5",
         [](World& w) {
             for (int i = 0; i < 5; ++i)
                 w.instances.push_back(recovering(QStringLiteral("r%1").arg(i),
                                                  QStringLiteral("mock/z%1/m").arg(i + 2)));
         },
         [](World& w) { w.instances.pop_back(); }},
        {"pace", "pace", "at least 30 s",
         [](World& w) { w.state.lastStart.insert(pool, now - 29s); },
         [](World& w) { w.state.lastStart.insert(pool, now - 30s); }},
        {"observe", "mode", "observe", [](World& w) { w.state.mode = AutomationMode::Observe; },
         [](World& w) { w.state.poolModes.insert(pool, AutomationMode::Act); }},
    };
}

} // namespace

class TestRemediation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneDeadOneStep() {
        const RemediationPlan made = World().planned();
        QCOMPARE(made.steps.size(), 1U);
        QCOMPARE(made.steps[0].instance.value(), QStringLiteral("dead"));
        QVERIFY(made.steps[0].step == RemedyStep::RestartWorker);
        QCOMPARE(made.steps[0].attempt, 1);
        QVERIFY(made.steps[0].says.contains(QLatin1String("silent-probe-failing")));
        QVERIFY(made.blocked.empty());
        QVERIFY(made.wouldHaveDone.empty());
    }

    void nobodyDeadNothingPlanned() {
        World w;
        w.patient().due = false;
        const RemediationPlan made = w.planned();
        QVERIFY(made.steps.empty() && made.blocked.empty() && made.wouldHaveDone.empty());
    }

    void eachGuardAlone_data() {
        QTest::addColumn<int>("index");
        const auto all = cases();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].name) << int(i);
    }
    void eachGuardAlone() {
        QFETCH(int, index);
        const Case c = cases()[static_cast<std::size_t>(index)];
        World w;
        c.holdBack(w);
        const RemediationPlan held = w.planned();
        QVERIFY(held.steps.empty());
        const auto blocked =
            std::ranges::find(held.blocked, w.patient().id, &BlockedStep::instance);
        QVERIFY(blocked != held.blocked.end());
        QCOMPARE(blocked->guard, QLatin1String(c.guard));
        QVERIFY2(blocked->says.contains(QLatin1String(c.says)), qPrintable(blocked->says));
        c.justLetPass(w);
        const RemediationPlan passed = w.planned();
        QCOMPARE(passed.steps.size(), 1U);
        QCOMPARE(passed.steps[0].instance, w.patient().id);
    }

    void everyGuardHasACase() {
        QSet<QString> tested;
        for (const Case& c : cases())
            tested.insert(QLatin1String(c.guard));
        for (const QStringView name : guardNames())
            QVERIFY2(tested.contains(name.toString()), qPrintable(name.toString()));
        QCOMPARE(tested.size(), static_cast<qsizetype>(guardNames().size()));
    }

    void theBlastRadiusIsRoundedDownButAtLeastOne_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("most");
        for (const auto& [size, most] : std::vector<std::pair<int, int>>{
                 {1, 1}, {4, 1}, {5, 1}, {9, 1}, {10, 2}, {14, 2}, {15, 3}, {100, 20}})
            QTest::addRow("%d", size) << size << most;
    }
    void theBlastRadiusIsRoundedDownButAtLeastOne() {
        QFETCH(int, size);
        QFETCH(int, most);
        QCOMPARE(blastRadius(size, {}), most);
    }

    void stepsOfOnePlanCountAgainstEachOther() {
        World w;
        w.policy.pace = 0s;
        for (int i = 0; i < 8; ++i)
            w.instances[static_cast<std::size_t>(i) + 1] = dead(QStringLiteral("d%1").arg(i));
        const RemediationPlan made = w.planned();
        QCOMPARE(made.steps.size(), 2U); // a fifth of ten
        QCOMPARE(made.blocked.size(), 7U);
        QCOMPARE(made.blocked[0].guard, QStringLiteral("blast radius"));
        // With the pace of 30 s it is one.
        w.policy.pace = 30s;
        QCOMPARE(w.planned().steps.size(), 1U);
    }

    void thePaceIsOfEachPool() {
        World w;
        w.instances.push_back(dead(QStringLiteral("other"), QStringLiteral("mock/z2/m")));
        w.instances.push_back(well(QStringLiteral("o1"), QStringLiteral("mock/z2/m")));
        QCOMPARE(w.planned().steps.size(), 2U);
    }

    void whoDiedFirstComesFirst() {
        World w;
        w.instances.push_back(dead(QStringLiteral("earlier")));
        w.instances.back().since -= 1s;
        const RemediationPlan made = w.planned();
        QCOMPARE(made.steps.size(), 1U);
        QCOMPARE(made.steps[0].instance.value(), QStringLiteral("earlier"));
    }

    void theLadderGoesUpOneRungATry() {
        World w;
        RemedyPast& past = w.patient().past;
        past.tries = {tried(RemedyStep::RestartWorker, 20min)};
        QVERIFY(w.planned().steps[0].step == RemedyStep::Reinstall);
        QCOMPARE(w.planned().steps[0].attempt, 2);
        past.tries.push_back(tried(RemedyStep::Reinstall, 10min));
        QVERIFY(w.planned().steps[0].step == RemedyStep::Replace);
    }

    void whatTheProviderCantDoIsSkippedAndSaid() {
        World w;
        w.state.unsupported[QStringLiteral("mock")] = {RemedyStep::RestartWorker};
        const RemediationPlan made = w.planned();
        QVERIFY(made.steps[0].step == RemedyStep::Reinstall);
        QCOMPARE(made.steps[0].attempt, 1);
        QVERIFY(made.steps[0].says.contains(QLatin1String("skipped: restart_worker")));
    }

    void observeTellsOnce() {
        World w;
        w.state.mode = AutomationMode::Observe;
        RemediationPlan made = w.planned();
        QVERIFY(made.steps.empty());
        QCOMPARE(made.wouldHaveDone.size(), 1U);
        QCOMPARE(made.blocked.size(), 1U);
        w.patient().announced = true;
        w.instances.push_back(dead(QStringLiteral("second")));
        made = w.planned();
        QCOMPARE(made.wouldHaveDone.size(), 1U);
        QCOMPARE(made.wouldHaveDone[0].instance.value(), QStringLiteral("second"));
        QCOMPARE(made.blocked.size(), 2U); // both are shown as held back
    }

    void theSameInputGivesTheSamePlan() {
        World w;
        for (int i = 0; i < 9; ++i)
            w.instances[static_cast<std::size_t>(i) + 1] = dead(QStringLiteral("d%1").arg(i));
        const RemediationPlan first = w.planned();
        std::ranges::reverse(w.instances);
        const RemediationPlan second = w.planned();
        QCOMPARE(first.steps.size(), second.steps.size());
        QCOMPARE(first.steps[0].instance, second.steps[0].instance);
    }
};

QTEST_GUILESS_MAIN(TestRemediation)
#include "tst_remediation.moc"
