#include "core/base/eventual.h"
#include "core/orchestrator/commanddesk.h"
#include "core/orchestrator/lifecycle.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;

namespace {

struct Rig : ControlFixture {
    QStringList woken;
    QHash<QString, quint64> done; ///< finished cycles by job
    TaskScope scope;
    CommandDesk desk{{plane, provider,
                      [this](const QString& job) -> std::optional<quint64> {
                          woken.append(job);
                          return done.value(job) + 1;
                      },
                      [this](const QString& job) { return done.value(job); },
                      [this](Task<> task) { scope.spawn(std::move(task)); }}};

    void look() { finishedTask(desk.tick({})); }
    void order(CommandKind kind) {
        if (!finishedTask(plane.order(kind, QStringLiteral("c"))))
            qFatal("the order was refused");
    }
    void change(const InstanceId& id, std::function<void(InstanceRecord&)> edit,
                std::optional<TransitionCause> cause = {}) {
        ControlPlane::Change change;
        change.cause = cause;
        change.edit = std::move(edit);
        if (!finishedTask(plane.apply(id, std::move(change))))
            qFatal("the change was refused");
    }
};

} // namespace

class TestCommandDesk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDeploymentIsOrderedWithItsRecordAndEndsInHand() {
        Rig rig;
        const InstanceId id = rig.add(QStringLiteral("i"), InstanceStatus::Provisioning, false);
        QCOMPARE(rig.store.queue.size(), std::size_t(1));
        QVERIFY(rig.store.queue[0].kind == CommandKind::Provision);
        rig.look();
        QCOMPARE(rig.woken, QStringList{QStringLiteral("provisioning")});
        rig.look();
        QCOMPARE(rig.woken.size(), 1); // it is being carried out
        QCOMPARE(rig.desk.figures().inHand, 1);
        rig.change(id, [](InstanceRecord& r) { r.workInHand = QStringLiteral("provision"); });
        rig.look();
        QVERIFY(rig.store.queue.empty());
        QVERIFY(rig.desk.figures().done == 1 && rig.desk.figures().inHand == 0);
        QVERIFY(!rig.desk.figures().oldest);
    }

    void aTerminationIsOrderedWithItsTransition() {
        Rig rig;
        const InstanceId id = rig.add(QStringLiteral("i"), InstanceStatus::Ready);
        QVERIFY(rig.store.queue.empty());
        rig.change(id, {}, TransitionCause::TerminateAsked);
        QCOMPARE(rig.store.queue.size(), std::size_t(1));
        rig.look();
        QCOMPARE(rig.woken, QStringList{QStringLiteral("terminator")});
        rig.change(id, {}, TransitionCause::ProviderConfirmedGone);
        rig.look();
        QVERIFY(rig.store.queue.empty());
    }

    // Whoever took it is gone: at the next start it is delivered again.
    void whatWasTakenAndNotDoneIsDeliveredAgain() {
        Rig rig;
        rig.add(QStringLiteral("i"), InstanceStatus::Provisioning, false);
        rig.look();
        QVERIFY(rig.store.queue[0].taken);
        rig.desk.forget();
        rig.look();
        QCOMPARE(rig.woken.size(), 2);
        QCOMPARE(rig.desk.figures().delivered, quint64(2));
    }

    void aReconciliationIsDoneWhenAllItsJobsHaveRun() {
        Rig rig;
        rig.order(CommandKind::Reconcile);
        rig.look();
        QCOMPARE(rig.woken.size(), 4);
        for (const QString& job : std::as_const(rig.woken)) {
            QCOMPARE(rig.store.queue.size(), std::size_t(1));
            ++rig.done[job];
            rig.look();
        }
        QVERIFY(rig.store.queue.empty());
    }

    void whatIsAskedWhileItRunsRunsOnceMore() {
        Rig rig;
        rig.order(CommandKind::Reconcile);
        rig.look();
        rig.order(CommandKind::Reconcile);
        rig.order(CommandKind::Reconcile);
        for (const QString& job : QStringList(rig.woken))
            ++rig.done[job];
        rig.look();
        rig.look();
        QCOMPARE(rig.woken.size(), 8);
        for (const QString& job : QStringList(rig.woken.mid(4)))
            ++rig.done[job];
        rig.look();
        QVERIFY(rig.store.queue.empty());
    }

    void anotherLeadsTheReconciliation() {
        Rig rig;
        rig.store.isShared = true;
        rig.store.takenByOthers = {QStringLiteral("leader")};
        finishedTask(rig.plane.replica().join(QStringLiteral("a"), std::chrono::seconds(15)));
        rig.order(CommandKind::Reconcile);
        rig.order(CommandKind::SyncCatalog);
        rig.look();
        QVERIFY(rig.woken.isEmpty());
        QCOMPARE(rig.store.queue.size(), std::size_t(1)); // the catalogue was read
        QVERIFY(rig.store.queue[0].kind == CommandKind::Reconcile && !rig.store.queue[0].taken);
    }

    void aNewPriceReachesWhatRuns() {
        Rig rig; // its provider asks 0.1 an hour for "small"
        const InstanceId runs = rig.add(QStringLiteral("runs"), InstanceStatus::Ready);
        const InstanceId over = rig.add(QStringLiteral("over"), InstanceStatus::Terminated);
        const InstanceId other = rig.add(QStringLiteral("other"), InstanceStatus::Ready);
        for (const InstanceId& id : {runs, over, other})
            rig.change(id, [](InstanceRecord& r) { r.instance.costPerHour = 3.6; });
        rig.change(other,
                   [](InstanceRecord& r) { r.instance.instanceType = QStringLiteral("old"); });
        rig.clock.advance(std::chrono::seconds(1000));
        rig.order(CommandKind::SyncCatalog);
        rig.look();
        QCOMPARE(rig.instance(runs).costPerHour, 0.1);
        QCOMPARE(costUntil(*rig.plane.find(runs), rig.clock.wallNow()), 1.0); // at the old price
        QCOMPARE(rig.instance(over).costPerHour, 3.6);
        QCOMPARE(rig.instance(other).costPerHour, 3.6); // it is sold no more
        QVERIFY(!rig.store.finops.empty());
        QVERIFY(rig.store.finops.back().instanceId == runs);
        QCOMPARE(rig.store.finops.back().costPerHour, 0.1);
    }

    void aCatalogueThatCantBeReadIsTriedAgain() {
        Rig rig;
        rig.provider.failSync =
            Failure{FailureKind::ServerError, QStringLiteral("503"), 503, {}, {}, {}};
        rig.order(CommandKind::SyncCatalog);
        rig.look();
        QCOMPARE(rig.store.queue.size(), std::size_t(1));
        QVERIFY(!rig.store.queue[0].taken && rig.store.queue[0].attempts == 1);
        QCOMPARE(rig.desk.figures().failed, quint64(1));
        rig.provider.failSync.reset();
        rig.look();
        QVERIFY(rig.store.queue.empty());
    }

    void manyDeploymentsKeepNobodyElseWaiting() {
        Rig rig;
        for (int i = 0; i < 150; ++i)
            rig.add(QStringLiteral("i%1").arg(i), InstanceStatus::Provisioning, false);
        rig.order(CommandKind::Reconcile);
        rig.look();
        QVERIFY(rig.woken.contains(QStringLiteral("watch-dog")));
    }

    // The catalogue was read, and the store did not take the end of it.
    void anEndThatIsNotTakenIsTriedAgain() {
        Rig rig;
        rig.store.settleFailure =
            Failure{FailureKind::Storage, QStringLiteral("a hiccup"), 0, {}, {}, {}};
        rig.order(CommandKind::SyncCatalog);
        rig.look();
        QCOMPARE(rig.store.queue.size(), std::size_t(1));
        rig.store.settleFailure.reset();
        rig.look();
        QVERIFY(rig.store.queue.empty());
        QVERIFY(rig.desk.figures().done == 1 && rig.desk.figures().inHand == 0);
    }

    // The end was written and its answer lost: what is asked anew is begun anew.
    void aNewOrderIsNotTheOneBefore() {
        Rig rig;
        rig.order(CommandKind::Reconcile);
        rig.look();
        QCOMPARE(rig.woken.size(), 4);
        for (const QString& job : QStringList(rig.woken))
            ++rig.done[job];
        rig.store.queue.clear();
        rig.look();
        rig.order(CommandKind::Reconcile);
        rig.look();
        QCOMPARE(rig.woken.size(), 8);
        QCOMPARE(rig.store.queue.size(), std::size_t(1)); // its jobs have not run yet
    }

    // Nothing is ended by what another orchestrator may have changed meanwhile.
    void theStoreIsAskedBeforeAnEnd() {
        Rig rig;
        const InstanceId id = rig.add(QStringLiteral("i"), InstanceStatus::Provisioning, false);
        rig.look();
        rig.change(id, [](InstanceRecord& r) { r.workInHand = QStringLiteral("provision"); });
        rig.store.isShared = true;
        rig.store.loadSomeFailure =
            Failure{FailureKind::Storage, QStringLiteral("a hiccup"), 0, {}, {}, {}};
        rig.look();
        QCOMPARE(rig.store.queue.size(), std::size_t(1));
        rig.store.loadSomeFailure.reset();
        rig.store.isShared = false; // alone, it has heard of everything
        rig.look();
        QVERIFY(rig.store.queue.empty());
    }

    // A store that is away takes nothing and loses nothing.
    void anAwayStoreKeepsWhatItHas() {
        Rig rig;
        rig.order(CommandKind::Reconcile);
        rig.store.failure = Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        rig.look();
        QVERIFY(rig.woken.isEmpty());
        QVERIFY(!finishedTask(rig.plane.order(CommandKind::SyncCatalog, {})));
        rig.store.failure.reset();
        rig.look();
        QCOMPARE(rig.woken.size(), 4);
    }
};

QTEST_GUILESS_MAIN(TestCommandDesk)
#include "tst_commanddesk.moc"
