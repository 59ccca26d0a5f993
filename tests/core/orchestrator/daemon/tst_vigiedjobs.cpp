#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/core/orchestrator/daemon/cloudfile.h"
#include "tests/support/program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

const QByteArray deployment = "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\","
                              "\"instance_type\":\"mock.cpu\",\"model_id\":\"m\"}";

QJsonArray arrayOf(const Answered& answer) {
    return QJsonDocument::fromJson(answer.body).array();
}

} // namespace

/// The jobs of a real vigied with the mock provider: what happens to its machines and volumes
/// behind its back.
class TestVigiedJobs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aVolumeLeftBehindIsReconciled();
    void theModelIsReallyAsked();

private:
    static QJsonObject start(Program& vigied, const QTemporaryDir& folder, const QString& listen) {
        const auto set = [&vigied](const char* name, const char* value) {
            vigied.setEnvironment(QStringLiteral("VIGIE_") + QLatin1String(name),
                                  QLatin1String(value));
        };
        for (const char* stage : {"BOOT", "INSTALL", "LOAD", "LATENCY"})
            set(qPrintable(QStringLiteral("PROVIDERS_MOCK_%1_SECONDS").arg(QLatin1String(stage))),
                "0.05");
        set("PROVIDERS_MOCK_WORKER_HEARTBEAT_INTERVAL_SECONDS", "0.2");
        set("WATCHDOG_HEARTBEAT_TIMEOUT_SECONDS", "3");
        for (const char* job : {"PROVISIONING", "HEALTH_CHECK", "TERMINATOR", "WORKER_WATCHDOG",
                                "WATCH_DOG", "VOLUME_RECONCILIATION", "RECOVERY"})
            set(qPrintable(QStringLiteral("JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(job))),
                "0.2");
        for (const char* job : {"WATCH_DOG", "VOLUME_RECONCILIATION"}) {
            set(qPrintable(QStringLiteral("JOBS_%1_ORPHAN_AFTER_SECONDS").arg(QLatin1String(job))),
                "1");
            set(qPrintable(QStringLiteral("JOBS_%1_DELETE_AFTER_SECONDS").arg(QLatin1String(job))),
                "2");
        }
        set("JOBS_HEALTH_CHECK_SYNTHETIC_PROBE", "true");
        set("JOBS_HEALTH_CHECK_SYNTHETIC_INTERVAL_SECONDS", "1");
        return vigied.startAndListen(
            {QStringLiteral("--provider"), QStringLiteral("mock"), QStringLiteral("--listen"),
             listen, QStringLiteral("--store"),
             QStringLiteral("sqlite:") + folder.filePath(QStringLiteral("f.db"))});
    }
    static QString statusOf(Caller& caller, const QString& id) {
        const Answered answer =
            caller.call(caller.request("GET", QStringLiteral("/instances/") + id));
        return QJsonDocument::fromJson(answer.body)
            .object()
            .value(QLatin1String("status"))
            .toString();
    }
    static QString deploy(Caller& caller) {
        const Answered answer =
            caller.call(caller.request("POST", QStringLiteral("/deployments"), deployment));
        return QJsonDocument::fromJson(answer.body)
            .object()
            .value(QLatin1String("instance_id"))
            .toString();
    }
};

// A machine vanishes and leaves its disk; another one appears that nobody asked for.
void TestVigiedJobs::aVolumeLeftBehindIsReconciled() {
    QTemporaryDir folder;
    QString listen = QStringLiteral("127.0.0.1:0");
    QStringList ids;
    {
        Program vigied(QStringLiteral("vigied"));
        const QJsonObject line = start(vigied, folder, listen);
        Caller caller(line);
        // Workers beat to this address after the restart too.
        listen = QStringLiteral("127.0.0.1:%1")
                     .arg(QUrl(line.value(QLatin1String("url")).toString()).port());
        for (int i = 0; i < 2; ++i)
            ids.append(deploy(caller));
        for (const QString& id : ids)
            QTRY_COMPARE_WITH_TIMEOUT(statusOf(caller, id), QStringLiteral("ready"), 60'000);
        const Answered volumes = caller.call(caller.request("GET", QStringLiteral("/volumes")));
        QCOMPARE(volumes.status, 200);
        QCOMPARE(arrayOf(volumes).size(), 2);
        const Answered run =
            caller.call(caller.request("POST", QStringLiteral("/jobs/volume-reconciliation/run")));
        QCOMPARE(run.status, 202);
        const QJsonArray asked = arrayOf(
            caller.call(caller.request("GET", QStringLiteral("/action_logs?action_type=JOB_RUN"))));
        QCOMPARE(asked.at(0).toObject().value(QLatin1String("request_payload")),
                 QJsonObject({{QStringLiteral("job"), QStringLiteral("volume-reconciliation")}}));
        vigied.kill9();
    }
    CloudFile cloud(folder.path());
    QJsonArray machines = cloud.root.value(QLatin1String("machines")).toArray();
    QCOMPARE(machines.size(), 2);
    QJsonArray left;
    QJsonArray stay;
    QString stray;
    for (const QJsonValue& each : machines) {
        QJsonObject machine = each.toObject();
        if (machine.value(QLatin1String("instance_id")).toString() == ids[0]) {
            left.append(QJsonObject{
                {QStringLiteral("id"),
                 machine.value(QLatin1String("id")).toString() + QLatin1String("-root")},
                {QStringLiteral("tags"), machine.value(QLatin1String("tags"))},
                {QStringLiteral("created_at"), machine.value(QLatin1String("created_at"))}});
            continue;
        }
        stay.append(machine);
        stray = QStringLiteral("mock-stray");
        machine.insert(QStringLiteral("id"), stray);
        machine.insert(QStringLiteral("running"), false);
        stay.append(machine);
    }
    cloud.root.insert(QStringLiteral("machines"), stay);
    cloud.root.insert(QStringLiteral("left_volumes"), left);
    QVERIFY(cloud.write());

    Program vigied(QStringLiteral("vigied"));
    Caller caller(start(vigied, folder, listen));
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(caller, ids[0]), QStringLiteral("terminated"), 30'000);
    bool seen = false;
    const auto orphanSeen = [&] {
        const QJsonArray orphans =
            arrayOf(caller.call(caller.request("GET", QStringLiteral("/volumes?orphan=true"))));
        for (const QJsonValue& each : orphans)
            seen = seen || each.toObject().value(QLatin1String("instance_id")) == ids[0];
        return seen;
    };
    QTRY_VERIFY_WITH_TIMEOUT(orphanSeen(), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(cloud.list("left_volumes").isEmpty(), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(cloud.list("machines").size(), 1, 60'000);
    QCOMPARE(statusOf(caller, ids[1]), QStringLiteral("ready"));
    for (const char* type : {"VOLUME_ORPHAN_MARKED", "MACHINE_ORPHAN_MARKED"}) {
        const auto ended = [&] {
            const QJsonArray rows = arrayOf(caller.call(caller.request(
                "GET", QStringLiteral("/action_logs?action_type=") + QLatin1String(type))));
            return rows.size() == 1 &&
                   rows[0].toObject().value(QLatin1String("status")) == QLatin1String("success");
        };
        QTRY_VERIFY_WITH_TIMEOUT(ended(), 30'000);
    }
    const auto tells = [&](const char* line) {
        return caller.call(caller.request("GET", QStringLiteral("/metrics"))).body.contains(line);
    };
    QVERIFY(tells("vigie_volumes_reconciled_total{result=\"deleted\"} 1"));
    QTRY_VERIFY_WITH_TIMEOUT(tells("vigie_orphan_machines 0"), 30'000);
}

void TestVigiedJobs::theModelIsReallyAsked() {
    QTemporaryDir folder;
    Program vigied(QStringLiteral("vigied"));
    Caller caller(start(vigied, folder, QStringLiteral("127.0.0.1:0")));
    const QString id = deploy(caller);
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(caller, id), QStringLiteral("ready"), 60'000);
    const auto asked = [&] {
        const QByteArray page = caller.call(caller.request("GET", QStringLiteral("/metrics"))).body;
        const auto at = page.indexOf("vigie_synthetic_probe_duration_seconds_count ");
        const auto end = page.indexOf('\n', at);
        return at < 0 ? 0.0 : page.mid(at, end - at).split(' ').last().toDouble();
    };
    QTRY_VERIFY_WITH_TIMEOUT(asked() > 0, 30'000);
}

QTEST_GUILESS_MAIN(TestVigiedJobs)
#include "tst_vigiedjobs.moc"
