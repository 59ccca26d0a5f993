#include "core/orchestrator/actions/operations.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// A desk over a fleet of ten, moved on by hand.
struct Desk : ControlFixture {
    QStringList woken;
    std::unique_ptr<OperationDesk> desk;
    QStringList ids;

    explicit Desk(int fleet = 10, InstanceStatus status = InstanceStatus::Ready) {
        make();
        for (int i = 0; i < fleet; ++i) {
            const QString name = QStringLiteral("i%1").arg(i);
            add(name, status);
            ids.append(name);
        }
    }
    void make() {
        ActionSettings quick;
        quick.waves = {1, 3, 0s, 0.2};
        quick.drainDeadline = 60s;
        quick.itemWait = 10min;
        desk = std::make_unique<OperationDesk>(
            ActionExecutor::Parts{plane, provider, reinstaller, automation,
                                  [this](const QString& job) { woken.append(job); }},
            quick);
    }
    /// The process dies and starts again.
    void restart() {
        desk->stop();
        make();
        load();
    }
    void tick(Duration passed = 1s) {
        clock.advance(passed);
        finishedTask(plane.flushBeats());
        finishedTask(desk->tick());
    }
    ActionLogId start(Action action, QStringList which, bool override = false) {
        OperationDesk::Wish wish;
        wish.action = action;
        wish.ids = std::move(which);
        wish.override = override;
        wish.asker.actor = QStringLiteral("ada");
        wish.asker.reason = QStringLiteral("a test");
        wish.asker.correlationId = QStringLiteral("corr-1");
        const auto started = finishedTask(desk->start(std::move(wish)));
        if (!started)
            qFatal("%s", qPrintable(started.error().message));
        return started->id;
    }
    ActionOperation look(const ActionLogId& id) const { return *desk->find(id); }
    QStringList stages(const ActionLogId& id) const {
        QStringList all;
        for (const ActionItem& item : look(id).items)
            all.append(toString(item.stage));
        return all;
    }
    int count(const ActionLogId& id, ItemStage stage) const {
        return static_cast<int>(std::ranges::count(look(id).items, stage, &ActionItem::stage));
    }
    /// What the jobs would do for those that are being terminated.
    void confirmGone() {
        for (const QString& id : ids) {
            if (status(InstanceId(id)) == QLatin1String("terminating"))
                if (!change(InstanceId(id), TransitionCause::ProviderConfirmedGone))
                    qFatal("not gone");
        }
    }
};

} // namespace

class TestOperationDesk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void inWavesAfterACanary() {
        Desk d;
        const ActionLogId id = d.start(Action::Terminate, d.ids.mid(0, 5));
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Running), 1);
        QCOMPARE(d.woken, QStringList{QStringLiteral("terminator")});
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Running), 1); // the canary is not gone yet
        d.confirmGone();
        d.tick();
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Running), 3);
        d.confirmGone();
        d.tick();
        d.tick();
        d.confirmGone();
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Done), 5);
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("finished"));
        QCOMPARE(d.store.logsOf(actiontype::requestTerminate).size(), 5U);
        const auto items = d.store.logsOf(actiontype::operationItem);
        QCOMPARE(items.size(), 5U);
        for (const ActionLog& row : d.store.logs)
            QCOMPARE(row.correlationId, QStringLiteral("corr-1"));
        for (const ActionLog& row : items) {
            QVERIFY(row.status == ActionLogStatus::Success);
            QCOMPARE(row.parentLogId, id.value());
        }
        QCOMPARE(d.instance(InstanceId(d.ids[0])).correlationId, QStringLiteral("corr-1"));
    }

    void aFailedCanaryStopsTheRestUntilAPersonSaysSo() {
        Desk d;
        const ActionLogId id = d.start(Action::Terminate, d.ids.mid(0, 3));
        d.tick();
        QVERIFY(d.change(InstanceId(d.ids[0]), TransitionCause::DeletionRetriesUsedUp));
        d.tick();
        d.tick();
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("paused"));
        QVERIFY(d.look(id).paused->reason.contains(QLatin1String("wave 1")));
        QCOMPARE(d.count(id, ItemStage::Pending), 2);
        d.restart();
        d.tick();
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("paused"));
        QVERIFY(finishedTask(d.desk->resume(id, Asker{})));
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Running), 2);
        d.restart(); // and does not stop for that wave again
        d.tick();
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("running"));
    }

    void whatChangedIsSkipped() {
        Desk d;
        const ActionLogId id = d.start(Action::Drain, d.ids.mid(0, 2));
        QVERIFY(d.change(InstanceId(d.ids[0]), TransitionCause::StoppedServing));
        d.tick();
        QCOMPARE(d.look(id).items[0].code, QStringLiteral("changed"));
        QVERIFY(d.look(id).items[0].stage == ItemStage::Skipped);
        QCOMPARE(d.status(InstanceId(d.ids[0])), QStringLiteral("unavailable"));
        d.tick();
        QCOMPARE(d.status(InstanceId(d.ids[1])), QStringLiteral("draining"));
        const auto rows = d.store.logsOf(actiontype::operationItem);
        QCOMPARE(rows[0].errorCode, QString::fromUtf16(errorcode::changed));
    }

    void guardsBlockAndOverridePasses() {
        Desk d;
        Asker ada;
        ada.actor = QStringLiteral("ada");
        ada.reason = QStringLiteral("looking at it");
        QVERIFY(finishedTask(d.desk->single(Action::Hold, d.ids[0], ada, false)).outcome);
        QVERIFY(d.instance(InstanceId(d.ids[0])).held->actor == QLatin1String("ada"));
        const auto refused = finishedTask(d.desk->single(Action::Terminate, d.ids[0], ada, false));
        QVERIFY(!refused.outcome);
        QCOMPARE(refused.guard, QStringLiteral("hold"));
        const ActionLogId blocked = d.start(Action::Terminate, {d.ids[0]});
        d.tick();
        QCOMPARE(d.look(blocked).items[0].code, QStringLiteral("hold"));
        QCOMPARE(d.status(InstanceId(d.ids[0])), QStringLiteral("ready"));
        d.start(Action::Terminate, {d.ids[0]}, true);
        d.tick();
        QCOMPARE(d.status(InstanceId(d.ids[0])), QStringLiteral("terminating"));
        QVERIFY(d.store.logsOf(actiontype::requestTerminate)[0].metadata.contains(
            "\"override\":[\"hold\"]"));
    }

    void remediesWaitForPaceAndBlastRadius() {
        Desk d;
        d.provider.failCommand.reset();
        const ActionLogId id = d.start(Action::RestartWorker, d.ids.mid(0, 4));
        d.tick();
        QCOMPARE(d.status(InstanceId(d.ids[0])), QStringLiteral("booting"));
        QVERIFY(d.change(InstanceId(d.ids[0]), TransitionCause::BecameReady));
        d.tick();
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Running), 0); // 30 s lie between two starts
        QCOMPARE(d.look(id).items[1].code, QStringLiteral("pace"));
        d.tick(30s);
        QCOMPARE(d.count(id, ItemStage::Running), 1);
        d.tick(30s);
        QCOMPARE(d.count(id, ItemStage::Running), 2);
        d.tick(30s);
        QCOMPARE(d.count(id, ItemStage::Running), 2); // a fifth of ten
        QCOMPARE(d.look(id).items[3].code, QStringLiteral("blast radius"));
        d.tick(11min);
        QVERIFY(d.look(id).items[3].stage == ItemStage::Skipped);
    }

    void pausedOperationsBeginNothing() {
        Desk d;
        const ActionLogId id = d.start(Action::Hold, d.ids);
        QVERIFY(finishedTask(d.desk->pause(id, Asker{})));
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Pending), 10);
        d.restart();
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Pending), 10);
        QVERIFY(finishedTask(d.desk->resume(id, Asker{})));
        for (int i = 0; i < 8; ++i)
            d.tick();
        QCOMPARE(d.count(id, ItemStage::Done), 10);
        QCOMPARE(d.store.logsOf(actiontype::hold).size(), 10U);
    }

    void anAbortFinishesWhatWasBegun() {
        Desk d;
        const ActionLogId id = d.start(Action::Terminate, d.ids);
        d.tick();
        QVERIFY(finishedTask(d.desk->abort(id, Asker{})));
        d.tick();
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("aborting"));
        QCOMPARE(d.count(id, ItemStage::Skipped), 9);
        d.confirmGone();
        d.tick();
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("aborted"));
        QCOMPARE(d.look(id).items[0].stage == ItemStage::Done, true);
        QVERIFY(!finishedTask(d.desk->resume(id, Asker{})));
        d.restart();
        d.tick();
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("aborted"));
    }

    // The store says no to the n-th write, or takes it and the process dies: each item once.
    void everyCrashEndsWithEachItemOnce_data() {
        QTest::addColumn<int>("after");
        for (int after = 0; after < 24; ++after)
            QTest::addRow("after %d ticks", after) << after;
    }
    void everyCrashEndsWithEachItemOnce() {
        QFETCH(int, after);
        Desk d;
        const ActionLogId id = d.start(Action::Terminate, d.ids);
        for (int i = 0; i < 40; ++i) {
            d.tick();
            if (i == after || i == after + 3)
                d.restart();
            if (i % 2 == 1)
                d.confirmGone();
        }
        QCOMPARE(stateOf(d.look(id)), QStringLiteral("finished"));
        QCOMPARE(d.count(id, ItemStage::Done), 10);
        QCOMPARE(d.store.logsOf(actiontype::requestTerminate).size(), 10U);
        QCOMPARE(d.store.logsOf(actiontype::operationItem).size(), 10U);
    }

    void aStoreThatFailsStopsIt() {
        Desk d;
        const ActionLogId id = d.start(Action::Hold, d.ids);
        d.store.failure = failure(FailureKind::Storage);
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Pending), 10);
        d.store.failure.reset();
        for (int i = 0; i < 8; ++i)
            d.tick();
        QCOMPARE(d.count(id, ItemStage::Done), 10);
        QCOMPARE(d.store.logsOf(actiontype::hold).size(), 10U);
    }

    void drainEndsWithTheQueueOrTheDeadline() {
        Desk d(2);
        const InstanceId a(d.ids[0]);
        const InstanceId b(d.ids[1]);
        const ActionLogId id = d.start(Action::Drain, d.ids);
        d.beat(a);
        d.tick();
        QCOMPARE(d.status(a), QStringLiteral("draining"));
        Heartbeat busy;
        busy.instanceId = a;
        busy.queueDepth = 4;
        d.plane.beat(busy);
        d.tick();
        QCOMPARE(d.status(a), QStringLiteral("draining"));
        busy.queueDepth = 0;
        d.plane.beat(busy);
        d.tick();
        QCOMPARE(d.status(a), QStringLiteral("terminating"));
        d.tick();
        d.tick();
        QCOMPARE(d.status(b), QStringLiteral("draining")); // says nothing of its queue
        d.tick(50s);
        QCOMPARE(d.status(b), QStringLiteral("draining"));
        d.tick(10s);
        QCOMPARE(d.status(b), QStringLiteral("terminating"));
        d.tick();
        QCOMPARE(d.count(id, ItemStage::Done), 2);
    }

    void aDrainOutlivesItsWorker() {
        Desk d(2);
        const InstanceId a(d.ids[0]);
        const InstanceId b(d.ids[1]);
        const ActionLogId id = d.start(Action::Drain, d.ids);
        for (int i = 0; i < 4; ++i)
            d.tick();
        QVERIFY(d.change(a, TransitionCause::VerdictDead));
        QVERIFY(d.change(b, TransitionCause::VerdictDead));
        QVERIFY(d.change(b, TransitionCause::WorkerRevived));
        d.tick();
        QCOMPARE(d.status(a), QStringLiteral("terminating")); // nothing is left to drain
        QCOMPARE(d.status(b), QStringLiteral("draining"));    // not back in service
        d.restart();
        d.tick(61s);
        d.tick();
        QCOMPARE(d.status(b), QStringLiteral("terminating"));
        QCOMPARE(d.count(id, ItemStage::Done), 2);
    }

    void aHeldOneIsNotTerminatedByItsDrain() {
        Desk d(1);
        const InstanceId a(d.ids[0]);
        Asker ada;
        ada.reason = QStringLiteral("wait");
        QVERIFY(finishedTask(d.desk->single(Action::Drain, d.ids[0], ada, false)).outcome);
        QVERIFY(finishedTask(d.desk->single(Action::Hold, d.ids[0], ada, false)).outcome);
        d.tick(10min);
        QCOMPARE(d.status(a), QStringLiteral("draining"));
        QVERIFY(finishedTask(d.desk->single(Action::Undrain, d.ids[0], ada, false)).outcome);
        QCOMPARE(d.status(a), QStringLiteral("ready"));
    }

    void plansExpireAndHoldTheirWord() {
        Desk d;
        Asker ada;
        ada.reason = QStringLiteral("planned");
        const OperationDesk::Plan plan = d.desk->plan(Action::Drain, d.ids.mid(0, 2), ada, false);
        QCOMPARE(plan.plan.items.size(), 2U);
        QCOMPARE(plan.plan.after.instances, 8);
        QVERIFY(d.change(InstanceId(d.ids[1]), TransitionCause::StoppedServing));
        OperationDesk::Wish wish;
        wish.plan = *d.desk->find(plan.id);
        wish.asker = ada;
        const auto started = finishedTask(d.desk->start(std::move(wish)));
        QVERIFY(started);
        d.tick();
        QCOMPARE(d.look(started->id).items[1].code, QString());
        d.beat(InstanceId(d.ids[0]));
        d.tick(61s);
        d.tick();
        QCOMPARE(d.look(started->id).items[1].code, QStringLiteral("changed"));
        d.clock.advance(2min);
        QCOMPARE(d.desk->find(plan.id).error().code, QStringLiteral("plan_expired"));
        QCOMPARE(d.desk->find(QStringLiteral("x")).error().code, QStringLiteral("plan_not_found"));
    }

    void noReasonNoOperation() {
        Desk d;
        OperationDesk::Wish wish;
        wish.ids = d.ids;
        QVERIFY(!finishedTask(d.desk->start(wish)));
        wish.asker.reason = QStringLiteral("why");
        wish.ids.clear();
        QVERIFY(!finishedTask(d.desk->start(wish)));
        QVERIFY(d.store.logs.empty());
    }

    void volumesAreDeletedOnceAndOnlyOurs() {
        Desk d(1, InstanceStatus::Terminated);
        Volume volume;
        volume.id = VolumeId(QStringLiteral("v1"));
        volume.instanceId = InstanceId(d.ids[0]);
        volume.providerVolumeId = QStringLiteral("pv1");
        volume.status = VolumeStatus::Detached;
        ControlPlane::Change change;
        change.volumes = {volume};
        QVERIFY(finishedTask(d.plane.apply(volume.instanceId, std::move(change))));
        const ActionLogId foreign = d.start(Action::DeleteVolume, {QStringLiteral("v1")});
        d.tick();
        d.tick();
        QVERIFY(d.look(foreign).items[0].stage == ItemStage::Failed);
        QVERIFY(d.look(foreign).items[0].message.contains(QLatin1String("not ours")));
        QVERIFY(d.provider.deletedVolumes.isEmpty());
        MachineVolume listed;
        listed.id = QStringLiteral("pv1");
        listed.tags = {QStringLiteral("vigie-cluster:default")};
        auto& slot = d.provider.add(QStringLiteral("gone"));
        slot.machine.tags = listed.tags;
        slot.machine.volumes = {listed};
        slot.machine.volumes[0].attachedTo = MachineId(QStringLiteral("other"));
        const ActionLogId used = d.start(Action::DeleteVolume, {QStringLiteral("v1")});
        d.tick();
        d.tick();
        QVERIFY(d.look(used).items[0].message.contains(QLatin1String("attached to other")));
        QVERIFY(d.plane.volumesOf(volume.instanceId).front().status == VolumeStatus::Attached);
        QVERIFY(d.provider.deletedVolumes.isEmpty());
        slot.machine.volumes = {listed};
        const ActionLogId ours = d.start(Action::DeleteVolume, {QStringLiteral("v1")});
        d.tick();
        d.tick();
        QVERIFY(d.look(ours).items[0].stage == ItemStage::Done);
        QCOMPARE(d.provider.deletedVolumes, QStringList{QStringLiteral("pv1")});
    }
};

QTEST_GUILESS_MAIN(TestOperationDesk)
#include "tst_operationdesk.moc"
