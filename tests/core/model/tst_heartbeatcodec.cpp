#include "core/model/heartbeatcodec.h"
#include "core/model/heartbeatfields.h"

#include <QTest>

using namespace vigie;

namespace {

/// JSON with ' in place of ": moc of Qt 6.4 loses its way in raw strings.
QByteArray json(const char* text) {
    return QByteArray(text).replace('\'', '"');
}

Heartbeat fullBeat() {
    Heartbeat beat;
    beat.instanceId = InstanceId(QStringLiteral("i-1"));
    beat.workerId = QStringLiteral("w-1");
    beat.status = WorkerStatus::Ready;
    beat.modelId = QStringLiteral("llama-3");
    beat.queueDepth = 3;
    beat.gpuUtilization = 71.5;
    beat.gpuMemUsedMb = 20480;
    beat.ipAddress = QStringLiteral("10.0.0.7");
    beat.agent = {QStringLiteral("0.1.0"), QStringLiteral("2026-11-01"), QStringLiteral("abc")};
    for (int i = 0; i < 2; ++i) {
        GpuSample gpu;
        gpu.index = i;
        for (const auto& [name, member] : gpuFields)
            gpu.*member = i * 100 + static_cast<double>(name.size());
        beat.gpus.push_back(gpu);
    }
    SystemSample system;
    system.diskPath = QStringLiteral("/data");
    int number = 1'000'000'007;
    for (const SystemField& field : systemFields)
        std::visit([&](auto member) { system.*member = number++; }, field.member);
    beat.system = system;
    beat.vllm = QueueSample{2, 1, 3};
    beat.metadataJson = json("{'rack':{'row':7},'é \\\"x\\\"':[1,2]}");
    return beat;
}

bool sameFigures(const Heartbeat& a, const Heartbeat& b) {
    bool same = a.gpus.size() == b.gpus.size() && a.system.has_value() == b.system.has_value() &&
                a.vllm.has_value() == b.vllm.has_value();
    for (std::size_t i = 0; same && i < a.gpus.size(); ++i) {
        for (const auto& [name, member] : gpuFields)
            same = same && a.gpus[i].*member == b.gpus[i].*member;
        same = same && a.gpus[i].index == b.gpus[i].index;
    }
    for (const SystemField& field : systemFields)
        std::visit([&](auto m) { same = same && (*a.system).*m == (*b.system).*m; }, field.member);
    for (const auto& [name, member] : queueFields)
        same = same && (*a.vllm).*member == (*b.vllm).*member;
    return same && a.system->diskPath == b.system->diskPath;
}

} // namespace

class TestHeartbeatCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHeartbeatReadsBack() {
        const Heartbeat sent = fullBeat();
        const auto read = decodeHeartbeat(encodeHeartbeat(sent));
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().message));
        QVERIFY(read->instanceId == sent.instanceId && read->workerId == sent.workerId);
        QVERIFY(read->status == sent.status && read->modelId == sent.modelId);
        QVERIFY(read->queueDepth == sent.queueDepth && read->gpuMemUsedMb == sent.gpuMemUsedMb);
        QVERIFY(read->gpuUtilization == sent.gpuUtilization && read->ipAddress == sent.ipAddress);
        QCOMPARE(read->agent.checksum, sent.agent.checksum);
        QCOMPARE(read->agent.buildDate, sent.agent.buildDate);
        QVERIFY(sameFigures(*read, sent));
        QVERIFY(read->metadataJson.contains(json("'rack':{'row':7}")));
        QVERIFY(read->metadataJson.contains("\\\"x\\\""));
        // Figures and unknown members survive a second turn without doubling.
        const auto again = decodeHeartbeat(encodeHeartbeat(*read));
        QVERIFY(again && sameFigures(*again, sent));
        QCOMPARE(again->metadataJson, read->metadataJson);
        const WorkerFigures figures = decodeWorkerFigures(read->metadataJson);
        QCOMPARE(figures.gpus.size(), std::size_t(2));
        QVERIFY(figures.system && figures.vllm);
        QVERIFY(decodeWorkerFigures("rubbish").gpus.empty());
    }

    void theLeastIsEnough() {
        const auto beat = decodeHeartbeat(json("{'instance_id':'i'}"));
        QVERIFY(beat && beat->status == WorkerStatus::Unknown && !beat->queueDepth);
        QVERIFY(beat->gpus.empty() && !beat->system && !beat->vllm && beat->metadataJson.isEmpty());
    }

    void whatCantBeIsNotTold() {
        const auto read = [](const char* depth, const char* gpu, const char* memory) {
            return *decodeHeartbeat(QByteArray("{\"instance_id\":\"i\",\"queue_depth\":") + depth +
                                    ",\"gpu_utilization\":" + gpu +
                                    ",\"gpu_mem_used_mb\":" + memory + '}');
        };
        const Heartbeat odd = read("-5", "900", "-1");
        QVERIFY(!odd.queueDepth && !odd.gpuUtilization && !odd.gpuMemUsedMb);
        const Heartbeat least = read("0", "0", "0");
        QVERIFY(least.queueDepth == 0 && least.gpuUtilization == 0.0 && least.gpuMemUsedMb == 0.0);
        QCOMPARE(read("1", "100", "1").gpuUtilization, std::optional(100.0));
    }

    void whatIsUnknownStaysAbsent() {
        const auto beat = decodeHeartbeat(
            json("{'instance_id':'i','worker_id':7,'status':'READY','queue_depth':'4',"
                 "'gpu_utilization':null,'gpu_mem_used_mb':[1],'agent_info':{'checksum':'ab'},"
                 "'metadata':{'gpus':[7,{'index':'x'},{'index':5,'gpu_temp_c':'61.5'}],"
                 "'system':{'cpu_usage_pct':'high','load1':1e-3,'mem_total_bytes':1.5,"
                 "'disk_total_bytes':9007199254740993},'vllm':[]}}"));
        QVERIFY(beat);
        QVERIFY(beat->workerId.isEmpty() && beat->status == WorkerStatus::Unknown);
        QCOMPARE(beat->queueDepth, std::optional(4));
        QVERIFY(!beat->gpuUtilization && !beat->gpuMemUsedMb && !beat->vllm);
        QCOMPARE(beat->agent.checksum, QStringLiteral("ab")); // shorter than any real one
        QCOMPARE(beat->gpus.size(), std::size_t(2));
        QCOMPARE(beat->gpus[1].index, 5);
        QCOMPARE(beat->gpus[1].tempC, std::optional(61.5));
        QVERIFY(!beat->gpus[1].memUsedMb);
        QVERIFY(!beat->system->cpuUsagePct && !beat->system->memTotalBytes);
        QCOMPARE(beat->system->load1, std::optional(0.001));
        QCOMPARE(beat->system->diskTotalBytes, std::optional<qint64>(9007199254740993));
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QByteArray& body, const char* says) {
            QTest::newRow(name) << body << QString::fromLatin1(says);
        };
        row("empty", "", "is empty");
        row("html", "<html>", "HTML");
        row("array", "[]", "object was expected");
        row("number", "1", "object was expected");
        row("truncated", json("{'instance_id':'i'"), "cannot be read");
        row("no id", "{}", "no instance_id");
        row("id is null", json("{'instance_id':null}"), "no instance_id");
        row("id is a number", json("{'instance_id':7}"), "no instance_id");
        row("id is empty", json("{'instance_id':''}"), "no instance_id");
        row("long id", json("{'instance_id':'") + QByteArray(129, 'x') + "\"}", "at most 128");
        row("long worker id",
            json("{'instance_id':'i','worker_id':'") + QByteArray(129, 'x') + "\"}", "at most 128");
        row("bad utf-8", "{\"instance_id\":\"\xff\"}", "cannot be read");
        row("deep",
            json("{'instance_id':'i','metadata':") + QByteArray(5000, '[') + QByteArray(5000, ']') +
                '}',
            "cannot be read");
        row("huge metadata",
            json("{'instance_id':'i','metadata':{'x':'") + QByteArray(70'000, 'x') + "\"}}",
            "metadata has");
        row("huge body", QByteArray(300'000, ' ') + "{}", "at most 262144");
    }

    void refused() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        const auto check = [&](const Failure& failure) {
            QVERIFY(failure.kind == FailureKind::Invalid || failure.kind == FailureKind::TooLarge);
            QCOMPARE(failure.code, QStringLiteral("invalid_request"));
            QVERIFY2(failure.message.contains(says), qPrintable(failure.message));
        };
        const auto beat = decodeHeartbeat(body);
        const auto registration = decodeRegistration(body);
        QVERIFY(!beat && !registration);
        check(beat.error());
        check(registration.error());
    }

    void tooManyGpusAreCut() {
        QByteArray body = json("{'instance_id':'i','metadata':{'gpus':[");
        for (int i = 0; i < 500; ++i)
            body += QByteArray(i ? "," : "") + "{}";
        const auto beat = decodeHeartbeat(body + "]}}");
        QVERIFY(beat);
        QCOMPARE(beat->gpus.size(), std::size_t(64));
        QCOMPARE(beat->gpus.back().index, 63);
    }

    void aRegistrationReadsBack() {
        const Registration sent{
            InstanceId(QStringLiteral("i")), QStringLiteral("w"), QStringLiteral("m"), 8000, 8080,
            QStringLiteral("::1"),           json("{'a':1}")};
        const auto read = decodeRegistration(encodeRegistration(sent));
        QVERIFY(read && read->instanceId == sent.instanceId && read->workerId == sent.workerId);
        QVERIFY(read->vllmPort == 8000 && read->healthPort == 8080 &&
                read->modelId == sent.modelId);
        QVERIFY(read->ipAddress == sent.ipAddress && read->metadataJson == sent.metadataJson);
        const auto odd = decodeRegistration(
            json("{'instance_id':'i','vllm_port':70000,'health_port':-1,'metadata':[1]}"));
        QVERIFY(odd && !odd->vllmPort && !odd->healthPort && odd->metadataJson.isEmpty());

        const RegistrationAnswer answer{QStringLiteral("registered"), QStringLiteral("secret"),
                                        QStringLiteral("sec")};
        const auto back = decodeRegistrationAnswer(encodeRegistrationAnswer(answer));
        QVERIFY(back && back->bootstrapToken == answer.bootstrapToken);
        QVERIFY(!encodeRegistrationAnswer({QStringLiteral("ok"), {}, {}}).contains("token"));
        QVERIFY(!decodeRegistrationAnswer("[]"));
    }
};

QTEST_GUILESS_MAIN(TestHeartbeatCodec)
#include "tst_heartbeatcodec.moc"
