#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/program.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace vigie;

/// A real vigied is killed between taking a command and its effect: the next one carries it out.
class TestCommandKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The provider takes 5 s to answer: so long the order is taken and not done.
    void aReconciliationThatWasTakenIsDeliveredAgain() {
        QTemporaryDir folder;
        {
            Program vigied(QStringLiteral("vigied"));
            Caller caller(start(vigied, folder, "5"));
            QTRY_VERIFY(figure(caller, "vigie_job_runs_total{job=\"provisioning\"}") > 0);
            QCOMPARE(post(caller, "/reconcile").status, 202);
            QTRY_COMPARE(figure(caller, "vigie_commands_in_hand"), 1.0);
            vigied.kill9();
        }
        Program vigied(QStringLiteral("vigied"));
        Caller caller(start(vigied, folder, "0.01"));
        // A job that only its order runs: each has an interval of an hour.
        QTRY_COMPARE(figure(caller, "vigie_commands_total{result=\"done\"}"), 1.0);
        QTRY_COMPARE(figure(caller, "vigie_commands_queued{command=\"RECONCILE\"}"), 0.0);
        QVERIFY(figure(caller, "vigie_job_runs_total{job=\"volume-reconciliation\"}") >= 1);
    }

    void deploymentsThatWereAnsweredAreCarriedOut() {
        QTemporaryDir folder;
        QStringList ids;
        QString listen = QStringLiteral("127.0.0.1:0");
        for (int round = 0; round < 4; ++round) {
            Program vigied(QStringLiteral("vigied"));
            const QJsonObject line = start(vigied, folder, "0.01", listen);
            listen = QStringLiteral("127.0.0.1:%1")
                         .arg(QUrl(line.value(QLatin1String("url")).toString()).port());
            Caller caller(line);
            const Answered answer = post(caller, "/deployments", deployment);
            QCOMPARE(answer.status, 202);
            ids.append(QJsonDocument::fromJson(answer.body)
                           .object()
                           .value(QLatin1String("instance_id"))
                           .toString());
            vigied.kill9(); // at once
        }
        Program vigied(QStringLiteral("vigied"));
        Caller caller(start(vigied, folder, "0.01", listen));
        const auto ready = [&] {
            int count = 0;
            for (const QJsonValue& each : caller.instances())
                count += each.toObject().value(QLatin1String("status")).toString() == u"ready";
            return count == ids.size();
        };
        QTRY_VERIFY_WITH_TIMEOUT(ready(), 60'000);
        QTRY_COMPARE(figure(caller, "vigie_commands_queued{command=\"PROVISION\"}"), 0.0);
        // And each has one machine: nothing was done twice.
        QCOMPARE(caller.instances().size(), ids.size());
        QTRY_VERIFY(figure(caller, "vigie_orphan_machines") == 0);
    }

private:
    static QJsonObject start(Program& vigied, const QTemporaryDir& folder, const char* latency,
                             const QString& listen = QStringLiteral("127.0.0.1:0")) {
        const auto set = [&vigied](const QString& name, const char* value) {
            vigied.setEnvironment(QStringLiteral("VIGIE_") + name, QLatin1String(value));
        };
        for (const char* stage : {"BOOT", "INSTALL", "LOAD"})
            set(QStringLiteral("PROVIDERS_MOCK_%1_SECONDS").arg(QLatin1String(stage)), "0.05");
        set(QStringLiteral("PROVIDERS_MOCK_LATENCY_SECONDS"), latency);
        set(QStringLiteral("PROVIDERS_MOCK_WORKER_HEARTBEAT_INTERVAL_SECONDS"), "0.2");
        set(QStringLiteral("JOBS_HEALTH_CHECK_INTERVAL_SECONDS"), "0.2");
        for (const char* job :
             {"PROVISIONING", "TERMINATOR", "WATCH_DOG", "RECOVERY", "VOLUME_RECONCILIATION"})
            set(QStringLiteral("JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(job)), "3600");
        return vigied.startAndListen(
            {QStringLiteral("--provider"), QStringLiteral("mock"), QStringLiteral("--listen"),
             listen, QStringLiteral("--store"),
             QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"))});
    }
    static Answered post(Caller& caller, const char* path, const QByteArray& body = "{}") {
        return caller.call(caller.request("POST", QLatin1String(path), body));
    }
    /// A line of /metrics; -1 when it is not there.
    static double figure(Caller& caller, const QByteArray& series) {
        const QByteArray page =
            '\n' + caller.call(caller.request("GET", QStringLiteral("/metrics"))).body;
        const qsizetype at = page.indexOf('\n' + series + ' ');
        if (at < 0)
            return -1;
        const qsizetype value = at + series.size() + 2;
        return page.mid(value, page.indexOf('\n', value) - value).toDouble();
    }

    static inline const QByteArray deployment =
        "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\",\"instance_type\":\"mock.cpu\","
        "\"model_id\":\"m\"}";
};

QTEST_GUILESS_MAIN(TestCommandKill)
#include "tst_commandkill.moc"
