#include "tests/core/orchestrator/healthcheckfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using namespace vigie::jobs::healthcheck;

using Fixture = HealthCheckFixture;

class TestHealthCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fromBootingToReady() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Booting);
        f.web.status[QStringLiteral("/readyz")] = 0;
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("booting"));
        f.edit(id, [](InstanceRecord& r) { r.workerId = QStringLiteral("w"); });
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("installing"));
        f.clock.advance(10s);
        f.beat(id, WorkerStatus::Starting);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("starting"));
        f.clock.advance(10s);
        f.beat(id, WorkerStatus::Ready);
        f.web.status[QStringLiteral("/readyz")] = 200;
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("ready"));
        QVERIFY(f.instance(id).readyAt);
        QCOMPARE(f.instance(id).progressPercent, std::optional(100));
        QCOMPARE(f.store.logsOf(actiontype::instanceReady).size(), 1U);
        QCOMPARE(f.store.logsOf(actiontype::healthCheck).size(), 1U);
        QVERIFY(f.probes.latency.total().count() > 0);
    }

    void servingWithoutBeatingIsNotReady() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Starting);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("starting"));
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("WAITING_FOR_WORKER_HEARTBEAT"));
        QCOMPARE(f.instance(id).progressPercent, std::optional(95));
        f.beat(id);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("ready"));
        QVERIFY(f.instance(id).errorCode.isEmpty());
    }

    void eachStepOfAStartIsToldOnce() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Booting);
        f.edit(id, [](InstanceRecord& r) { r.instance.workerVllmPort = 8000; });
        f.web.status[QStringLiteral("/readyz")] = 503;
        f.web.status[QStringLiteral("/v1/models")] = 503;
        f.run();
        QCOMPARE(f.instance(id).progressPercent, std::optional(40)); // its address is known
        QCOMPARE(f.store.logsOf(actiontype::providerGetIp).size(), 1U);
        f.web.status[QStringLiteral("/v1/models")] = 200;
        for (int i = 0; i < 3; ++i) {
            f.clock.advance(10s);
            f.beat(id, WorkerStatus::Starting);
            f.run();
        }
        QCOMPARE(f.status(id), QStringLiteral("starting"));
        QCOMPARE(f.instance(id).progressPercent, std::optional(70));
        QCOMPARE(f.store.logsOf(actiontype::workerVllmHttpOk).size(), 1U);
        QVERIFY(f.store.logsOf(actiontype::workerModelLoaded).empty());
        f.web.status[QStringLiteral("/readyz")] = 200;
        f.clock.advance(10s);
        f.beat(id, WorkerStatus::Ready);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("ready"));
        QCOMPARE(f.store.logsOf(actiontype::workerVllmHttpOk).size(), 1U);
        QCOMPARE(f.store.logsOf(actiontype::workerModelLoaded).size(), 1U);
        QVERIFY(f.store.logsOf(actiontype::workerVllmWarmup).empty()); // nobody asked for tokens
    }

    void manyFailedChecksAreToldAndEndNoStart() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Starting);
        f.web.status[QStringLiteral("/readyz")] = 503;
        for (int i = 0; i < 29; ++i) {
            f.run();
            f.clock.advance(10min);
        }
        QVERIFY(f.instance(id).errorCode.isEmpty());
        for (int i = 0; i < 3; ++i) {
            f.run();
            f.clock.advance(10min);
        }
        QCOMPARE(f.instance(id).errorCode, QStringLiteral("HEALTH_CHECK_FAILED"));
        QCOMPARE(f.status(id), QStringLiteral("starting"));
        const auto told = f.store.logsOf(actiontype::healthCheck);
        QCOMPARE(told.size(), 1U);
        QCOMPARE(told[0].errorCode, QStringLiteral("HEALTH_CHECK_FAILED"));
    }

    void aReadyBeatAgainstAFailingProbeIsNotReady() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Starting);
        f.web.status[QStringLiteral("/readyz")] = 503;
        f.beat(id);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("starting"));
        QVERIFY(f.result(id).says.contains(QLatin1String("503")));
    }

    void aReadyBeatCountsWhereNoProbeIsPossible() {
        Fixture f;
        f.provider.loopback = false;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Starting);
        f.beat(id, WorkerStatus::Ready);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("ready"));
        QVERIFY(f.web.asked.isEmpty());
        QVERIFY(!f.result(id).possible);
        QVERIFY(f.result(id).says.contains(QLatin1String("loopback")));
        // A beat of a minute ago is no fresh one.
        const InstanceId late = f.add(QStringLiteral("b"), InstanceStatus::Starting);
        f.beat(late, WorkerStatus::Ready);
        f.clock.advance(31s);
        f.run();
        QCOMPARE(f.status(late), QStringLiteral("starting"));
    }

    void probesGoWhereTheProviderSays() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.machine(id).machine.address = QStringLiteral("10.9.8.7");
        f.edit(id, [](InstanceRecord& r) {
            r.instance.ipAddress = QStringLiteral("169.254.169.254"); // what a worker told
            r.instance.workerHealthPort = 9000;
            r.instance.workerVllmPort = 9001;
        });
        f.web.status[QStringLiteral("/v1/models")] = 200;
        f.run();
        QCOMPARE(f.web.asked, (QStringList{QStringLiteral("http://10.9.8.7:9000/readyz"),
                                           QStringLiteral("http://10.9.8.7:9001/v1/models")}));
        QVERIFY(f.result(id).ok);
        f.machine(id).machine.address = QStringLiteral("169.254.169.254");
        f.clock.advance(61s);
        f.run();
        QVERIFY(!f.result(id).possible);
        QCOMPARE(f.web.asked.size(), 2);
    }

    void aModelServerThatFailsIsFailing() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.edit(id, [](InstanceRecord& r) { r.instance.workerVllmPort = 9001; });
        f.web.status[QStringLiteral("/v1/models")] = 500;
        f.run();
        QVERIFY(!f.result(id).ok);
        QVERIFY(f.result(id).says.contains(QLatin1String("/v1/models")));
    }

    // It lists its models and no longer computes: only real tokens tell.
    void realTokensAreAskedFor() {
        Fixture f;
        f.options.tokens.enabled = true;
        HealthCheckJob job(f.context, f.options, f.watchdog, f.web.send());
        const auto run = [&] { finishedTask(job.run({})); };
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.edit(id, [](InstanceRecord& r) { r.instance.workerVllmPort = 9001; });
        f.web.status[QStringLiteral("/v1/models")] = 200;
        f.web.status[QStringLiteral("/v1/chat/completions")] = 200;
        f.web.body = "{\"choices\":[{\"message\":{\"content\":\"OK\"}}]}";
        f.beat(id);
        run();
        QVERIFY(f.result(id).ok);
        QVERIFY2(f.result(id).says.contains(QLatin1String("answered in")),
                 qPrintable(f.result(id).says));
        const auto asked = [&] {
            return f.web.asked.filter(QStringLiteral("/v1/chat/completions")).size();
        };
        QCOMPARE(asked(), 1);
        QVERIFY(f.web.asked.last().startsWith(QStringLiteral("http://127.0.0.1:9001/")));
        f.clock.advance(31s); // the cached result is over, the tokens are not due again
        f.beat(id);
        run();
        QCOMPARE(asked(), 1);
        f.web.status[QStringLiteral("/v1/chat/completions")] = 500;
        for (int i = 1; i <= 3; ++i) {
            f.clock.advance(300s);
            f.beat(id);
            run();
            QVERIFY(!f.result(id).ok);
            QCOMPARE(f.result(id).failuresInRow, i);
        }
        QVERIFY2(f.result(id).says.contains(QLatin1String("/v1/chat/completions")),
                 qPrintable(f.result(id).says));
        f.web.status[QStringLiteral("/v1/chat/completions")] = 200;
        f.web.body = "rubbish";
        f.clock.advance(300s);
        run();
        QVERIFY(!f.result(id).ok);
        QCOMPARE(f.probes.tokens.total().count(), 5U);
    }

    void aStoppedOrMissingMachineIsNotProbed() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.machine(id).machine.state = MachineState::Stopped;
        f.run();
        QVERIFY(!f.result(id).possible);
        QVERIFY(f.web.asked.isEmpty());
    }

    void aProviderOutageDoesNotFailProbes() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.run();
        f.provider.failDescribe = failure(FailureKind::ServerError);
        f.clock.advance(90s);
        f.run();
        QVERIFY(f.result(id).ok);
        QCOMPARE(f.web.asked.size(), 2);
    }

    // What the job could not do; what an instance answers is none.
    void whatTheProviderRefusesIsAnError() {
        Fixture f;
        f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.web.status[QStringLiteral("/readyz")] = 0;
        QCOMPARE(f.run().errors, 0);
        f.provider.failDescribe = failure(FailureKind::ServerError);
        QCOMPARE(f.run().errors, 1);
        f.provider.failDescribe.reset();
        QCOMPARE(f.run().errors, 0);
    }

    void aWriteThatFailsIsAnError() {
        Fixture f;
        f.add(QStringLiteral("a"), InstanceStatus::Starting);
        f.store.failure = failure(FailureKind::Storage);
        QVERIFY(f.run().errors > 0);
    }

    void theLatencyIsThatOfAllThatWasAsked() {
        Fixture f;
        f.options.tokens.enabled = true;
        HealthCheckJob job(f.context, f.options, f.watchdog, f.web.send());
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.edit(id, [](InstanceRecord& r) { r.instance.workerVllmPort = 9001; });
        f.web.status[QStringLiteral("/v1/models")] = 200;
        f.web.meanwhile = [&](const QString& path) {
            if (path == u"/v1/models")
                f.clock.advance(4900ms);
            else if (path != u"/readyz")
                f.clock.advance(20s); // has a latency of its own
        };
        finishedTask(job.run({}));
        QVERIFY(f.result(id).latency == 4900ms);
    }

    void goodResultsAreCachedButNotForSilentOnes() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.beat(id);
        f.run();
        f.clock.advance(29s);
        f.run();
        QCOMPARE(f.web.asked.size(), 1);
        f.clock.advance(1s);
        f.run();
        QCOMPARE(f.web.asked.size(), 2);
        f.clock.advance(271s); // silent now: each cycle asks
        f.run();
        f.run();
        QCOMPARE(f.web.asked.size(), 4);
    }

    void failingProbesBackOffAfterTheThird() {
        Fixture f;
        f.add(QStringLiteral("a"), InstanceStatus::Booting);
        f.web.status[QStringLiteral("/readyz")] = 0;
        QList<int> secondsOfProbes;
        for (int second = 0; second <= 1000; ++second) {
            const auto before = f.web.asked.size();
            f.run();
            if (f.web.asked.size() != before)
                secondsOfProbes.append(second);
            f.clock.advance(1s);
        }
        // N = 3 at the pace of the cycles, then 10, 20, 40, 80, 160, 300 s apart, 10 % less or
        // more.
        QCOMPARE(secondsOfProbes.mid(0, 3), (QList<int>{0, 1, 2}));
        qsizetype probe = 3;
        for (const int apart : {10, 20, 40, 80, 160, 300}) {
            QVERIFY(secondsOfProbes.size() > probe);
            const int waited = secondsOfProbes[probe] - secondsOfProbes[probe - 1];
            QVERIFY2(waited >= 0.9 * apart && waited <= std::min(1.1 * apart + 1, 300.0),
                     qPrintable(QString::number(waited)));
            ++probe;
        }
    }

    void theCountOfFailuresIsShownAndReset() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.beat(id);
        f.run();
        f.clock.advance(30s);
        f.web.status[QStringLiteral("/readyz")] = 0;
        for (int i = 0; i < 3; ++i) {
            f.beat(id);
            f.run();
            f.clock.advance(10s);
        }
        QCOMPARE(f.result(id).failuresInRow, 3);
        QCOMPARE(f.instance(id).healthCheckFailures, 3);
        // The status of a ready one is the watchdog's; one row tells of the change.
        QCOMPARE(f.status(id), QStringLiteral("ready"));
        QCOMPARE(f.store.logsOf(actiontype::healthCheck).size(), 1U);
        f.web.status[QStringLiteral("/readyz")] = 200;
        f.clock.advance(10s);
        f.run();
        QCOMPARE(f.instance(id).healthCheckFailures, 0);
        QCOMPARE(f.store.logsOf(actiontype::healthCheck).size(), 2U);
    }

    void aLateBeatTakesAStartUpLimitBack() {
        Fixture f;
        f.web.status[QStringLiteral("/readyz")] = 0;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::StartupFailed);
        f.edit(id,
               [](InstanceRecord& r) { r.instance.errorCode = QStringLiteral("STARTUP_TIMEOUT"); });
        f.clock.advance(1s);
        f.beat(id, WorkerStatus::Starting);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("booting"));
    }

    void failedStartUpsOfAnotherKindStayFailed() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::StartupFailed);
        f.edit(id, [](InstanceRecord& r) {
            r.instance.errorCode = QStringLiteral("PROVIDER_START_FAILED");
        });
        f.clock.advance(1s);
        f.beat(id);
        f.run();
        QCOMPARE(f.status(id), QStringLiteral("startup_failed"));
    }

    void resultsOfAnOldIncarnationAreForgotten() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.beat(id);
        f.run();
        QVERIFY(f.result(id).ok);
        QVERIFY(finishedTask(f.reinstaller.begin(id, {})));
        f.web.status[QStringLiteral("/readyz")] = 0;
        f.run();
        QVERIFY(!f.result(id).ok);
        QCOMPARE(f.result(id).failuresInRow, 1);
        QVERIFY(f.change(id, TransitionCause::TerminateAsked));
        f.run();
        QVERIFY(!f.probes.results.contains(id));
    }

    void aStopEndsTheCycle() {
        Fixture f;
        f.add(QStringLiteral("a"), InstanceStatus::Ready);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(finishedTask(f.job.run(stop.get_token())).processed, 0);
        QVERIFY(f.web.asked.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestHealthCheck)
#include "tst_healthcheck.moc"
