#include "core/worker/faultplan.h"
#include "core/worker/mockengine.h"
#include "tests/support/fakeclock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const QByteArray hello =
    R"({"model":"m","messages":[{"role":"user","content":"good morning to you"}]})";

/// What came back for one request; status 0 while nothing did.
struct Caught {
    int status = 0;
    QByteArray type, body;
    HttpHeaders headers;
    QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
    QJsonObject error() const { return json().value(QLatin1String("error")).toObject(); }
};

std::shared_ptr<Caught> ask(MockEngine& engine, const QByteArray& method, const QString& path,
                            const QByteArray& body = {},
                            const QString& peer = QStringLiteral("127.0.0.1")) {
    ServerRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.peerAddress = peer;
    auto caught = std::make_shared<Caught>();
    engine.handle(request, [caught](const ServerResponse& response) {
        *caught = {response.status, response.contentType, response.body->joined(),
                   response.headers};
    });
    return caught;
}

auto chat(MockEngine& engine, const QByteArray& body = hello) {
    return ask(engine, "POST", QStringLiteral("/v1/chat/completions"), body);
}

} // namespace

class TestMockEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSeedsPlan() {
        FaultPlan plan({});
        using Fate = FaultPlan::Fate;
        const QList<Fate> expected{Fate::Normal, Fate::Normal, Fate::Fail,   Fate::Normal,
                                   Fate::Slow,   Fate::Fail,   Fate::Normal, Fate::Normal,
                                   Fate::Fail,   Fate::Slow,   Fate::Normal, Fate::Fail,
                                   Fate::Normal, Fate::Normal, Fate::Fail}; // 15: both, so it fails
        for (qsizetype i = 0; i < expected.size(); ++i) {
            const auto decision = plan.next();
            QVERIFY2(decision.fate == expected[i], qPrintable(QString::number(i + 1)));
            const Duration after = expected[i] == Fate::Fail   ? Duration(50ms)
                                   : expected[i] == Fate::Slow ? Duration(5s)
                                                               : Duration(150ms);
            QVERIFY(decision.after == after);
        }
    }

    void zeroMeansNever() {
        FaultOptions options;
        options.failEvery = 0;
        options.slowEvery = 0;
        FaultPlan plan(options);
        for (int i = 0; i < 100; ++i)
            QVERIFY(plan.next().fate == FaultPlan::Fate::Normal);
    }

    void randomFaultsRepeatWithTheirSeed() {
        FaultOptions options;
        options.seed = 7;
        const auto draw = [](FaultOptions o) {
            FaultPlan plan(o);
            QList<int> fates;
            for (int i = 0; i < 3000; ++i)
                fates.append(static_cast<int>(plan.next().fate));
            return fates;
        };
        const QList<int> first = draw(options);
        QCOMPARE(draw(options), first);
        options.seed = 8;
        QVERIFY(draw(options) != first);
        const auto failures = first.count(static_cast<int>(FaultPlan::Fate::Fail));
        QVERIFY2(failures > 850 && failures < 1150, qPrintable(QString::number(failures)));
    }

    void answersAfterThePlannedTime() {
        FakeClock clock;
        MockEngine engine(clock, QStringLiteral("m"), {});
        const auto first = chat(engine);
        QCOMPARE(*engine.queue().requestsRunning, 1);
        clock.advance(149ms);
        QCOMPARE(first->status, 0);
        clock.advance(1ms);
        QCOMPARE(first->status, 200);
        QCOMPARE(*engine.queue().requestsRunning, 0);
        const QJsonObject json = first->json();
        QCOMPARE(json.value(QLatin1String("object")).toString(), QStringLiteral("chat.completion"));
        const QJsonObject usage = json.value(QLatin1String("usage")).toObject();
        QCOMPARE(usage.value(QLatin1String("prompt_tokens")).toInt(), 4);
        QCOMPARE(usage.value(QLatin1String("total_tokens")).toInt(),
                 4 + usage.value(QLatin1String("completion_tokens")).toInt());

        chat(engine);
        const auto third = chat(engine);
        clock.advance(50ms);
        QCOMPARE(third->status, 500);
        QVERIFY(third->error()
                    .value(QLatin1String("message"))
                    .toString()
                    .contains(QLatin1String("GPU kernel overload")));
        chat(engine);
        const auto fifth = chat(engine);
        clock.advance(4999ms);
        QCOMPARE(fifth->status, 0);
        clock.advance(1ms);
        QCOMPARE(fifth->status, 200);
        QCOMPARE(engine.requests(), quint64(5));
        QCOMPARE(engine.failures(), quint64(1));
    }

    void streams() {
        FakeClock clock;
        MockEngine engine(clock, QStringLiteral("m"), {});
        const auto answer = chat(
            engine,
            R"({"model":"m","stream":true,"max_tokens":3,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})");
        clock.advance(150ms);
        QCOMPARE(answer->type, QByteArray("text/event-stream"));
        QString text, reason;
        int chunks = 0;
        for (const QByteArray& event : answer->body.split('\n')) {
            if (!event.startsWith("data: {"))
                continue;
            ++chunks;
            const QJsonObject choice = QJsonDocument::fromJson(event.mid(6))
                                           .object()
                                           .value(QLatin1String("choices"))
                                           .toArray()
                                           .at(0)
                                           .toObject();
            text += choice.value(QLatin1String("delta"))
                        .toObject()
                        .value(QLatin1String("content"))
                        .toString();
            reason = choice.value(QLatin1String("finish_reason")).toString();
        }
        QCOMPARE(text, QStringLiteral("This is the"));
        QCOMPARE(chunks, 4);
        QCOMPARE(reason, QStringLiteral("length"));
        QVERIFY(answer->body.endsWith("data: [DONE]\n\n"));
    }

    void badRequests_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("param");
        const QString none;
        QTest::newRow("no JSON") << QByteArray("hello") << 400 << none;
        QTest::newRow("empty") << QByteArray() << 400 << none;
        QTest::newRow("a list") << QByteArray("[]") << 400 << none;
        QTest::newRow("no model") << QByteArray(R"({"messages":[]})") << 400
                                  << QStringLiteral("model");
        QTest::newRow("model is a number")
            << QByteArray(R"({"model":3,"messages":[]})") << 400 << QStringLiteral("model");
        QTest::newRow("no messages")
            << QByteArray(R"({"model":"m"})") << 400 << QStringLiteral("messages");
        QTest::newRow("empty messages")
            << QByteArray(R"({"model":"m","messages":[]})") << 400 << QStringLiteral("messages");
        QTest::newRow("messages of strings") << QByteArray(R"({"model":"m","messages":["hi"]})")
                                             << 400 << QStringLiteral("messages");
        QTest::newRow("content is a number")
            << QByteArray(R"({"model":"m","messages":[{"role":"user","content":5}]})") << 400
            << QStringLiteral("messages");
        QTest::newRow("max_tokens 0")
            << QByteArray(
                   R"({"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]})")
            << 400 << QStringLiteral("max_tokens");
        QTest::newRow("stream is a word")
            << QByteArray(
                   R"({"model":"m","stream":"yes","messages":[{"role":"user","content":"x"}]})")
            << 400 << QStringLiteral("stream");
        QTest::newRow("another model")
            << QByteArray(R"({"model":"gpt","messages":[{"role":"user","content":"x"}]})") << 404
            << QStringLiteral("model");
        QTest::newRow("deeply nested") << QByteArray(100'000, '[') << 400 << none;
    }
    void badRequests() {
        QFETCH(QByteArray, body);
        FakeClock clock;
        MockEngine engine(clock, QStringLiteral("m"), {});
        const auto answer = chat(engine, body);
        QTEST(answer->status, "status");
        QTEST(answer->error().value(QLatin1String("param")).toString(), "param");
        QVERIFY(!answer->error().value(QLatin1String("message")).toString().isEmpty());
        QCOMPARE(engine.requests(), quint64(0)); // does not count for the plan
    }

    void pathsAndMethods() {
        FakeClock clock;
        MockEngine engine(clock, QStringLiteral("m"), {});
        QCOMPARE(ask(engine, "GET", QStringLiteral("/v1/models"))->status, 200);
        QCOMPARE(ask(engine, "HEAD", QStringLiteral("/v1/models"))->status, 200);
        QCOMPARE(ask(engine, "GET", QStringLiteral("/v1/embeddings"))->status, 404);
        const auto wrong = ask(engine, "GET", QStringLiteral("/v1/chat/completions"));
        QCOMPARE(wrong->status, 405);
        QCOMPARE(wrong->headers, (HttpHeaders{{"Allow", "POST"}}));
        QCOMPARE(ask(engine, "DELETE", QStringLiteral("/v1/models"))->status, 405);
        QVERIFY(MockEngine::owns(QStringLiteral("/v1/anything")));
        QVERIFY(!MockEngine::owns(QStringLiteral("/v1beta")));
        QVERIFY(!MockEngine::owns(QStringLiteral("/healthz")));
    }

    void hangsAndHeals() {
        FakeClock clock;
        MockEngine engine(clock, QStringLiteral("m"), {});
        const QString faults = QStringLiteral("/mock/faults");
        QCOMPARE(ask(engine, "POST", faults, R"({"hang":true})")->status, 200);
        QVERIFY(!engine.serving());
        const auto models = ask(engine, "GET", QStringLiteral("/v1/models"));
        const auto completion = chat(engine);
        clock.advance(1h);
        QCOMPARE(models->status, 0);
        QCOMPARE(completion->status, 0);
        QCOMPARE(*engine.queue().requestsWaiting, 2);
        QCOMPARE(ask(engine, "POST", faults, R"({"hang":false})")->status, 200);
        QCOMPARE(models->status, 200);
        clock.advance(150ms);
        QCOMPARE(completion->status, 200);
        QVERIFY(engine.serving());
    }

    void aHungEngineHoldsOnlySoMany() {
        FakeClock clock;
        MockEngine engine(clock, QStringLiteral("m"), {});
        FaultOrder hang;
        hang.hang = true;
        engine.apply(hang);
        for (int i = 0; i < 1024; ++i)
            QCOMPARE(ask(engine, "GET", QStringLiteral("/v1/models"))->status, 0);
        QCOMPARE(ask(engine, "GET", QStringLiteral("/v1/models"))->status, 503);
    }

    void steering() {
        FakeClock clock;
        MockEngine engine(clock, QStringLiteral("m"), {});
        const QString faults = QStringLiteral("/mock/faults");
        ask(engine, "POST", faults, R"({"ready":false})");
        QCOMPARE(ask(engine, "GET", QStringLiteral("/v1/models"))->status, 503);
        QCOMPARE(chat(engine)->status, 503);
        ask(engine, "POST", faults, R"({"ready":true,"fail_every":1,"slow_every":0})");
        const auto failing = chat(engine);
        clock.advance(50ms);
        QCOMPARE(failing->status, 500);
        for (const char* bad : {R"({"hang":1})", R"({"hand":true})", R"({"fail_every":-1})", "x"})
            QCOMPARE(ask(engine, "POST", faults, bad)->status, 400);
        QCOMPARE(ask(engine, "PUT", faults)->status, 405);
        QCOMPARE(
            ask(engine, "POST", faults, R"({"hang":true})", QStringLiteral("10.1.2.3"))->status,
            403);
        QVERIFY(!engine.hung());
        QCOMPARE(ask(engine, "GET", faults)->json().value(QLatin1String("fail_every")).toInt(), 1);
    }
};

QTEST_GUILESS_MAIN(TestMockEngine)
#include "tst_mockengine.moc"
