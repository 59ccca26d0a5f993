#include "core/orchestrator/jobs/watchdog/watchdog.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;
using jobs::watchdog::WatchDogJob;
using jobs::watchdog::WatchDogOptions;

namespace {

/// Ten instances that are ready, with their machines.
struct WatchDogFixture : ControlFixture {
    WatchdogSettings watchdog;
    std::unique_ptr<WatchDogJob> job;
    std::vector<InstanceId> fleet;

    static WatchdogSettings in(const QString& mode) {
        WatchdogSettings settings;
        settings.mode = mode;
        return settings;
    }
    explicit WatchDogFixture(const QString& mode = QStringLiteral("act"))
        : ControlFixture(in(mode)), watchdog(in(mode)) {
        restart();
        if (!finishedTask(automation.refresh()))
            qFatal("no standing orders");
        for (int i = 0; i < 10; ++i) {
            fleet.push_back(add(QStringLiteral("i%1").arg(i), InstanceStatus::Ready));
            tag(fleet.back());
        }
    }
    void restart() { job = std::make_unique<WatchDogJob>(context, WatchDogOptions{}, watchdog); }
    void tag(const InstanceId& id) {
        machine(id).machine.tags = {provider.clusterTag(),
                                    QStringLiteral("vigie-instance:") + id.value()};
    }
    void vanish(const InstanceId& id) {
        provider.byId.remove(MachineId(instance(id).providerInstanceId));
    }
    /// A machine that the store has no instance for, or another one.
    FakeProvider::Slot& stray(const QString& name, const QString& owner) {
        FakeProvider::Slot& slot = provider.add(name);
        slot.machine.tags = {provider.clusterTag(), QStringLiteral("vigie-instance:") + owner};
        slot.machine.createdAt = clock.wallNow() - 24h;
        return slot;
    }
    JobReport cycle() {
        clock.advance(10s);
        return finishedTask(job->run({}));
    }
    JobReport cycles(Duration length, Duration every) {
        JobReport last;
        for (Duration passed{}; passed < length; passed += every) {
            clock.advance(every - 10s);
            last = cycle();
        }
        return last;
    }
    bool there(const QString& name) const { return provider.byId.contains(MachineId(name)); }
};

const QString s = QStringLiteral("stray");

} // namespace

class TestWatchDogJob : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twoTypedAbsencesProveIt() {
        WatchDogFixture f;
        const InstanceId id = f.fleet[3];
        f.vanish(id);
        f.cycle();
        QCOMPARE(f.status(id), QStringLiteral("ready"));
        f.cycle();
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
        QVERIFY(f.instance(id).deletedByProvider);
        QCOMPARE(f.instance(id).deletionReason, QStringLiteral("provider_deleted"));
        QCOMPARE(f.store.logsOf(actiontype::providerDeletedDetected).size(), 1U);
        QVERIFY(f.provider.commands.empty());
    }

    void whatIsThereIsReconciled() {
        WatchDogFixture f;
        QVERIFY(!f.instance(f.fleet[0]).lastReconciliation);
        f.machine(f.fleet[0]).machine.tags.clear(); // unlisted, but there when asked
        f.cycle();
        const auto first = f.clock.wallNow();
        for (const int i : {0, 1})
            QVERIFY(f.instance(f.fleet[static_cast<std::size_t>(i)]).lastReconciliation == first);
        // A quiet fleet stays quiet: told anew once a minute, not in each cycle.
        f.cycle();
        QVERIFY(f.instance(f.fleet[1]).lastReconciliation == first);
        // No answer proves nothing.
        f.provider.failLookup =
            Failure{FailureKind::Overloaded, QStringLiteral("away"), 0, {}, {}, {}};
        f.cycles(120s, 60s);
        QVERIFY(f.instance(f.fleet[1]).lastReconciliation == first);
        f.provider.failLookup.reset();
        f.cycle();
        QVERIFY(f.instance(f.fleet[1]).lastReconciliation == f.clock.wallNow());
        // The proof of an absence is in the store with what it led to.
        f.vanish(f.fleet[2]);
        f.cycles(20s, 10s);
        QCOMPARE(f.status(f.fleet[2]), QStringLiteral("terminated"));
        QVERIFY(f.instance(f.fleet[2]).lastReconciliation == f.clock.wallNow());
    }

    // Also where no worker is watched: nobody else would ask.
    void failedOnesAreWatchedToo() {
        WatchDogFixture f;
        const InstanceId id = f.add(QStringLiteral("f"), InstanceStatus::StartupFailed);
        f.vanish(id);
        f.cycle();
        f.cycle();
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
    }

    void whatIsMerelyUnlistedIsThere() {
        WatchDogFixture f;
        f.machine(f.fleet[0]).machine.tags.clear(); // a person took the tag away
        for (int i = 0; i < 5; ++i)
            f.cycle();
        QCOMPARE(f.status(f.fleet[0]), QStringLiteral("ready"));
    }

    void anErrorProvesNothing_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("list");
        for (const FailureKind kind :
             {FailureKind::Unauthorized, FailureKind::Forbidden, FailureKind::RateLimited,
              FailureKind::ServerError, FailureKind::Timeout, FailureKind::Malformed,
              FailureKind::NotFound}) {
            QTest::addRow("get %s", qUtf8Printable(toString(kind))) << int(kind) << false;
            QTest::addRow("list %s", qUtf8Printable(toString(kind))) << int(kind) << true;
        }
    }
    void anErrorProvesNothing() {
        QFETCH(int, kind);
        QFETCH(bool, list);
        WatchDogFixture f;
        f.vanish(f.fleet[3]);
        (list ? f.provider.failLookup : f.provider.failDescribe) =
            failure(static_cast<FailureKind>(kind));
        JobReport report;
        for (int i = 0; i < 5; ++i)
            report = f.cycle();
        QVERIFY(report.errors > 0);
        QCOMPARE(f.status(f.fleet[3]), QStringLiteral("ready"));
    }

    // As a wrong account, or a provider that forgets, looks.
    void manyAtOnceAreNotBelieved() {
        WatchDogFixture f;
        for (const InstanceId& id : f.fleet)
            f.vanish(id);
        JobReport report;
        for (int i = 0; i < 5; ++i)
            report = f.cycle();
        QCOMPARE(report.blockedByGuard, 10);
        QVERIFY(!f.machines.massAbsence.isEmpty());
        for (const InstanceId& id : f.fleet)
            QCOMPARE(f.status(id), QStringLiteral("ready"));
    }

    void workInHandIsLeftToWhoHasIt() {
        WatchDogFixture f;
        const InstanceId id = f.fleet[0];
        ControlPlane::Change change;
        change.edit = [](InstanceRecord& r) { r.workInHand = QStringLiteral("reinstall"); };
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        f.vanish(id);
        for (int i = 0; i < 5; ++i)
            f.cycle();
        QCOMPARE(f.status(id), QStringLiteral("ready"));
    }

    void aMachineNobodyWantsIsMarkedAndDeletedADayLater() {
        WatchDogFixture f;
        f.add(QStringLiteral("over"), InstanceStatus::Terminated, false);
        f.stray(s, QStringLiteral("over"));
        f.cycles(55min, 1min);
        QCOMPARE(f.machines.orphans.size(), 1U);
        QVERIFY(!f.machines.orphans[0].markedAt);
        f.cycles(10min, 1min);
        QVERIFY(f.machines.orphans[0].markedAt);
        f.restart(); // kill -9 between the phases
        f.cycles(23h, 10min);
        QVERIFY(f.there(s));
        f.cycles(2h, 10min);
        QVERIFY(!f.there(s));
        QCOMPARE(f.store.logsOf(actiontype::machineOrphanMarked).size(), 1U);
        QCOMPARE(f.store.logsOf(actiontype::providerTerminate).size(), 1U);
        QVERIFY(finishedTask(f.store.openActions())->empty());
        for (const InstanceId& id : f.fleet)
            QCOMPARE(f.status(id), QStringLiteral("ready"));
    }

    void asecondMachineOfOneInstanceIsNobodys() {
        WatchDogFixture f;
        f.stray(s, QStringLiteral("i0"));
        f.cycles(27h, 10min);
        QVERIFY(!f.there(s));
        QVERIFY(f.there(QStringLiteral("m-i0")));
    }

    void acceptedIsNotGone() {
        WatchDogFixture f;
        f.add(QStringLiteral("over"), InstanceStatus::Terminated, false);
        f.stray(s, QStringLiteral("over"));
        f.provider.deleteTakesEffect = false;
        f.cycles(27h, 10min);
        QVERIFY(!f.provider.commands.empty());
        QVERIFY(f.store.logsOf(actiontype::providerTerminate).empty());
        QCOMPARE(f.machines.orphans.size(), 1U);
        QCOMPARE(f.machines.retriesUsedUp, 0);
    }

    void whatIsWantedOrNotOursStays_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("kept by a tag") << 0;
        QTest::newRow("not ours") << 1;
        QTest::newRow("its instance is being made") << 2;
        QTest::newRow("the terminator has it") << 3;
        QTest::newRow("the store is older than it") << 4;
        QTest::newRow("held") << 5;
        QTest::newRow("paused") << 6;
        QTest::newRow("observed") << 7;
    }
    void whatIsWantedOrNotOursStays() {
        QFETCH(int, kind);
        WatchDogFixture f(kind == 7 ? QStringLiteral("observe") : QStringLiteral("act"));
        const InstanceId over = f.add(QStringLiteral("over"),
                                      kind == 2   ? InstanceStatus::Provisioning
                                      : kind == 3 ? InstanceStatus::Terminating
                                                  : InstanceStatus::Terminated,
                                      false);
        FakeProvider::Slot& slot =
            f.stray(s, kind == 4 ? QStringLiteral("never-heard-of") : QStringLiteral("over"));
        if (kind == 0)
            slot.machine.tags.append(QStringLiteral("vigie-keep"));
        if (kind == 1)
            slot.machine.tags = {QStringLiteral("somebody-elses")};
        if (kind == 4)
            slot.machine.createdAt = f.clock.wallNow() + 1s;
        if (kind == 5) {
            ControlPlane::Change hold;
            hold.edit = [](InstanceRecord& r) {
                r.instance.held = Held{QStringLiteral("debug"), QStringLiteral("ada"), {}};
            };
            QVERIFY(finishedTask(f.plane.apply(over, std::move(hold))));
        }
        if (kind == 6) {
            Asker ada;
            ada.reason = QStringLiteral("we look");
            QVERIFY(finishedTask(f.automation.pause(ada)));
        }
        const JobReport report = f.cycles(72h, 1h);
        QVERIFY(f.there(s));
        QVERIFY(f.provider.commands.empty());
        QCOMPARE(report.blockedByGuard, kind >= 4 ? 1 : 0);
        if (kind == 4) {
            QVERIFY(f.machines.orphans[0].disowned);
            QVERIFY(f.machines.orphans[0].blockedBy.startsWith(QLatin1String("older-store: ")));
        }
        if (kind == 7)
            QCOMPARE(f.store.logsOf(actiontype::wouldHaveDone).size(), 1U);
    }

    void onlySoManyGoInOneCycle() {
        WatchDogFixture f;
        f.add(QStringLiteral("over"), InstanceStatus::Terminated, false);
        for (int i = 0; i < 5; ++i)
            f.stray(s + QString::number(i), QStringLiteral("over"));
        f.cycles(2h, 10min);
        f.clock.advance(24h);
        const JobReport first = f.cycle();
        QCOMPARE(f.provider.commands.size(), 3U);
        QCOMPARE(first.blockedByGuard, 2);
        f.cycle();
        QCOMPARE(f.provider.commands.size(), 5U);
    }
};

QTEST_GUILESS_MAIN(TestWatchDogJob)
#include "tst_watchdogjob.moc"
