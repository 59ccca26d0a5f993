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
        f.beat(id); // of the new incarnation
        f.clock.advance(5500ms);
        QCOMPARE(f.reinstaller.resume(), 1);
        QCOMPARE(f.provider.commands.size(), 1U);
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
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
