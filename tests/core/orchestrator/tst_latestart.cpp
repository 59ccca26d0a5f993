#include "core/orchestrator/jobs/recovery/recoveryjob.h"
#include "tests/core/orchestrator/healthcheckfixture.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;
using jobs::recovery::RecoveryJob;

namespace {

/// A worker that starts, and the two jobs that lead it on or end it at its limit.
struct LateStart : HealthCheckFixture {
    RecoveryJob recovery{context, {}, watchdog};
    InstanceId id = add(QStringLiteral("a"), InstanceStatus::Starting);

    LateStart() { web.status[QStringLiteral("/readyz")] = 503; }

    void cycle(std::optional<WorkerStatus> beats) {
        if (beats)
            beat(id, *beats);
        finishedTask(plane.flushBeats());
        finishedTask(job.run({}));
        finishedTask(recovery.run({}));
        clock.advance(30s);
    }
};

} // namespace

class TestLateStart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoBeatsAllAlongStaysFailed_data() {
        QTest::addColumn<bool>("says"); // that it is ready, or only its probe does
        QTest::newRow("says ready") << true;
        QTest::newRow("probes ready") << false;
    }
    void whoBeatsAllAlongStaysFailed() {
        QFETCH(bool, says);
        LateStart f;
        for (int i = 0; i < 62; ++i) // past the limit of half an hour
            f.cycle(WorkerStatus::Starting);
        QCOMPARE(f.status(f.id), QStringLiteral("startup_failed"));
        QCOMPARE(f.instance(f.id).errorCode, QStringLiteral("STARTUP_TIMEOUT"));
        QVERIFY2(f.instance(f.id).errorMessage.endsWith(
                     QLatin1String("Its worker beats, but did not become ready.")),
                 qPrintable(f.instance(f.id).errorMessage));
        const std::size_t changes = f.store.changes.size();
        f.load(); // a restart forgets nothing of it
        for (int i = 0; i < 20; ++i)
            f.cycle(WorkerStatus::Starting);
        f.cycle(std::nullopt);
        f.clock.advance(1h);
        f.cycle(WorkerStatus::Starting);
        f.cycle(WorkerStatus::Ready); // its probe says otherwise
        QCOMPARE(f.status(f.id), QStringLiteral("startup_failed"));
        QCOMPARE(f.store.changes.size(), changes);
        f.web.status[QStringLiteral("/readyz")] = 200;
        f.clock.advance(301s); // longest wait between two probes of who fails
        for (int i = 0; i < 3; ++i)
            f.cycle(says ? WorkerStatus::Ready : WorkerStatus::Starting);
        QCOMPARE(f.status(f.id), QStringLiteral("ready"));
        QVERIFY(!f.plane.find(f.id)->heardAtLimit);
    }

    void whoWasSilentAtTheLimitIsLateOnce() {
        LateStart f;
        for (int i = 0; i < 62; ++i)
            f.cycle(i < 20 ? std::optional(WorkerStatus::Starting) : std::nullopt);
        QCOMPARE(f.status(f.id), QStringLiteral("startup_failed"));
        f.cycle(WorkerStatus::Starting);
        QCOMPARE(f.status(f.id), QStringLiteral("booting"));
        for (int i = 0; i < 70; ++i)
            f.cycle(WorkerStatus::Starting);
        QCOMPARE(f.status(f.id), QStringLiteral("startup_failed"));
    }
};

QTEST_GUILESS_MAIN(TestLateStart)
#include "tst_latestart.moc"
