#include "core/services/ollama/ollamaclient.h"
#include "tests/core/services/servicebench.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

OllamaOptions optionsFor(const FakeService& service) {
    OllamaOptions options;
    options.url = service.url();
    return options;
}

OllamaGenerate order(const QByteArray& key = {}) {
    OllamaGenerate made;
    made.common.model = QStringLiteral("llama3:8b");
    made.common.idempotencyKey = key;
    made.prompt = QStringLiteral("h\u00e9llo \"you\"");
    return made;
}

} // namespace

class TestOllama : public QObject {
    Q_OBJECT

private:
    HurriedClock m_clock;
    HttpClient m_http{m_clock};

private Q_SLOTS:
    void managesModels() {
        FakeOllama ollama;
        OllamaClient client(m_clock, m_http, optionsFor(ollama));
        const auto version = await(client.version({}));
        QVERIFY(version && *version);
        QCOMPARE(**version, QStringLiteral("0.5.1"));
        const auto models = await(client.models({}));
        QVERIFY(models && *models);
        QCOMPARE((*models)->size(), std::size_t(2));
        QCOMPARE((*models)->front().name, QStringLiteral("llama3:8b"));
        QCOMPARE((*models)->front().sizeBytes, qint64(4661224676));
        QCOMPARE((*models)->front().quantization, QStringLiteral("Q4_0"));
        ollama.models.clear();
        QVERIFY(await(client.models({}))->value().empty());
    }

    void generatesAndChats() {
        FakeOllama ollama;
        OllamaOptions options = optionsFor(ollama);
        options.key = "proxy-token";
        OllamaClient client(m_clock, m_http, options);
        OllamaGenerate asked = order();
        asked.system = QStringLiteral("be short");
        asked.common.maxTokens = 12;
        asked.common.temperature = 0.5;
        const auto answer = await(client.generate(asked, {}));
        QVERIFY(answer && *answer);
        QCOMPARE((*answer)->text, QStringLiteral("echo: h\u00e9llo \"you\""));
        QCOMPARE((*answer)->doneReason, QStringLiteral("stop"));
        QCOMPARE((*answer)->answerTokens, qint64(7));
        QVERIFY((*answer)->total == 1500ms);
        QCOMPARE((*answer)->attempts, 1);
        const FaultyRequest& sent = ollama.server().requests().last();
        QCOMPARE(sent.header("Authorization"), QByteArray("Bearer proxy-token"));
        QVERIFY(sent.header("Idempotency-Key").isEmpty());
        QVERIFY(sent.body.contains("\"stream\":false"));
        QVERIFY(sent.body.contains("\"num_predict\":12"));
        QVERIFY(sent.body.contains("\"system\":\"be short\""));

        OllamaChat chat;
        chat.common.model = QStringLiteral("gemma-2-2b");
        chat.messages = {{QStringLiteral("user"), QStringLiteral("hi")}};
        const auto said = await(client.chat(chat, {}));
        QVERIFY(said && *said);
        QCOMPARE((*said)->text, QStringLiteral("chat: hi"));
    }

    void misbehaves_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<bool>("keyed");
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("posts");
        const auto row = [](const char* name, int which, bool keyed, const char* word, int posts) {
            QTest::newRow(name) << which << keyed << QByteArray(word) << posts;
        };
        // A POST is repeated only with an idempotency key, and only where that may help.
        row("500", 0, false, "server_error", 1);
        row("500, keyed", 0, true, "server_error", 3);
        row("GPU out of memory", 1, false, "gpu_out_of_memory", 1);
        row("GPU out of memory, keyed", 1, true, "gpu_out_of_memory", 3);
        row("model missing", 2, true, "model_not_found", 1);
        row("reset", 3, false, "outcome_unknown", 1);
        row("truncated", 4, false, "outcome_unknown", 1);
        row("rubbish with status 200", 5, true, "malformed_answer", 1);
        row("HTML with status 200", 6, true, "malformed_answer", 1);
        row("not done", 7, true, "malformed_answer", 1);
        row("too long a context", 8, true, "context_too_long", 1);
        row("busy, keyed", 9, true, "overloaded", 3);
        row("429, keyed", 10, true, "rate_limited", 3);
        row("too large", 11, true, "answer_too_large", 1);
    }
    void misbehaves() {
        QFETCH(int, which);
        QFETCH(bool, keyed);
        QFETCH(QByteArray, word);
        QFETCH(int, posts);
        const auto said = [](int status, const char* sentence) {
            return faults::json(status, QByteArray("{\"error\":\"") + sentence + "\"}");
        };
        const Fault each[] = {
            said(500, "llama runner process has terminated: exit status 2"),
            said(500, "llama runner process has terminated: cudaMalloc failed: out of memory"),
            said(404, "model 'llama3:8b' not found"),
            faults::reset(),
            faults::truncated("{\"model\":", 1000),
            faults::answer(200, "\x01\x02 rubbish"),
            faults::answer(200, "<html>hello</html>", {{"Content-Type", "text/html"}}),
            faults::json(200, "{\"model\":\"x\",\"response\":\"Hal\",\"done\":false}"),
            said(400, "the input length exceeds the context length"),
            said(503, "server busy, please try again.  maximum pending requests exceeded"),
            faults::retryAfter(429, "1"),
            faults::hugeContentLength(1'000'000'000),
        };
        FakeOllama ollama;
        ollama.misbehave({each[which], each[which], each[which], each[which]});
        OllamaClient client(m_clock, m_http, optionsFor(ollama));
        const auto answer = await(client.generate(order(keyed ? "step-1" : ""), {}));
        QVERIFY(answer);
        QVERIFY(!*answer);
        QCOMPARE(wordOf(answer->error()), word);
        QCOMPARE(ollama.received("POST"), posts);
        if (keyed) {
            for (const FaultyRequest& request : ollama.server().requests())
                QCOMPARE(request.header("Idempotency-Key"), QByteArray("step-1"));
        }
    }

    void aLaterAttemptSucceeds() {
        FakeOllama ollama;
        ollama.misbehave({faults::answer(500), faults::reset()});
        OllamaClient client(m_clock, m_http, optionsFor(ollama));
        const auto answer = await(client.generate(order("k"), {}));
        QVERIFY(answer && *answer);
        QCOMPARE((*answer)->attempts, 3);
    }

    void silenceIsATimeout() {
        FakeOllama ollama;
        ollama.misbehave({faults::silence()});
        FakeClock clock; // its time passes once the request is there
        HttpClient http(clock);
        OllamaClient client(clock, http, optionsFor(ollama));
        OllamaGenerate asked = order();
        asked.common.timeout = 500ms;
        auto running = client.generate(asked, {});
        QTRY_COMPARE(ollama.received("POST"), 1);
        clock.advance(500ms);
        const auto answer = await(std::move(running));
        QVERIFY(answer && !*answer);
        QCOMPARE(wordOf(answer->error()), QByteArray("timeout"));
        QCOMPARE(ollama.received("POST"), 1);
    }

    // One model that does not fit must not keep the others from answering.
    void eachModelHasItsOwnBreaker() {
        FakeOllama ollama;
        OllamaClient client(m_clock, m_http, optionsFor(ollama));
        for (int i = 0; i < 5; ++i) {
            ollama.misbehave({faults::json(500, "{\"error\":\"CUDA out of memory.\"}")});
            QVERIFY(!*await(client.generate(order(), {})));
        }
        const int before = ollama.received();
        // An open breaker is waited for, since that fits into the deadline, until somebody stops.
        std::stop_source stop;
        const Timer timer = m_clock.schedule(1ms, [&stop] { stop.request_stop(); });
        const auto refused = await(client.generate(order(), stop.get_token()));
        QVERIFY(refused && !*refused);
        QCOMPARE(ollama.received(), before);
        OllamaGenerate other = order();
        other.common.model = QStringLiteral("gemma-2-2b");
        QVERIFY(*await(client.generate(other, {})));
        QVERIFY(*await(client.version({})));
    }

    // What configuration says of a class is what the engine does.
    void thePolicyReachesTheEngine() {
        ErrorPolicy policy;
        policy.traits.push_back({ErrorClass::ServerError, false, false, {}});
        policy.traits.push_back({ErrorClass::NotFound, true, true, {}});
        FakeOllama ollama;
        OllamaOptions options = optionsFor(ollama);
        options.classifier = std::make_shared<ErrorClassifier>(policy);
        OllamaClient client(m_clock, m_http, options);
        for (int i = 0; i < 7; ++i) {
            ollama.misbehave({faults::answer(500)});
            QVERIFY(!*await(client.version({})));
        }
        QCOMPARE(ollama.received(), 7); // neither retried nor counted
        QCOMPARE(client.endpoint().breaker().consecutiveFailures, 0);
        ollama.misbehave({faults::answer(404), faults::answer(404)});
        QVERIFY(*await(client.version({})));
        QCOMPARE(ollama.received(), 10);
    }

    void aStopEndsIt() {
        FakeOllama ollama;
        ollama.misbehave({faults::silence()});
        OllamaClient client(m_clock, m_http, optionsFor(ollama));
        std::stop_source stop;
        const Timer timer = m_clock.schedule(1ms, [&stop] { stop.request_stop(); });
        const auto answer = await(client.generate(order(), stop.get_token()));
        QVERIFY(answer && !*answer);
        QCOMPARE(wordOf(answer->error()), QByteArray("cancelled"));
    }
};

QTEST_GUILESS_MAIN(TestOllama)
#include "tst_ollama.moc"
