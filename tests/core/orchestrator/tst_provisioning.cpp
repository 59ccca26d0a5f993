#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/jobs/provisioning/provisioning.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using jobs::provisioning::ProvisioningJob;

class TestProvisioning : public QObject {
    Q_OBJECT

    static JobReport run(ControlFixture& f) {
        ProvisioningJob job(f.context, {});
        return finishedTask(job.run({}));
    }

private Q_SLOTS:
    void makesAMachineOnce() {
        ControlFixture f;
        f.provider.volumesOfNew = {{QStringLiteral("v1"),
                                    QStringLiteral("root"),
                                    QStringLiteral("ssd"),
                                    20,
                                    true,
                                    {},
                                    {},
                                    {}}};
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        const JobReport report = run(f);
        QCOMPARE(report.claimed, 1);
        QCOMPARE(report.processed, 1);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QCOMPARE(f.instance(id).providerInstanceId, QStringLiteral("m-1"));
        QCOMPARE(f.instance(id).ipAddress, QStringLiteral("127.0.0.1"));
        QCOMPARE(f.instance(id).progressPercent, std::optional(40));
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
        const FakeProvider::Slot& slot = f.machine(id);
        QVERIFY(slot.machine.tags.contains(QStringLiteral("vigie-instance:a")));
        QVERIFY(secretMatches(slot.boot.bootstrapSecret, f.plane.find(id)->bootstrapSecretHash));
        QCOMPARE(f.plane.volumesOf(id).size(), 1U);
        for (const auto* type :
             {actiontype::executeCreate, actiontype::providerCreate, actiontype::persistProviderId,
              actiontype::providerGetIp, actiontype::instanceCreated}) {
            const auto rows = f.store.logsOf(type);
            QCOMPARE(rows.size(), 1U);
            QVERIFY(rows[0].status == ActionLogStatus::Success);
        }
        QCOMPARE(run(f).claimed, 0);
        QCOMPARE(f.provider.creates, 1);
    }

    void aStoppedMachineIsStarted() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        FakeProvider::Slot& slot = f.provider.add(QStringLiteral("old"));
        slot.machine.tags = {QStringLiteral("vigie-instance:a")};
        slot.machine.state = MachineState::Stopped;
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QCOMPARE(f.store.logsOf(actiontype::providerStart).size(), 1U);
        QVERIFY(f.machine(id).machine.state == MachineState::Running);
    }

    void aCrashBetweenCreateAndPersistLeaksNothing() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        // The answer of create is lost, as in a crash right after it.
        f.provider.failCreate = failure(FailureKind::OutcomeUnknown);
        f.provider.createTakesEffect = true;
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("provisioning"));
        ControlPlane plane(f.clock, f.store);
        QVERIFY(finishedTask(plane.load()));
        f.provider.failCreate.reset();
        f.clock.advance(1min);
        JobContext second{f.clock,       f.settings,   plane,     f.provider, f.http,
                          f.watcher,     f.probes,     f.volumes, f.machines, f.cleanUps,
                          f.reinstaller, f.automation, QUrl()};
        ProvisioningJob job(second, {});
        finishedTask(job.run({}));
        QCOMPARE(toString(plane.find(id)->instance.status), QStringLiteral("booting"));
        QCOMPARE(f.provider.creates, 1);
        QCOMPARE(f.provider.byId.size(), 1);
        QVERIFY(secretMatches(f.provider.byId.begin()->boot.bootstrapSecret,
                              plane.find(id)->bootstrapSecretHash));
    }

    /// The first was killed between its order and the answer; the machine is there, no list says
    /// so.
    void whoTakesOverWaitsForTheLists() {
        ControlFixture f;
        f.provider.lag = 2min;
        f.provider.listsLag = true;
        f.provider.createTakesEffect = true;
        f.provider.failCreate = failure(FailureKind::OutcomeUnknown);
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        run(f);
        QVERIFY(f.store.logsOf(actiontype::providerCreate)[0].status ==
                ActionLogStatus::InProgress);
        f.provider.failCreate.reset();
        const auto pass = [&f](Duration span) {
            f.clock.advance(span);
            ProvisioningJob another(f.context, {}); // knows nothing but the store
            finishedTask(another.run({}));
        };
        ProvisioningJob other(f.context, {});
        f.clock.advance(1min);
        finishedTask(other.run({}));
        QCOMPARE(f.provider.creates, 1);
        QVERIFY2(f.instance(id).errorMessage.startsWith(u"A machine may have been made"),
                 qPrintable(f.instance(id).errorMessage));
        QCOMPARE(f.instance(id).retryCount, 1); // to wait is no try
        f.provider.listsLag = false;
        pass(1min);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QCOMPARE(f.provider.creates, 1);
        QVERIFY(f.store.logsOf(actiontype::providerCreate)[0].status == ActionLogStatus::Success);
    }

    void whatNeverShowsUpIsOrderedAnew() {
        ControlFixture f;
        f.provider.lag = 2min;
        f.provider.failCreate = failure(FailureKind::ServerError, "503 or not");
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        ProvisioningJob job(f.context, {});
        finishedTask(job.run({}));
        f.provider.failCreate.reset();
        for (int i = 0; i < 3; ++i) {
            f.clock.advance(39s);
            finishedTask(job.run({}));
            QCOMPARE(f.provider.creates, 1);
        }
        f.clock.advance(40s);
        finishedTask(job.run({}));
        QCOMPARE(f.provider.creates, 2);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        const auto rows = f.store.logsOf(actiontype::providerCreate);
        QCOMPARE(rows.size(), 2U);
        QVERIFY(rows[0].status == ActionLogStatus::Failed);
        QVERIFY2(rows[0].errorMessage.contains(u"no machine has shown up"),
                 qPrintable(rows[0].errorMessage));
    }

    /// A termination must not end before the machine that may come of the create.
    void terminatedWithAnOpenCreateWaitsForTheLists() {
        ControlFixture f;
        f.provider.lag = 2min;
        f.provider.failCreate = failure(FailureKind::OutcomeUnknown);
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        ProvisioningJob job(f.context, {});
        finishedTask(job.run({}));
        ControlPlane::Change change;
        change.cause = TransitionCause::TerminateAsked;
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        for (int i = 0; i < 2; ++i) {
            f.clock.advance(50s);
            finishedTask(job.run({}));
            QVERIFY(!f.plane.find(id)->workInHand.isEmpty()); // the terminator keeps off
        }
        f.clock.advance(50s);
        finishedTask(job.run({}));
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
        QVERIFY(f.store.logsOf(actiontype::providerCreate)[0].status == ActionLogStatus::Failed);
        QCOMPARE(f.provider.creates, 1);
    }

    void aStoreThatFailsAfterCreateLeaksNothing() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        f.provider.failCreate = failure(FailureKind::Timeout);
        f.provider.createTakesEffect = true;
        run(f);
        f.provider.failCreate.reset();
        f.clock.advance(1min);
        f.store.failure = failure(FailureKind::Storage);
        run(f); // finds the machine but can't write its id down
        QVERIFY(f.instance(id).providerInstanceId.isEmpty());
        f.store.failure.reset();
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QCOMPARE(f.provider.creates, 1);
    }

    void aStartIsTriedAgain() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        FakeProvider::Slot& slot = f.provider.add(QStringLiteral("old"));
        slot.machine.tags = {QStringLiteral("vigie-instance:a")};
        slot.machine.state = MachineState::Stopped;
        f.provider.failCommand = failure(FailureKind::ServerError, "no");
        run(f);
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("PROVIDER_START_FAILED"));
        f.provider.failCommand = failure(FailureKind::Timeout, "late");
        f.clock.advance(1min);
        run(f);
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("PROVIDER_START_TIMEOUT"));
        f.provider.failCommand.reset();
        f.clock.advance(10min);
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QVERIFY(f.instance(id).errorCode.isEmpty());
        QCOMPARE(f.store.logsOf(actiontype::providerStart).size(), 1U);
        const auto again = f.store.logsOf(actiontype::providerStartRetry);
        QCOMPARE(again.size(), 2U);
        QCOMPARE(again[0].errorCode, QStringLiteral("PROVIDER_START_TIMEOUT"));
    }

    void aZoneThatIsNoLongerSoldIsNamed() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        ControlPlane::Change change;
        change.edit = [](InstanceRecord& r) { r.instance.zone = QStringLiteral("zone-9"); };
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("provisioning_failed"));
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("MISSING_ZONE"));
        QCOMPARE(f.provider.creates, 0);
    }

    void theLogFollowsTheOrder() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        ControlPlane::Change change;
        change.edit = [](InstanceRecord& r) { r.instance.correlationId = QStringLiteral("c-1"); };
        change.logStarts = {actionLog(actiontype::requestCreate, ActionLogStatus::Success, {})};
        QVERIFY(finishedTask(f.plane.apply(id, std::move(change))));
        const auto asked = f.store.logsOf(actiontype::requestCreate);
        f.provider.failCreate = failure(FailureKind::ServerError);
        run(f);
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("PROVIDER_CREATE_FAILED")); // it waits
        f.provider.failCreate.reset();
        f.clock.advance(1min);
        run(f);
        const auto execute = f.store.logsOf(actiontype::executeCreate);
        QCOMPARE(execute[0].parentLogId, asked[0].id.value());
        QCOMPARE(execute[0].correlationId, QStringLiteral("c-1"));
        for (const auto* type : {actiontype::requeueProvision, actiontype::providerCreate,
                                 actiontype::persistProviderId, actiontype::instanceCreated}) {
            const auto rows = f.store.logsOf(type);
            QCOMPARE(rows.back().correlationId, QStringLiteral("c-1"));
            QCOMPARE(rows.back().parentLogId, execute[0].id.value());
        }
    }

    void withoutALookUpNothingIsCreated() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        f.provider.failLookup = failure(FailureKind::ServerError);
        run(f);
        QCOMPARE(f.provider.creates, 0);
        QCOMPARE(f.status(id), QStringLiteral("provisioning"));
    }

    void fiveTriesThenFailed() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        f.provider.failCreate = failure(FailureKind::ServerError, "boom");
        std::vector<Duration> waits;
        for (int i = 0; i < 200 && f.status(id) == u"provisioning"; ++i) {
            run(f);
            f.clock.advance(5s);
        }
        QCOMPARE(f.provider.creates, 5);
        QCOMPARE(f.status(id), QStringLiteral("provisioning_failed"));
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("PROVIDER_CREATE_FAILED"));
        QVERIFY(f.instance(id).errorMessage.contains(QLatin1String("boom")));
        QVERIFY(f.store.logsOf(actiontype::executeCreate)[0].status == ActionLogStatus::Failed);
        QVERIFY(finishedTask(f.store.openActions())->empty());
    }

    void whatWasNeverSentUsesUpNoTry() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        f.provider.failLookup = failure(FailureKind::BreakerOpen, "a person holds it open");
        for (int i = 0; i < 200; ++i) {
            run(f);
            f.clock.advance(5s);
        }
        QCOMPARE(f.status(id), QStringLiteral("provisioning"));
        QCOMPARE(f.instance(id).retryCount, 0);
        QCOMPARE(f.instance(id).errorMessage, QStringLiteral("a person holds it open"));
        QVERIFY(f.store.logsOf(actiontype::requeueProvision).empty());
        f.provider.failLookup.reset();
        f.clock.advance(1min);
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        QVERIFY(f.instance(id).errorMessage.isEmpty());
    }

    void backOffGrows() {
        ControlFixture f;
        f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        f.provider.failCreate = failure(FailureKind::ServerError);
        run(f);
        f.clock.advance(4499ms); // 5 s, 10 % less or more
        run(f);
        QCOMPARE(f.provider.creates, 1);
        f.clock.advance(1001ms);
        run(f);
        QCOMPARE(f.provider.creates, 2);
        f.clock.advance(8999ms);
        run(f);
        QCOMPARE(f.provider.creates, 2);
        f.clock.advance(2001ms);
        run(f);
        QCOMPARE(f.provider.creates, 3);
    }

    void permanentErrorsFailAtOnce_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("errorCode");
        const QString create = QStringLiteral("PROVIDER_CREATE_FAILED");
        QTest::newRow("invalid") << int(FailureKind::Invalid) << "" << create;
        QTest::newRow("unsupported") << int(FailureKind::Unsupported) << "" << create;
        QTest::newRow("unauthorized") << int(FailureKind::Unauthorized) << "" << create;
        QTest::newRow("forbidden") << int(FailureKind::Forbidden) << "" << create;
        QTest::newRow("out of stock") << int(FailureKind::ServerError) << "out_of_stock"
                                      << "PROVIDER_OUT_OF_STOCK";
        QTest::newRow("PROVIDER_OUT_OF_STOCK")
            << int(FailureKind::Conflict) << "PROVIDER_OUT_OF_STOCK"
            << "PROVIDER_OUT_OF_STOCK";
    }
    void permanentErrorsFailAtOnce() {
        QFETCH(int, kind);
        QFETCH(QString, code);
        QFETCH(QString, errorCode);
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        f.provider.failCreate = failure(static_cast<FailureKind>(kind));
        f.provider.failCreate->code = code;
        run(f);
        QCOMPARE(f.status(id), QStringLiteral("provisioning_failed"));
        QCOMPARE(f.instance(id).errorCode, errorCode);
        QCOMPARE(f.instance(id).progressPercent, std::optional(0));
        QCOMPARE(f.provider.creates, 1);
    }

    void terminatedWhileItWasCreated() {
        ControlFixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Provisioning, false);
        f.provider.failCreate = failure(FailureKind::OutcomeUnknown);
        f.provider.createTakesEffect = true;
        run(f);
        QVERIFY(f.change(id, TransitionCause::TerminateAsked));
        QCOMPARE(f.plane.find(id)->workInHand, QStringLiteral("provision"));
        run(f);
        // The machine is written down for the terminator, and the work is given back.
        QCOMPARE(f.status(id), QStringLiteral("terminating"));
        QCOMPARE(f.instance(id).providerInstanceId, QStringLiteral("m-1"));
        QVERIFY(f.plane.find(id)->workInHand.isEmpty());
        QVERIFY(finishedTask(f.store.openActions())->empty());
    }
};

QTEST_GUILESS_MAIN(TestProvisioning)
#include "tst_provisioning.moc"
