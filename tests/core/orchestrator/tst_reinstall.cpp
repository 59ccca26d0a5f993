#include "core/orchestrator/workerproof.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

Reinstaller::Request byPerson() {
    Reinstaller::Request request;
    request.asker.actor = QStringLiteral("ada");
    request.asker.component = QStringLiteral("api");
    request.asker.reason = QStringLiteral("looks odd");
    return request;
}

Reinstaller::Request byAutomation(RemedyStep step = RemedyStep::Reinstall) {
    Reinstaller::Request request;
    request.byPerson = false;
    request.step = step;
    return request;
}

void edit(ControlFixture& f, const InstanceId& id, std::function<void(InstanceRecord&)> how) {
    ControlPlane::Change change;
    change.edit = std::move(how);
    QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
}

/// A worker registers with the newest bootstrap secret.
void enroll(ControlFixture& f, const InstanceId& id) {
    edit(f, id, [](InstanceRecord& record) {
        vigie::enroll(record, WorkerProof::BootstrapSecret, QStringLiteral("w"),
                      hashSecret(QStringLiteral("token")));
    });
}

/// A dead instance whose worker still has a secret and a token.
InstanceId addDead(ControlFixture& f) {
    const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::WorkerDead);
    edit(f, id, [](InstanceRecord& record) {
        record.bootstrapSecretHash = hashSecret(QStringLiteral("old secret"));
        record.workerTokenHash = hashSecret(QStringLiteral("old token"));
        record.workerId = QStringLiteral("w");
    });
    return id;
}

} // namespace

class TestReinstall : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fromReadyToBooting() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.beat(id);
        const auto begun = finishedTask(f.reinstaller.begin(id, byPerson()));
        QVERIFY(begun);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QCOMPARE(f.instance(id).incarnation, 1);
        QVERIFY(!f.plane.live(id)->lastBeat);
        QVERIFY(!f.instance(id).workerLastHeartbeat);
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
        QCOMPARE(f.machine(id).reinstalls, 1);
        // The machine has the secret whose hash is kept, and nothing else lets a worker in.
        const QString secret = f.machine(id).boot.bootstrapSecret;
        QVERIFY(secretMatches(secret, f.plane.find(id)->bootstrapSecretHash));
        QVERIFY(f.plane.find(id)->workerTokenHash.isEmpty());
        const auto asked = f.store.logsOf(actiontype::requestReinstall);
        const auto done = f.store.logsOf(actiontype::executeReinstall);
        QCOMPARE(asked.size(), 1U);
        QCOMPARE(asked[0].userId, QStringLiteral("ada"));
        QCOMPARE(asked[0].component, QStringLiteral("api"));
        QVERIFY(asked[0].metadata.contains("looks odd"));
        QCOMPARE(done.size(), 1U);
        QVERIFY(done[0].status == ActionLogStatus::Success);
        QCOMPARE(done[0].parentLogId, asked[0].id.value());
        QVERIFY(!f.store.logs.empty());
        for (const ActionLog& row : f.store.logs)
            QVERIFY(!row.metadata.contains(secret.toUtf8()));
    }

    void theOldIncarnationIsLockedOut() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        const QString first = f.machine(id).boot.bootstrapSecret;
        QVERIFY(f.change(id, TransitionCause::StartupLimitPassed));
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        QVERIFY(!secretMatches(first, f.plane.find(id)->bootstrapSecretHash));
        QCOMPARE(f.instance(id).incarnation, 2);
    }

    void refusals_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("allowed");
        using enum InstanceStatus;
        for (const InstanceStatus status : allInstanceStatuses) {
            const bool allowed = status == StartupFailed || status == Unavailable ||
                                 status == Ready || status == WorkerDead || status == Failed;
            QTest::addRow("%s", qUtf8Printable(toString(status)))
                << static_cast<int>(status) << allowed;
        }
    }
    void refusals() {
        QFETCH(int, status);
        QFETCH(bool, allowed);
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), static_cast<InstanceStatus>(status));
        const auto begun = finishedTask(f.reinstaller.begin(id, byPerson()));
        QCOMPARE(begun.has_value(), allowed);
        QCOMPARE(f.machine(id).reinstalls, allowed ? 1 : 0);
    }

    void noMachineNoReinstall() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready, false);
        const auto begun = finishedTask(f.reinstaller.begin(id, byPerson()));
        QVERIFY(begun.error().kind == FailureKind::Conflict);
        QVERIFY(begun.error().message.contains(QLatin1String("machine")));
        QVERIFY(f.store.logs.empty());
    }

    void aProviderThatFailsIsAskedAgain() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.provider.failCommand = failure(FailureKind::ServerError);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        QCOMPARE(f.plane.find(id)->workInHand, QStringLiteral("reinstall"));
        f.clock.advance(4499ms);             // 5 s, 10 % less or more
        QCOMPARE(f.reinstaller.resume(), 0); // not yet due
        f.clock.advance(1001ms);
        f.provider.failCommand.reset();
        QCOMPARE(f.reinstaller.resume(), 1);
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
        QCOMPARE(f.machine(id).reinstalls, 1);
        QCOMPARE(f.instance(id).incarnation, 1);
    }

    void afterThreeTriesItIsStartupFailed() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.provider.failCommand = failure(FailureKind::Timeout, "slow provider");
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        f.clock.advance(5500ms);
        QCOMPARE(f.reinstaller.resume(), 1);
        f.clock.advance(8999ms);
        QCOMPARE(f.reinstaller.resume(), 0);
        f.clock.advance(2001ms);
        QCOMPARE(f.reinstaller.resume(), 1);
        QCOMPARE(f.status(id), QStringLiteral("startup_failed"));
        QVERIFY(f.instance(id).errorMessage.contains(QLatin1String("slow provider")));
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
        QVERIFY(f.store.logsOf(actiontype::executeReinstall)[0].status == ActionLogStatus::Failed);
        QCOMPARE(f.reinstaller.resume(), 0);
    }

    void whatWasNeverSentUsesUpNoTry() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.provider.failCommand = failure(FailureKind::BreakerOpen, "a person holds it open");
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        for (int i = 0; i < 20; ++i) {
            f.clock.advance(1min);
            QCOMPARE(f.reinstaller.resume(), 1);
        }
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QCOMPARE(f.instance(id).errorMessage, QStringLiteral("a person holds it open"));
        f.provider.failCommand.reset();
        f.clock.advance(1min);
        QCOMPARE(f.reinstaller.resume(), 1);
        QCOMPARE(f.machine(id).reinstalls, 1);
        QVERIFY(f.instance(id).errorMessage.isEmpty());
    }

    void aPermanentErrorFailsAtOnce() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.provider.failCommand = failure(FailureKind::Forbidden);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        QCOMPARE(f.status(id), QStringLiteral("startup_failed"));
        QCOMPARE(f.provider.commands.size(), 1U);
    }

    void automationWaitsForAProviderThatSaysNothingOfTheMachine_data() {
        QTest::addColumn<FailureKind>("kind");
        QTest::addColumn<bool>("waits");
        QTest::newRow("401") << FailureKind::Unauthorized << true;
        QTest::newRow("403") << FailureKind::Forbidden << true;
        QTest::newRow("429") << FailureKind::RateLimited << true;
        QTest::newRow("5xx") << FailureKind::ServerError << true;
        QTest::newRow("time-out") << FailureKind::Timeout << true;
        QTest::newRow("rubbish") << FailureKind::Malformed << true;
        QTest::newRow("breaker") << FailureKind::BreakerOpen << true;
        QTest::newRow("no such machine") << FailureKind::NotFound << false;
        QTest::newRow("refused request") << FailureKind::Invalid << false;
        QTest::newRow("not offered") << FailureKind::Unsupported << false;
    }
    void automationWaitsForAProviderThatSaysNothingOfTheMachine() {
        QFETCH(FailureKind, kind);
        QFETCH(bool, waits);
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::WorkerDead);
        f.provider.failCommand = failure(kind);
        Reinstaller::Request request;
        request.byPerson = false;
        request.step = RemedyStep::RestartWorker;
        QVERIFY(finishedTask(f.reinstaller.begin(id, std::move(request))));
        for (int tries = 0; tries < 20; ++tries) {
            f.clock.advance(60s);
            f.reinstaller.resume();
        }
        QCOMPARE(f.plane.find(id)->workInHand.isEmpty(), !waits);
        f.provider.failCommand.reset();
        f.clock.advance(60s);
        f.reinstaller.resume();
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
        const auto rows = f.store.logsOf(actiontype::executeRestartWorker);
        QCOMPARE(rows.size(), 1U); // one try, however often it was asked
        QVERIFY(rows[0].status == (waits ? ActionLogStatus::Success : ActionLogStatus::Failed));
    }

    void whoBeganItIsKnownAfterARestartToo() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::WorkerDead);
        f.provider.failCommand = failure(FailureKind::Unauthorized);
        Reinstaller::Request request;
        request.byPerson = false;
        QVERIFY(finishedTask(f.reinstaller.begin(id, std::move(request))));
        Reinstaller next(f.plane, f.provider, QUrl(QStringLiteral("http://127.0.0.1:1")));
        for (int tries = 0; tries < 10; ++tries) {
            f.clock.advance(60s);
            next.resume();
        }
        QCOMPARE(f.plane.find(id)->workInHand, QStringLiteral("reinstall"));
        QCOMPARE(f.status(id), QStringLiteral("booting"));
    }

    void aCrashBeforeTheCommandIsRepaired() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.provider.failCommand = failure(FailureKind::Network);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        // The process dies; another one finds the work in the store.
        f.provider.failCommand.reset();
        ControlPlane plane(f.clock, f.store);
        QVERIFY(finishedTask(plane.load()));
        Reinstaller second(plane, f.provider, QUrl());
        f.clock.advance(1min);
        QCOMPARE(second.resume(), 1);
        QVERIFY(plane.find(id)->workInHand.isEmpty());
        QVERIFY(
            secretMatches(f.machine(id).boot.bootstrapSecret, plane.find(id)->bootstrapSecretHash));
        QVERIFY(f.store.logsOf(actiontype::executeReinstall)[0].status == ActionLogStatus::Success);
    }

    void aLostAnswerIsNotRepeatedOnceTheWorkerIsThere() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.provider.failCommand = failure(FailureKind::OutcomeUnknown);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())));
        enroll(f, id); // with the new secret
        f.beat(id);
        f.clock.advance(5500ms);
        QCOMPARE(f.reinstaller.resume(), 1);
        QCOMPARE(f.provider.commands.size(), 1U);
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
    }

    void whoComesBackBeforeAnythingWasDoneIsLeftAlone_data() {
        QTest::addColumn<RemedyStep>("step");
        QTest::addColumn<FailureKind>("kind");
        QTest::newRow("restart, never sent")
            << RemedyStep::RestartWorker << FailureKind::BreakerOpen;
        QTest::newRow("restart, failed") << RemedyStep::RestartWorker << FailureKind::ServerError;
        QTest::newRow("reinstall, never sent") << RemedyStep::Reinstall << FailureKind::BreakerOpen;
        QTest::newRow("reinstall, failed") << RemedyStep::Reinstall << FailureKind::ServerError;
    }
    void whoComesBackBeforeAnythingWasDoneIsLeftAlone() {
        QFETCH(RemedyStep, step);
        QFETCH(FailureKind, kind);
        ControlFixture f;
        const InstanceId id = addDead(f);
        f.provider.failCommand = failure(kind);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byAutomation(step))));
        const std::size_t sent = f.provider.commands.size();
        const InstanceRecord& record = *f.plane.find(id);
        QVERIFY(secretMatches(QStringLiteral("old token"), record.workerTokenHash));
        f.clock.advance(3h); // longer than it may take to boot
        f.beat(id);
        f.provider.failCommand.reset();
        QCOMPARE(f.reinstaller.resume(), 1);
        QCOMPARE(f.provider.commands.size(), sent);
        QVERIFY(record.workInHand.isEmpty());
        QVERIFY(f.plane.live(id)->lastBeat);
        QVERIFY(secretMatches(QStringLiteral("old token"), record.workerTokenHash));
        QCOMPARE(proofOf(record, QStringLiteral("old secret")).has_value(), true);
        QVERIFY(record.recoveryBegunAt == f.clock.wallNow()); // so its start-up is not over time
        const auto rows =
            f.store.logsOf(step == RemedyStep::Reinstall ? actiontype::executeReinstall
                                                         : actiontype::executeRestartWorker);
        QCOMPARE(rows.size(), 1U);
        QVERIFY(rows[0].status == ActionLogStatus::Failed);
        QCOMPARE(rows[0].errorCode, QStringLiteral("CALLED_OFF"));
        QVERIFY(rows[0].errorMessage.contains(QLatin1String("heard")));
        QVERIFY(f.instance(id).errorMessage.isEmpty());
    }

    void aPersonsOrderIsCarriedOutThoughTheWorkerBeats() {
        ControlFixture f;
        const InstanceId id = addDead(f);
        f.provider.failCommand = failure(FailureKind::BreakerOpen);
        Reinstaller::Request request = byPerson();
        request.step = RemedyStep::RestartWorker;
        QVERIFY(finishedTask(f.reinstaller.begin(id, std::move(request))));
        f.beat(id);
        f.provider.failCommand.reset();
        f.clock.advance(1min);
        const std::size_t before = f.provider.commands.size();
        f.reinstaller.resume();
        QCOMPARE(f.provider.commands.size(), before + 1);
        QVERIFY(f.store.logsOf(actiontype::executeRestartWorker)[0].status ==
                ActionLogStatus::Success);
    }

    void whatServesIsNotTouched() {
        ControlFixture f;
        const InstanceId id = addDead(f);
        QString serves;
        f.reinstaller.askBeforeEachTry([&serves](const InstanceId&) { return serves; });
        f.provider.failCommand = failure(FailureKind::ServerError);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byAutomation())));
        f.provider.failCommand.reset();
        serves = QStringLiteral("its model serves: 200");
        for (int i = 0; i < 3; ++i) {
            f.clock.advance(1min);
            QCOMPARE(f.reinstaller.resume(), 1);
        }
        QCOMPARE(f.machine(id).reinstalls, 0);
        QCOMPARE(f.plane.find(id)->workInHand, QStringLiteral("reinstall"));
        QCOMPARE(f.instance(id).errorMessage,
                 QStringLiteral("The reinstall waits: its model serves: 200."));
        serves.clear();
        QCOMPARE(f.reinstaller.resume(), 1);
        QCOMPARE(f.machine(id).reinstalls, 1);
        QVERIFY(f.instance(id).errorMessage.isEmpty());
    }

    void afterTheReinstallTheWorkerOfBeforeIsNobody() {
        ControlFixture f;
        const InstanceId id = addDead(f);
        f.provider.failCommand = failure(FailureKind::ServerError);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byAutomation())));
        f.provider.failCommand.reset();
        f.clock.advance(30min);
        f.reinstaller.resume();
        const InstanceRecord& record = *f.plane.find(id);
        QCOMPARE(f.machine(id).reinstalls, 1);
        QVERIFY(!proofOf(record, QStringLiteral("old secret")));
        QVERIFY(!proofOf(record, QStringLiteral("old token")));
        QVERIFY(proofOf(record, f.machine(id).boot.bootstrapSecret) ==
                WorkerProof::BootstrapSecret);
        QVERIFY(record.recoveryBegunAt == f.clock.wallNow());
    }

    void whoRegistersWhileARestartWaitsCallsItOff() {
        ControlFixture f;
        const InstanceId id = addDead(f);
        f.provider.failCommand = failure(FailureKind::OutcomeUnknown);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byAutomation(RemedyStep::RestartWorker))));
        enroll(f, id); // after that restart, or of its own
        f.beat(id);
        f.clock.advance(1min);
        f.reinstaller.resume();
        QCOMPARE(f.provider.commands.size(), 1U);
        QCOMPARE(f.store.logsOf(actiontype::executeRestartWorker)[0].errorCode,
                 QStringLiteral("CALLED_OFF"));
        QVERIFY(f.plane.live(id)->lastBeat);
    }

    void aStoreThatIsAwayBeginsNothing() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.store.failure = failure(FailureKind::Storage);
        QVERIFY(finishedTask(f.reinstaller.begin(id, byPerson())).error().kind ==
                FailureKind::Storage);
        QVERIFY(f.provider.commands.empty());
        QCOMPARE(f.status(id), QStringLiteral("ready"));
    }
};

QTEST_GUILESS_MAIN(TestReinstall)
#include "tst_reinstall.moc"
