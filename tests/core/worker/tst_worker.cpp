#include "core/worker/worker.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultyserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

struct FixedSensors final : Sensors {
    Figures sample() override {
        Figures f;
        f.system.load1 = 1.5;
        f.gpus.push_back({0, 40.0, 1000.0, 2000.0, {}, {}, {}});
        f.gpus.push_back({1, 60.0, 500.0, 2000.0, 55.0, {}, {}});
        return f;
    }
};

struct SteeredModel final : ModelCheck {
    ModelState state;
    Task<ModelState> look(std::stop_token) override { co_return state; }
};

struct Rig {
    FakeClock clock;
    FaultyServer controlPlane;
    HttpClient client{clock};
    FixedSensors sensors;
    SteeredModel model;
    EventLog events{clock, 100, true};
    std::unique_ptr<Worker> worker;

    Rig() {
        controlPlane.play({faults::json(200, "{}")});
        WorkerOptions options;
        options.instanceId = InstanceId(QStringLiteral("i-1"));
        options.workerId = QStringLiteral("w\"1\n\\"); // must not break a metrics page
        options.modelId = QStringLiteral("llama");
        options.agent = {QStringLiteral("1.2.3"), QStringLiteral("2026"), QStringLiteral("abc")};
        options.link.controlPlane = controlPlane.url(QString());
        worker = std::make_unique<Worker>(
            WorkerParts{clock, client, sensors, model, events, nullptr}, options);
    }
    ServerResponse get(const QString& path, const QString& query = {},
                       const QByteArray& method = "GET") {
        ServerRequest request;
        request.method = method;
        request.path = path;
        request.query = QUrlQuery(query);
        ServerResponse got;
        worker->handle(request, [&got](ServerResponse r) { got = std::move(r); });
        return got;
    }
    QJsonObject json(const QString& path, const QString& query = {}) {
        return QJsonDocument::fromJson(get(path, query).body->joined()).object();
    }
};

} // namespace

class TestWorker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isReadyWhileItsModelServes() {
        Rig rig;
        rig.model.state = {false, QStringLiteral("connection refused"), {}};
        rig.worker->start(1000, 2000);
        QCOMPARE(rig.get(QStringLiteral("/healthz")).status, 200);
        const ServerResponse notReady = rig.get(QStringLiteral("/readyz"));
        QCOMPARE(notReady.status, 503);
        QVERIFY(notReady.body->joined().contains("connection refused"));
        rig.model.state = {true, {}, {}};
        rig.clock.advance(2s);
        QCOMPARE(rig.get(QStringLiteral("/readyz")).status, 200);
        QCOMPARE(rig.json(QStringLiteral("/info")).value(QLatin1String("vllm_ready")).toBool(),
                 true);
        rig.model.state = {false, QStringLiteral("gone"), {}};
        rig.clock.advance(2s);
        QCOMPARE(rig.get(QStringLiteral("/readyz")).status, 503);
    }

    void beatsTellTheSame() {
        Rig rig;
        rig.model.state = {true, {}, QueueSample{1, 2, 3}};
        rig.worker->start(1000, 2000);
        QTRY_COMPARE(rig.worker->link().counts().accepted, quint64(1));
        const auto& requests = rig.controlPlane.requests();
        const QJsonObject registration = QJsonDocument::fromJson(requests[0].body).object();
        QCOMPARE(registration.value(QLatin1String("health_port")).toInt(), 1000);
        QCOMPARE(registration.value(QLatin1String("vllm_port")).toInt(), 2000);
        const QJsonObject beat = QJsonDocument::fromJson(requests[1].body).object();
        QCOMPARE(beat.value(QLatin1String("status")).toString(), QStringLiteral("ready"));
        QCOMPARE(beat.value(QLatin1String("queue_depth")).toInt(), 3);
        QCOMPARE(beat.value(QLatin1String("gpu_utilization")).toDouble(), 50.0);   // mean
        QCOMPARE(beat.value(QLatin1String("gpu_mem_used_mb")).toDouble(), 1500.0); // sum
    }

    void aSilencedAgentStillServes() {
        Rig rig;
        rig.model.state.ready = true;
        rig.worker->start(1000, 1000);
        QTRY_COMPARE(rig.worker->link().counts().accepted, quint64(1));
        rig.worker->setBeating(false);
        rig.clock.advance(1min);
        QCOMPARE(rig.worker->link().counts().accepted, quint64(1));
        QCOMPARE(rig.get(QStringLiteral("/readyz")).status, 200);
        rig.worker->setBeating(true);
        QTRY_COMPARE(rig.worker->link().counts().accepted, quint64(2));
    }

    void wrongPathsMethodsAndValues_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("status");
        const auto row = [](const char* method, const char* path, const char* query, int status) {
            QTest::addRow("%s %s?%s", method, path, query)
                << QByteArray(method) << QString::fromUtf8(path) << QString::fromUtf8(query)
                << status;
        };
        for (const char* path : {"/healthz", "/info", "/logs", "/metrics"}) {
            row("GET", path, "", 200);
            row("HEAD", path, "", 200);
            row("POST", path, "", 405);
            row("DELETE", path, "", 405);
        }
        row("GET", "/", "", 404);
        row("GET", "/healthz/", "", 404);
        row("GET", "/HEALTHZ", "", 404);
        row("POST", "/nowhere", "", 404);
        row("GET", "/v1/models", "", 404); // no mock engine here
        row("POST", "/mock/faults", "", 404);
        row("GET", "/logs", "tail=1", 200);
        row("GET", "/logs", "tail=1000", 200);
        row("GET", "/logs", "tail=0", 400);
        row("GET", "/logs", "tail=1001", 400);
        row("GET", "/logs", "tail=-3", 400);
        row("GET", "/logs", "tail=ten", 400);
        row("GET", "/logs", "tail=", 400);
        row("GET", "/logs", "tail=99999999999999999999", 400);
        row("GET", "/logs", "since=2026-11-01T00:00:00Z", 200);
        row("GET", "/logs", "since=2026-11-01T00:00:00%2B01:00", 200);
        row("GET", "/logs", "since=yesterday", 400);
        row("GET", "/logs", "since=", 400);
    }
    void wrongPathsMethodsAndValues() {
        QFETCH(QByteArray, method);
        QFETCH(QString, path);
        QFETCH(QString, query);
        QFETCH(int, status);
        Rig rig;
        const ServerResponse response = rig.get(path, query, method);
        QCOMPARE(response.status, status);
        if (status >= 400) {
            const QJsonObject error = QJsonDocument::fromJson(response.body->joined()).object();
            QVERIFY(!error.value(QLatin1String("error")).toString().isEmpty());
            QVERIFY(!error.value(QLatin1String("message")).toString().isEmpty());
        }
        if (status == 405)
            QCOMPARE(response.headers, (HttpHeaders{{"Allow", "GET, HEAD"}}));
    }

    void logsAreARing() {
        Rig rig;
        for (int i = 0; i < 150; ++i) {
            rig.events.info(QStringLiteral("step"), QString::number(i));
            rig.clock.advance(1s);
        }
        const QJsonObject all = rig.json(QStringLiteral("/logs"));
        QCOMPARE(all.value(QLatin1String("total_events")).toInt(), 150);
        QCOMPARE(all.value(QLatin1String("events")).toArray().size(), 100);
        const QJsonArray two = rig.json(QStringLiteral("/logs"), QStringLiteral("tail=2"))
                                   .value(QLatin1String("events"))
                                   .toArray();
        QCOMPARE(two.size(), 2);
        QCOMPARE(two[1].toObject().value(QLatin1String("message")).toString(),
                 QStringLiteral("149"));
        const QString since = two[0].toObject().value(QLatin1String("timestamp")).toString();
        QCOMPARE(rig.json(QStringLiteral("/logs"), QStringLiteral("since=") + since)
                     .value(QLatin1String("events"))
                     .toArray()
                     .size(),
                 2);
    }

    void metrics() {
        Rig rig;
        rig.model.state = {true, {}, QueueSample{4, 5, 9}};
        rig.worker->start(1000, 1000);
        const ServerResponse response = rig.get(QStringLiteral("/metrics"));
        QVERIFY(response.contentType.startsWith("text/plain; version=0.0.4"));
        const QByteArray page = response.body->joined();
        for (const QByteArray& line : page.split('\n'))
            QVERIFY2(line.isEmpty() || line.startsWith("# ") || line.startsWith("inventiv_worker_"),
                     line.constData());
        QVERIFY(page.contains("inventiv_worker_load1 1.5\n"));
        QVERIFY(page.contains("inventiv_worker_queue_depth 9\n"));
        QVERIFY(page.contains("inventiv_worker_gpu_utilization_percent{gpu=\"1\"} 60\n"));
        QVERIFY(page.contains("inventiv_worker_gpu_temperature_celsius{gpu=\"1\"} 55\n"));
        QVERIFY(!page.contains("temperature_celsius{gpu=\"0\"}")); // not known
        QVERIFY(!page.contains("cpu_usage"));
        QVERIFY(page.contains(R"(worker_id="w\"1\n\\")"));
        QCOMPARE(page.count("# TYPE inventiv_worker_heartbeats_total counter"), 1);
    }

    void readsVllmsQueue() {
        const auto queue = parseVllmQueue("# HELP vllm:num_requests_running x\n"
                                          "vllm:num_requests_running{model_name=\"a}b\"} 3.0\n"
                                          "vllm:num_requests_running{model_name=\"c\"} 1\n"
                                          "vllm:num_requests_running_max 99\n"
                                          "vllm:num_requests_waiting 2.0 1700000000\n"
                                          "vllm:num_requests_swapped 5\n");
        QVERIFY(queue);
        QCOMPARE(queue->requestsRunning, std::optional(4));
        QCOMPARE(queue->requestsWaiting, std::optional(2));
        QCOMPARE(queue->queueDepth, std::optional(6));
        for (const char* page : {"", "<html>", "vllm:num_requests_waiting NaN\n",
                                 "vllm:num_requests_waiting{", "vllm:num_requests_waiting"})
            QVERIFY2(!parseVllmQueue(page), page);
    }

    void readsVllmsTokens() {
        const auto count =
            parseVllmTokens("# TYPE vllm:prompt_tokens_total counter\n"
                            "vllm:prompt_tokens_total{model_name=\"a\"} 1.5e+07\n"
                            "vllm:generation_tokens_total{model_name=\"a\"} 20\n"
                            "vllm:request_success_total{finished_reason=\"stop\"} 3\n"
                            "vllm:request_success_total{finished_reason=\"length\"} 4\n");
        QVERIFY(count && *count == (TokenCount{7, 15'000'000, 20}));
        for (const char* page :
             {"", "<html>", "vllm:request_success_total 3\n", "vllm:prompt_tokens_total NaN\n",
              "vllm:prompt_tokens_total 1e13\n"})
            QVERIFY2(!parseVllmTokens(page), page);
    }

    void modelServerOverHttp_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("ready");
        QTest::newRow("a list") << 200 << QByteArray(R"({"object":"list","data":[]})") << true;
        QTest::newRow("503") << 503 << QByteArray("{}") << false;
        QTest::newRow("HTML") << 200 << QByteArray("<html>hello</html>") << false;
        QTest::newRow("another API") << 200 << QByteArray(R"({"models":[]})") << false;
        QTest::newRow("empty") << 200 << QByteArray() << false;
    }
    void modelServerOverHttp() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        FakeClock clock;
        HttpClient client(clock);
        FaultyServer server;
        server.setScript([&](const FaultyRequest& request) {
            if (request.target == "/base/metrics")
                return faults::answer(200, "vllm:num_requests_running 7\n");
            return request.target == "/base/v1/models" ? faults::json(status, body)
                                                       : faults::answer(404);
        });
        HttpModelCheck check(clock, client, server.url(QStringLiteral("/base/")), 2s);
        std::optional<ModelState> state;
        TaskScope scope;
        scope.spawn(
            [](HttpModelCheck& c, std::stop_token stop, std::optional<ModelState>& out) -> Task<> {
                out = co_await c.look(stop);
            }(check, scope.token(), state));
        QTRY_VERIFY(state.has_value());
        QTEST(state->ready, "ready");
        QCOMPARE(state->why.isEmpty(), state->ready);
        QCOMPARE(state->queue.has_value(), state->ready);
        if (state->queue)
            QCOMPARE(state->queue->queueDepth, std::optional(7));
    }
};

QTEST_GUILESS_MAIN(TestWorker)
#include "tst_worker.moc"
