#include "core/orchestrator/api/workerprogress.h"

#include <QTest>

using namespace vigie;

class TestWorkerProgress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsTheTable_data() {
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("sign"); // beats, ready, serving, late, work
        QTest::addColumn<QString>("cause");
        QTest::newRow("booting, registers") << "booting"
                                            << ""
                                            << "agent_seen";
        QTest::newRow("booting, beats") << "booting"
                                        << "beats"
                                        << "agent_seen";
        QTest::newRow("installing, registers again") << "installing"
                                                     << ""
                                                     << "";
        QTest::newRow("installing, beats") << "installing"
                                           << "beats"
                                           << "install_finished";
        QTest::newRow("starting, beats") << "starting"
                                         << "beats"
                                         << "";
        QTest::newRow("starting, ready") << "starting"
                                         << "beats ready"
                                         << "became_ready";
        QTest::newRow("ready stays") << "ready"
                                     << "beats ready"
                                     << "";
        QTest::newRow("hung stays unavailable") << "unavailable"
                                                << "beats ready"
                                                << "";
        QTest::newRow("serves again") << "unavailable"
                                      << "beats ready serving"
                                      << "became_ready";
        QTest::newRow("serves, not ready") << "unavailable"
                                           << "beats serving"
                                           << "";
        QTest::newRow("dead, registers") << "worker_dead"
                                         << ""
                                         << "";
        QTest::newRow("dead, beats") << "worker_dead"
                                     << "beats"
                                     << "worker_revived";
        QTest::newRow("dead, but work began") << "worker_dead"
                                              << "beats work"
                                              << "";
        QTest::newRow("late") << "startup_failed"
                              << "late"
                              << "late_worker";
        QTest::newRow("failed otherwise") << "startup_failed"
                                          << "beats ready"
                                          << "";
        QTest::newRow("provisioning") << "provisioning"
                                      << "beats ready"
                                      << "";
        QTest::newRow("draining") << "draining"
                                  << "beats ready"
                                  << "";
        QTest::newRow("terminating") << "terminating"
                                     << "beats ready"
                                     << "";
        QTest::newRow("terminated") << "terminated"
                                    << "beats ready"
                                    << "";
    }
    void followsTheTable() {
        QFETCH(QString, status);
        QFETCH(QString, sign);
        QFETCH(QString, cause);
        WorkerSign worker;
        worker.installed = sign.contains(QLatin1String("beats"));
        worker.mayBeReady = sign.contains(QLatin1String("ready"));
        worker.provenServing = sign.contains(QLatin1String("serving"));
        worker.lateAllowed = sign.contains(QLatin1String("late"));
        worker.workInHand = sign.contains(QLatin1String("work"));
        const auto step = nextStep(instanceStatusFromString(status), worker);
        QCOMPARE(step ? toString(*step) : QString(), cause);
        if (step)
            QVERIFY(transition(instanceStatusFromString(status), *step));
    }
};

QTEST_GUILESS_MAIN(TestWorkerProgress)
#include "tst_workerprogress.moc"
