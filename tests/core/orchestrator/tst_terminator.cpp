#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/jobs/terminator/terminator.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using jobs::terminator::TerminatorJob;
using jobs::terminator::TerminatorOptions;

class TestTerminator : public QObject {
    Q_OBJECT

    static JobReport run(ControlFixture& f, const TerminatorOptions& options = {}) {
        TerminatorJob job(f.context, options);
        return finishedTask(job.run({}));
    }
    static void addVolume(ControlFixture& f, const InstanceId& id, const QString& name,
                          bool deleteOnTerminate) {
        Volume volume;
        volume.id = VolumeId(name);
        volume.instanceId = id;
        volume.providerVolumeId = name;
        volume.status = VolumeStatus::Attached;
        volume.deleteOnTerminate = deleteOnTerminate;
        ControlPlane::Change change;
        change.volumes = {volume};
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
    }

private Q_SLOTS:
    void deletesAndConfirms() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        addVolume(f, id, QStringLiteral("keep"), false);
        addVolume(f, id, QStringLiteral("drop"), true);
        const JobReport report = run(f);
        QCOMPARE(report.processed, 1);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
        QVERIFY(f.instance(id).terminatedAt);
        QVERIFY(!f.instance(id).deletedByProvider);
        QVERIFY(f.provider.byId.isEmpty());
        QCOMPARE(f.provider.deletedVolumes, QStringList{QStringLiteral("drop")});
        QVERIFY(f.plane.volumesOf(id)[0].status == VolumeStatus::Attached);
        QVERIFY(f.plane.volumesOf(id)[1].status == VolumeStatus::Deleted);
        QVERIFY(f.store.volumes[1].deletedAt);
        QCOMPARE(f.store.logsOf(actiontype::terminationConfirmed).size(), 1U);
        QVERIFY(f.store.logsOf(actiontype::executeTerminate)[0].status == ActionLogStatus::Success);
        QVERIFY(finishedTask(f.store.openActions())->empty());
    }

    void acceptedIsNotGone() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        f.provider.deleteTakesEffect = false;
        for (int i = 0; i < 3; ++i) {
            run(f);
            QCOMPARE(f.status(id), QStringLiteral("terminating"));
            QCOMPARE(f.plane.find(id)->workInHand, QStringLiteral("terminate"));
            f.clock.advance(10s);
        }
        f.provider.finishDeletions();
        f.provider.deleteTakesEffect = true;
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
        QCOMPARE(f.store.logsOf(actiontype::executeTerminate).size(), 1U);
    }

    void anErrorIsNeverAbsence_data() {
        QTest::addColumn<int>("kind");
        for (const FailureKind kind :
             {FailureKind::Unauthorized, FailureKind::Forbidden, FailureKind::RateLimited,
              FailureKind::ServerError, FailureKind::Timeout, FailureKind::Malformed,
              FailureKind::Network, FailureKind::NotFound})
            QTest::addRow("%s", qUtf8Printable(toString(kind))) << int(kind);
    }
    void anErrorIsNeverAbsence() {
        QFETCH(int, kind);
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        f.provider.failDescribe = failure(static_cast<FailureKind>(kind));
        for (int i = 0; i < 5; ++i) {
            run(f);
            f.clock.advance(10min);
        }
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
    }

    void aVolumeThatStaysIsNotCalledDeleted() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        addVolume(f, id, QStringLiteral("v"), true);
        f.provider.failVolume = failure(FailureKind::Conflict, "still attached");
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("VOLUMES_DELETE_PENDING"));
        QVERIFY(f.plane.volumesOf(id)[0].status == VolumeStatus::Deleting);
        QVERIFY(!f.plane.volumesOf(id)[0].deletedAt);
        f.provider.failVolume.reset();
        f.clock.advance(67s); // 60 s, 10 % less or more
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
    }

    // The seeds' five tries, the first wait a minute, whatever befell the machine before.
    void volumesHaveTriesOfTheirOwn() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        addVolume(f, id, QStringLiteral("v"), true);
        f.provider.failCommand = failure(FailureKind::ServerError, "no");
        for (int i = 0; i < 7; ++i) {
            run(f);
            f.clock.advance(10min);
        }
        QCOMPARE(f.instance(id).retryCount, 7);
        f.provider.failCommand.reset();
        f.provider.failVolume = failure(FailureKind::Conflict, "still attached");
        run(f);
        QCOMPARE(f.instance(id).retryCount, 1);
        f.clock.advance(53s);
        run(f);
        QCOMPARE(f.instance(id).retryCount, 1);
        for (int i = 2; i <= 5; ++i) {
            QCOMPARE(f.status(id), QStringLiteral("terminating"));
            f.clock.advance(10min);
            run(f);
        }
        QCOMPARE(f.status(id), QStringLiteral("failed"));
    }

    void theLogFollowsTheOrder() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        addVolume(f, id, QStringLiteral("v"), true);
        Asker asker;
        asker.correlationId = QStringLiteral("end-1");
        ActionLog asked = actionLog(actiontype::requestTerminate, ActionLogStatus::Success, asker);
        const QString request = asked.id.value();
        ControlPlane::Change change;
        change.cause = TransitionCause::TerminateAsked;
        change.edit = [](InstanceRecord& r) { r.instance.correlationId = QStringLiteral("end-1"); };
        change.logStarts = {std::move(asked)};
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        f.provider.deleteTakesEffect = false;
        for (int i = 0; i < 3; ++i) {
            run(f);
            f.clock.advance(10s);
        }
        f.provider.failDescribe = failure(FailureKind::ServerError);
        run(f);
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("TERMINATOR_CHECK_FAILED"));
        f.provider.failDescribe.reset();
        f.provider.finishDeletions();
        f.clock.advance(1min);
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
        const auto execute = f.store.logsOf(actiontype::executeTerminate);
        QCOMPARE(execute.size(), 1U);
        QCOMPARE(execute[0].parentLogId, request);
        QCOMPARE(execute[0].correlationId, QStringLiteral("end-1"));
        for (const auto* type :
             {actiontype::providerTerminate, actiontype::terminationPending,
              actiontype::terminatorRetry, actiontype::providerDeleteVolume,
              actiontype::terminationConfirmed, actiontype::instanceTerminated}) {
            const auto rows = f.store.logsOf(type);
            QCOMPARE(rows.size(), 1U);
            QCOMPARE(rows[0].correlationId, QStringLiteral("end-1"));
            QCOMPARE(rows[0].parentLogId, execute[0].id.value());
        }
        QVERIFY(finishedTask(f.store.openActions())->empty());
    }

    void retriesWithBackOffThenFailedThenSlowly() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        f.provider.failCommand = failure(FailureKind::ServerError, "no");
        TerminatorOptions options;
        options.maxAttempts = 3;
        run(f, options);
        run(f, options); // not due
        QCOMPARE(f.provider.commands.size(), 1U);
        f.clock.advance(4499ms); // 5 s, 10 % less or more
        run(f, options);
        QCOMPARE(f.provider.commands.size(), 1U);
        f.clock.advance(1001ms);
        run(f, options);
        QCOMPARE(f.provider.commands.size(), 2U);
        f.clock.advance(8999ms);
        run(f, options);
        QCOMPARE(f.provider.commands.size(), 2U);
        f.clock.advance(2001ms);
        run(f, options);
        QCOMPARE(f.status(id), QStringLiteral("failed"));
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("TERMINATOR_RETRY_FAILED"));
        QVERIFY(finishedTask(f.store.openActions())->empty());
        f.provider.failCommand.reset();
        f.clock.advance(14min);
        run(f, options);
        QCOMPARE(f.status(id), QStringLiteral("failed"));
        f.clock.advance(1min);
        run(f, options);
        run(f, options);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
    }

    void whatWasNeverSentUsesUpNoTry() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        f.provider.failCommand = failure(FailureKind::BreakerOpen, "open");
        TerminatorOptions options;
        options.maxAttempts = 3;
        for (int i = 0; i < 20; ++i) {
            run(f, options);
            f.clock.advance(1min);
        }
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        QCOMPARE(f.instance(id).retryCount, 0);
        QVERIFY(f.store.logsOf(actiontype::terminatorRetry).empty());
        f.provider.failCommand.reset();
        run(f, options);
        run(f, options);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
    }

    void aMachineThatWasNeverWrittenDownIsFoundByItsTag() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating, false);
        f.provider.add(QStringLiteral("x")).machine.tags = {QStringLiteral("vigie-instance:a")};
        f.provider.failLookup = failure(FailureKind::ServerError);
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        f.provider.failLookup.reset();
        f.clock.advance(1min);
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
        QVERIFY(f.provider.byId.isEmpty());
    }

    void itWaitsForACreateUnderWay() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating, false);
        ControlPlane::Change change;
        change.edit = [](InstanceRecord& r) { r.workInHand = QStringLiteral("provision"); };
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        QCOMPARE(run(f).claimed, 0);
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
    }

    void aRestartGoesOn() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Terminating);
        f.provider.deleteTakesEffect = false;
        run(f);
        ControlPlane plane(f.clock, f.store);
        QVERIFY(finishedTask(plane.load()));
        JobContext second{f.clock,       f.settings,   plane,     f.provider, f.http,
                          f.watcher,     f.probes,     f.volumes, f.machines, f.cleanUps,
                          f.reinstaller, f.automation, QUrl()};
        f.provider.deleteTakesEffect = true;
        TerminatorJob job(second, {});
        finishedTask(job.run({}));
        QCOMPARE(toString(plane.find(id)->instance.status), QStringLiteral("terminated"));
        QCOMPARE(f.store.logsOf(actiontype::executeTerminate).size(), 1U);
        QCOMPARE(f.store.logsOf(actiontype::providerTerminate).size(), 1U);
        QCOMPARE(f.store.logsOf(actiontype::terminationPending).size(), 1U);
        QVERIFY(finishedTask(f.store.openActions())->empty());
    }

    void whoIsHeardBeforeItsDeletionStays_data() {
        QTest::addColumn<bool>("retiring");     // or a person wants it gone
        QTest::addColumn<bool>("agreed");       // the provider has
        QTest::addColumn<bool>("beatAllAlong"); // and did not become ready
        QTest::addColumn<bool>("stays");
        QTest::newRow("given up for its silence") << true << false << false << true;
        QTest::newRow("the provider has agreed") << true << true << false << false;
        QTest::newRow("a person's order") << false << false << false << false;
        QTest::newRow("it never became ready") << true << false << true << false;
    }
    void whoIsHeardBeforeItsDeletionStays() {
        QFETCH(bool, retiring);
        QFETCH(bool, agreed);
        QFETCH(bool, beatAllAlong);
        QFETCH(bool, stays);
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::WorkerDead);
        f.beat(id); // before it was given up
        f.clock.advance(1min);
        ControlPlane::Change change;
        change.cause = TransitionCause::TerminateAsked;
        change.edit = [retiring, beatAllAlong](InstanceRecord& r) {
            r.retiring = retiring;
            r.heardAtLimit = beatAllAlong;
            r.instance.deletionReason = QStringLiteral("replaced by b");
        };
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        f.provider.deleteTakesEffect = false;
        if (!agreed)
            f.provider.failCommand = failure(FailureKind::ServerError);
        TerminatorJob job(f.context, {});
        finishedTask(job.run({}));
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        f.provider.failCommand.reset();
        f.clock.advance(10min);
        f.beat(id);
        const std::size_t sent = f.provider.commands.size();
        finishedTask(job.run({}));
        QCOMPARE(f.provider.commands.size(), sent + (stays ? 0 : 1));
        QCOMPARE(f.status(id), stays ? QStringLiteral("booting") : QStringLiteral("terminating"));
        QCOMPARE(f.plane.find(id)->workInHand.isEmpty(), stays);
        if (!stays)
            return;
        QVERIFY(f.plane.live(id)->lastBeat);
        QVERIFY(f.instance(id).deletionReason.isEmpty());
        QVERIFY(f.instance(id).errorMessage.contains(QLatin1String("replaced by b")));
        const auto rows = f.store.logsOf(actiontype::executeTerminate);
        QCOMPARE(rows.size(), 1U);
        QCOMPARE(rows[0].errorCode, QStringLiteral("CALLED_OFF"));
        QVERIFY(finishedTask(f.store.openActions())->empty());
    }

    void itTakesOverFromAReinstall() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.provider.failCommand = failure(FailureKind::ServerError);
        QVERIFY(finishedTask(f.reinstaller.begin(id, {})));
        QVERIFY(f.change(id, TransitionCause::TerminateAsked));
        f.provider.failCommand.reset();
        QVERIFY(f.plane.find(id)->nextAttemptAt > f.clock.wallNow()); // the reinstall's, not ours
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("terminated"));
        QCOMPARE(f.reinstaller.resume(), 0);
        QVERIFY(f.store.logsOf(actiontype::executeReinstall)[0].status == ActionLogStatus::Failed);
        QVERIFY(finishedTask(f.store.openActions())->empty());
    }
};

QTEST_GUILESS_MAIN(TestTerminator)
#include "tst_terminator.moc"
