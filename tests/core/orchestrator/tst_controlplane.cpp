#include "core/orchestrator/actionlogs.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const Failure storeAway = failure(FailureKind::Storage, "disk full");

ControlPlane::Change terminateAsked() {
    ControlPlane::Change change;
    change.cause = TransitionCause::TerminateAsked;
    change.reason = QStringLiteral("not needed");
    return change;
}

} // namespace

namespace {

/// What the watchdog says of one that beat a second ago.
Testimony healthyTestimony(MonotonicTime now) {
    Testimony said;
    said.at = now;
    said.instance.status = InstanceStatus::Ready;
    said.instance.lastBeat = said.watcher.othersHeard = said.watcher.storeRefreshed = now - 1s;
    said.watcher.startedAt = now - 1h;
    said.watcher.ownAddressAnswers = true;
    said.judgement = assess(said.instance, said.watcher, said.policy, now);
    return said;
}

} // namespace

class TestControlPlane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aChangeIsOneSet() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        const int commits = f.store.commits;
        f.clock.advance(5s);
        ControlPlane::Change change = terminateAsked();
        change.edit = [](InstanceRecord& r) {
            r.instance.deletionReason = QStringLiteral("asked");
            r.instance.status = InstanceStatus::Archived; // must be without effect
        };
        change.logStarts = {actionLog(actiontype::requestTerminate, ActionLogStatus::Success, {})};
        const auto changed = finishedTask(f.plane.apply(id, std::move(change)));
        QVERIFY(changed);
        QCOMPARE(f.store.commits, commits + 1);
        const InstanceRecord* stored = f.store.find(id);
        QCOMPARE(toString(stored->instance.status), QStringLiteral("terminating"));
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        QCOMPARE(f.plane.find(id)->version, stored->version);
        QCOMPARE(changed->version, stored->version);
        QCOMPARE(stored->instance.deletionReason, QStringLiteral("asked"));
        QCOMPARE(*stored->instance.stateSince, f.clock.wallNow());
        const StateChange& row = f.store.changes.back();
        QCOMPARE(toString(row.from), QStringLiteral("ready"));
        QCOMPARE(toString(row.to), QStringLiteral("terminating"));
        QCOMPARE(row.reason, QStringLiteral("not needed"));
        const auto logs = f.store.logsOf(actiontype::requestTerminate);
        QCOMPARE(logs.size(), 1U);
        QCOMPARE(logs[0].instanceId, id);
        QCOMPARE(logs[0].instanceStatusBefore, QStringLiteral("ready"));
        QCOMPARE(logs[0].instanceStatusAfter, QStringLiteral("terminating"));
        QVERIFY(logs[0].completedAt);
    }

    void anIllegalChangeWritesNothing() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        const int commits = f.store.commits;
        const auto refused = f.change(id, TransitionCause::BecameReady);
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == FailureKind::Conflict);
        QVERIFY(refused.error().message.contains(QLatin1String("terminating")));
        QCOMPARE(f.store.commits, commits);
    }

    void aMachineIsNeededWhereTheTableSaysSo() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready, false);
        QVERIFY(f.change(id, TransitionCause::ReinstallByPerson).error().kind ==
                FailureKind::Conflict);
    }

    void askingTwiceChangesNothing() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        QVERIFY(f.change(id, TransitionCause::TerminateAsked));
        const auto history = f.store.changes.size();
        const auto since = f.instance(id).stateSince;
        f.clock.advance(10s);
        QVERIFY(f.change(id, TransitionCause::TerminateAsked));
        QCOMPARE(f.store.changes.size(), history);
        QCOMPARE(f.instance(id).stateSince, since);
    }

    void unknownInstance() {
        ControlFixture f;
        const auto nothing = finishedTask(f.plane.apply(InstanceId(QStringLiteral("x")), {}));
        QVERIFY(nothing.error().kind == FailureKind::NotFound);
        QVERIFY(!f.plane.find(InstanceId(QStringLiteral("x"))));
    }

    void aStoreThatFailsLeavesMemoryAlone() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        const quint64 revision = f.plane.revision();
        f.store.failure = storeAway;
        const auto failed = finishedTask(f.plane.apply(id, terminateAsked()));
        QVERIFY(failed.error().kind == FailureKind::Storage);
        QCOMPARE(f.status(id), QStringLiteral("ready"));
        QCOMPARE(f.plane.revision(), revision);
        QVERIFY(f.plane.storeFailure());
        f.store.failure.reset();
        QVERIFY(finishedTask(f.plane.apply(id, terminateAsked())));
        QVERIFY(!f.plane.storeFailure());
    }

    void anotherProcessWasFirst() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.store.conflicts = 1;
        const auto changed = finishedTask(f.plane.apply(id, terminateAsked()));
        QVERIFY(changed);
        QCOMPARE(f.store.loads, 1);
        QCOMPARE(f.plane.find(id)->version, f.store.find(id)->version);
    }

    void anotherProcessMadeItIllegal() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.store.instances[0].instance.status = InstanceStatus::Terminated;
        ++f.store.instances[0].version;
        const auto refused = finishedTask(f.plane.apply(id, terminateAsked()));
        QVERIFY(!refused);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
    }

    void endlessConflictGivesUp() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.store.conflicts = 1000;
        QVERIFY(finishedTask(f.plane.apply(id, terminateAsked())).error().kind ==
                FailureKind::Conflict);
    }

    void twoChangesAtOnceBothHappen() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.store.holding = true;
        int done = 0;
        const auto apply = [](ControlPlane& plane, InstanceId one, int n, int& count) -> Task<> {
            ControlPlane::Change change;
            change.edit = [n](InstanceRecord& r) {
                if (n == 1)
                    r.instance.errorCode = QStringLiteral("ONE");
                else
                    r.instance.deletionReason = QStringLiteral("two");
            };
            const auto written = co_await plane.apply(one, std::move(change));
            count += written ? 1 : 0;
        };
        TaskScope scope;
        scope.spawn(apply(f.plane, id, 1, done));
        scope.spawn(apply(f.plane, id, 2, done));
        QCOMPARE(done, 0);
        f.store.release();
        QCOMPARE(done, 2);
        QCOMPARE(f.store.find(id)->instance.errorCode, QStringLiteral("ONE"));
        QCOMPARE(f.store.find(id)->instance.deletionReason, QStringLiteral("two"));
        QCOMPARE(f.plane.find(id)->version, f.store.find(id)->version);
    }

    void aRefusalSeesTheNewestVersion() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.store.instances[0].instance.incarnation = 7;
        ++f.store.instances[0].version;
        ControlPlane::Change change = terminateAsked();
        change.refuse = [](const InstanceRecord& r) {
            return r.instance.incarnation == 7 ? std::optional(QStringLiteral("too late"))
                                               : std::nullopt;
        };
        const auto refused = finishedTask(f.plane.apply(id, std::move(change)));
        QCOMPARE(refused.error().message, QStringLiteral("too late"));
    }

    void aBeatDuringACommitIsNotLost() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.beat(id, WorkerStatus::Starting);
        f.store.holding = true;
        TaskScope scope;
        scope.spawn([](ControlPlane& plane, InstanceId one) -> Task<> {
            co_await plane.apply(one, terminateAsked());
        }(f.plane, id));
        f.clock.advance(2s);
        f.beat(id, WorkerStatus::Ready);
        f.store.release();
        QCOMPARE(f.instance(id).workerLastHeartbeat, std::optional(f.clock.wallNow()));
        QCOMPARE(f.instance(id).workerStatus, QStringLiteral("ready"));
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
    }

    void beatsAreTakenAtOnceAndStoredInBatches() {
        ControlFixture f;
        const InstanceId a = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        const InstanceId b = f.add(QStringLiteral("b"), InstanceStatus::Ready);
        for (int i = 0; i < 3; ++i) {
            f.clock.advance(4s);
            f.beat(a);
            f.beat(b);
        }
        QCOMPARE(f.plane.live(a)->lastBeat, std::optional(f.clock.now()));
        QCOMPARE(f.plane.live(a)->intervals, (std::vector<Duration>{4s, 4s}));
        QCOMPARE(f.store.beatBatches, 0);
        finishedTask(f.plane.flushBeats());
        QCOMPARE(f.store.beatBatches, 1);
        QCOMPARE(f.store.beats.size(), 2U);
        finishedTask(f.plane.flushBeats());
        QCOMPARE(f.store.beatBatches, 1);
    }

    void beatsAreKeptWhileTheStoreIsAway() {
        ControlFixture f;
        const InstanceId a = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        const InstanceId b = f.add(QStringLiteral("b"), InstanceStatus::Ready);
        f.store.failure = storeAway;
        f.beat(a);
        f.beat(b);
        finishedTask(f.plane.flushBeats());
        QVERIFY(f.plane.storeFailure());
        f.clock.advance(4s);
        f.beat(a);
        QVERIFY(f.plane.live(a)->lastBeat == f.clock.now());
        finishedTask(f.plane.flushBeats());
        f.store.failure.reset();
        finishedTask(f.plane.flushBeats());
        QCOMPARE(f.store.beats.size(), 2U);
        QCOMPARE(f.store.find(a)->instance.workerLastHeartbeat, std::optional(f.clock.wallNow()));
        QCOMPARE(f.store.find(b)->instance.workerLastHeartbeat,
                 std::optional(f.clock.wallNow() - 4s));
        QVERIFY(!f.plane.storeFailure());
    }

    void aQuietFleetStillAsksTheStore() {
        ControlFixture f;
        QVERIFY(!f.plane.storeRefreshed());
        finishedTask(f.plane.flushBeats());
        QVERIFY(f.plane.storeRefreshed() == f.clock.now());
        f.clock.advance(10s);
        f.store.failure = storeAway;
        finishedTask(f.plane.flushBeats());
        QVERIFY(f.plane.storeRefreshed() == f.clock.now() - 10s);
    }

    void aNewIncarnationForgetsOldBeats() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.beat(id);
        ControlPlane::Change change;
        change.edit = [](InstanceRecord& r) { ++r.instance.incarnation; };
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        QVERIFY(!f.plane.live(id)->lastBeat);
        finishedTask(f.plane.flushBeats());
        QCOMPARE(f.store.beatBatches, 0);
    }

    void whoElseWasHeard() {
        ControlFixture f;
        const InstanceId a = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        const InstanceId b = f.add(QStringLiteral("b"), InstanceStatus::Ready);
        const InstanceId c = f.add(QStringLiteral("c"), InstanceStatus::Ready);
        QVERIFY(!f.plane.heardExcept(a));
        const MonotonicTime start = f.clock.now();
        f.beat(a);
        QVERIFY(!f.plane.heardExcept(a));
        f.clock.advance(1s);
        f.beat(b);
        f.clock.advance(1s);
        f.beat(b);
        QVERIFY(f.plane.heardExcept(b) == start);
        QVERIFY(f.plane.heardExcept(a) == start + 2s);
        QVERIFY(f.plane.heardExcept(c) == start + 2s);
        f.clock.advance(1s);
        f.beat(a);
        QVERIFY(f.plane.heardExcept(a) == start + 2s);
        QVERIFY(f.plane.heardExcept(b) == start + 3s);
    }

    void revisionsAndListeners() {
        ControlFixture f;
        const InstanceId a = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        const InstanceId b = f.add(QStringLiteral("b"), InstanceStatus::Ready);
        int calls = 0;
        auto subscription = f.plane.onChanged([&] { ++calls; });
        const quint64 before = f.plane.revision();
        f.beat(a);
        QCOMPARE(calls, 1);
        QVERIFY(f.plane.revision() > before);
        QVERIFY(f.plane.entry(a)->revision > f.plane.entry(b)->revision);
        const FleetEntry& entry = *f.plane.entries().back();
        QVERIFY(entry.id() == b);
        Testimony said = healthyTestimony(f.clock.now());
        QVERIFY(said.verdict() == Verdict::Alive);
        f.plane.setTestimony(entry, said);
        QCOMPARE(calls, 2);
        said.at += 3s; // an age that grows is no change
        f.plane.setTestimony(entry, said);
        QCOMPARE(calls, 2);
        QCOMPARE(*f.plane.live(b)->assessment()->heartbeatAge, Duration(4s));
        subscription.reset();
        f.beat(a);
        QCOMPARE(calls, 2);
    }

    void loadReadsWhatWasWritten() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        QVERIFY(f.change(id, TransitionCause::DrainAsked));
        ControlPlane second(f.clock, f.store);
        QVERIFY(finishedTask(second.load()));
        QCOMPARE(toString(second.find(id)->instance.status), QStringLiteral("draining"));
        QVERIFY(!second.live(id)->lastBeat);
        f.store.failure = storeAway;
        ControlPlane third(f.clock, f.store);
        QVERIFY(finishedTask(third.load()).error().kind == FailureKind::Storage);
    }

    void insertingTwiceIsRefused() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        InstanceRecord again;
        again.instance.id = id;
        QVERIFY(finishedTask(f.plane.insert(again, {})).error().kind == FailureKind::Conflict);
        QCOMPARE(f.instance(id).progressPercent, std::optional(5));
    }
};

QTEST_GUILESS_MAIN(TestControlPlane)
#include "tst_controlplane.moc"
