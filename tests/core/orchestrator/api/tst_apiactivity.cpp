#include "core/orchestrator/samplebook.h"
#include "tests/core/orchestrator/api/apifixture.h"

#include <QJsonArray>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QByteArray figures = R"("metadata":{"gpus":[{"index":0,"gpu_utilization":50,)"
                           R"("gpu_mem_used_mb":10,"gpu_mem_total_mb":40,"gpu_temp_c":61}],)"
                           R"("system":{"cpu_usage_pct":12.5,"net_rx_bps":1000000}})";

struct Fleet : ApiFixture {
    InstanceId id = deploy();
    QString token;

    Fleet() {
        const QString secret = boot(id);
        const Answer registered = worker("register", secret, "\"worker_id\":\"w\"");
        token = registered.text("bootstrap_token");
    }
    Answer worker(const char* what, const QString& bearer, const QByteArray& members) {
        return post(QStringLiteral("/internal/worker/") + QLatin1String(what),
                    "{\"instance_id\":\"" + id.value().toUtf8() + "\"," + members + "}", bearer);
    }
    int beat() {
        return worker("heartbeat", token, R"("worker_id":"w","status":"starting",)" + figures)
            .status;
    }
    QJsonArray told(const char* what, const QString& query = {}) {
        const Answer answer = get(QStringLiteral("/%1/activity").arg(QLatin1String(what)) + query);
        return answer.status == 200 ? answer.object().value(QLatin1String("instances")).toArray()
                                    : QJsonArray();
    }
};

QJsonArray samplesOf(const QJsonValue& owner) {
    return owner.toObject().value(QLatin1String("samples")).toArray();
}

} // namespace

class TestApiActivity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void beatsAreToldAsTheContractSays() {
        Fleet fleet;
        QCOMPARE(fleet.beat(), 200);
        fleet.clock.advance(20s);
        QCOMPARE(fleet.beat(), 200);

        const Answer answer = fleet.get(QStringLiteral("/gpu/activity"));
        QCOMPARE(answer.object().value(QLatin1String("window_s")).toInt(), 300);
        QVERIFY(!answer.text("generated_at").isEmpty());
        const QJsonArray all = fleet.told("gpu");
        QCOMPARE(all.size(), 1);
        const QJsonObject one = all[0].toObject();
        QCOMPARE(one.value(QLatin1String("instance_id")).toString(), fleet.id.value());
        QCOMPARE(one.value(QLatin1String("instance_name")).toString(), Fleet::machine.value());
        QCOMPARE(one.value(QLatin1String("provider_name")).toString(), QStringLiteral("fake"));
        QVERIFY(one.contains(QLatin1String("gpu_count")));
        const QJsonArray gpus = one.value(QLatin1String("gpus")).toArray();
        QCOMPARE(gpus.size(), 1);
        const QJsonArray samples = samplesOf(gpus[0]);
        QCOMPARE(samples.size(), 2);
        const QJsonObject sample = samples[1].toObject();
        QCOMPARE(sample.value(QLatin1String("gpu_pct")).toDouble(), 50.0);
        QCOMPARE(sample.value(QLatin1String("vram_pct")).toDouble(), 25.0);
        QCOMPARE(sample.value(QLatin1String("temp_c")).toDouble(), 61.0);
        for (const char* unknown : {"power_w", "power_limit_w"})
            QVERIFY(sample.value(QLatin1String(unknown)).isNull());

        const QJsonObject system = samplesOf(fleet.told("system")[0])[0].toObject();
        QCOMPARE(system.value(QLatin1String("cpu_pct")).toDouble(), 12.5);
        QCOMPARE(system.value(QLatin1String("net_rx_mbps")).toDouble(), 8.0);
        for (const char* unknown : {"load1", "mem_pct", "disk_pct", "net_tx_mbps"})
            QVERIFY(system.value(QLatin1String(unknown)).isNull());
    }

    void granularityMakesMeans() {
        Fleet fleet;
        for (int i = 0; i < 30; ++i) {
            QCOMPARE(fleet.beat(), 200);
            fleet.clock.advance(10s);
        }
        const auto points = [&](const char* granularity) {
            const QJsonArray all =
                fleet.told("system", QStringLiteral("?window_s=600&granularity=") +
                                         QLatin1String(granularity));
            return samplesOf(all[0]).size();
        };
        QCOMPARE(points("raw"), 30);
        QCOMPARE(points("second"), 30);
        QVERIFY(points("minute") >= 5 && points("minute") <= 6);
        QCOMPARE(points("60"), points("minute"));
        QVERIFY(points("day") >= 1 && points("day") <= 2);
    }

    // Nobody told anything of it, so nothing is told.
    void anInstanceThatToldNothingHasNoFigures() {
        Fleet fleet;
        const InstanceId silent = fleet.deploy();
        const QString query = QStringLiteral("?instance_id=") + silent.value();
        const QJsonArray gpu = fleet.told("gpu", query);
        QCOMPARE(gpu.size(), 1);
        QVERIFY(gpu[0].toObject().value(QLatin1String("gpus")).toArray().isEmpty());
        QVERIFY(gpu[0].toObject().value(QLatin1String("instance_name")).isNull());
        QVERIFY(samplesOf(fleet.told("system", query)[0]).isEmpty());
        QCOMPARE(fleet.told("gpu").size(), 2);
    }

    void badQueriesSayWhatWasExpected_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* query, const char* says) {
            QTest::newRow(query) << QString::fromLatin1(query) << QString::fromLatin1(says);
        };
        row("window_s=29", "from 30 to 3600");
        row("window_s=3601", "from 30 to 3600");
        row("window_s=x", "from 30 to 3600");
        row("instance_id=x", "UUID");
        row("instance_id=", "UUID");
        row("granularity=fortnight", "raw, second, minute");
        row("granularity=0", "from 1 to 3600");
        row("granularity=-5", "from 1 to 3600");
        row("granularity=", "from 1 to 3600");
    }
    void badQueriesSayWhatWasExpected() {
        QFETCH(QString, query);
        QFETCH(QString, says);
        Fleet fleet;
        for (const char* path : {"/gpu/activity?", "/system/activity?"}) {
            const Answer answer = fleet.get(QLatin1String(path) + query);
            QCOMPARE(answer.status, 400);
            QVERIFY2(answer.text("message").contains(says), qPrintable(answer.text("message")));
        }
    }

    void anUnknownInstanceIsNotFound() {
        Fleet fleet;
        const Answer answer = fleet.get(QStringLiteral("/gpu/activity?instance_id=") + newUuid());
        QCOMPARE(answer.status, 404);
    }

    void anAwayStoreIsNoEmptyList() {
        Fleet fleet;
        QCOMPARE(fleet.beat(), 200);
        fleet.breakable->broken = true;
        // Memory doesn't reach back so far.
        QCOMPARE(fleet.get(QStringLiteral("/gpu/activity")).status, 503);
        QCOMPARE(fleet.get(QStringLiteral("/system/activity")).status, 503);
        fleet.clock.advance(5min);
        const QString path = QStringLiteral("/gpu/activity?window_s=300");
        QCOMPARE(fleet.get(path).status, 200);
    }

    void manySamplesAreRefusedWithAWayOut() {
        Fleet fleet;
        Heartbeat beat;
        beat.instanceId = fleet.id;
        for (int i = 0; i < 64; ++i)
            beat.gpus.push_back({i, 1.0, {}, {}, {}, {}, {}});
        for (int i = 0; i < 800; ++i)
            fleet.plane.samples().note(fleet.id, beat);
        const Answer answer = fleet.get(QStringLiteral("/gpu/activity"));
        QCOMPARE(answer.status, 400);
        QVERIFY(answer.text("message").contains(QLatin1String("coarser granularity")));
        QCOMPARE(fleet.get(QStringLiteral("/gpu/activity?granularity=minute")).status, 200);
    }
};

QTEST_GUILESS_MAIN(TestApiActivity)
#include "tst_apiactivity.moc"
