// The engines that speak HTTP, against a server that says what theirs would say.

#include "core/errors/classify.h"
#include "core/tasks/engines/taskengine.h"
#include "tests/support/await.h"
#include "tests/support/faultyserver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

class TestTaskEngines : public QObject {
    Q_OBJECT

    SystemClock m_clock;
    QTemporaryDir m_folder;

    EngineSet make(const char* kind, const FaultyServer& server,
                   std::map<QString, QString> options = {}) {
        options.emplace(QStringLiteral("url"), server.url({}).toString());
        auto engines = makeEngines(
            m_clock, {{QStringLiteral("e"), QString::fromLatin1(kind), std::move(options)}},
            engines::registry());
        if (!engines)
            qFatal("%s", qUtf8Printable(engines.error().message));
        return std::move(*engines);
    }
    EngineRequest request() const {
        EngineRequest one;
        one.model = QStringLiteral("llama-3");
        one.prompt = QStringLiteral("say \"hi\"");
        one.idempotencyKey = QStringLiteral("vigie:r:1");
        one.timeout = 5s;
        return one;
    }
    QString audio() const {
        QFile file(m_folder.filePath(QStringLiteral("a.wav")));
        if (!file.open(QIODevice::WriteOnly) || file.write("RIFFsound") != 9)
            qFatal("can't write");
        return file.fileName();
    }
    Outcome<QString> ask(EngineSet& engines, EngineRequest what, std::stop_token stop = {}) {
        auto answer = await(engines.begin()->second->generate(std::move(what), stop));
        return answer ? *answer : fail(FailureKind::Internal, QStringLiteral("it never ended"));
    }

private Q_SLOTS:
    void answers_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("sent"); // somewhere in the body
        QTest::newRow("openai") << QByteArray("openai")
                                << QByteArray("{\"choices\":[{\"message\":{\"content\":\"hi\"}}]}")
                                << QByteArray("/v1/chat/completions")
                                << QByteArray("\"content\":\"say \\\"hi\\\"\"");
        QTest::newRow("ollama") << QByteArray("ollama")
                                << QByteArray("{\"model\":\"llama-3\",\"response\":\"hi\","
                                              "\"done\":true}")
                                << QByteArray("/api/generate")
                                << QByteArray("\"model\":\"llama-3\"");
        QTest::newRow("whisper") << QByteArray("whisper") << QByteArray("{\"text\":\"hi\"}")
                                 << QByteArray("/v1/audio/transcriptions")
                                 << QByteArray("RIFFsound");
    }
    void answers() {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, sent);
        FaultyServer server;
        server.play({faults::json(200, answer)});
        EngineSet engines = make(kind.constData(), server);
        EngineRequest what = request();
        what.file = audio();
        const auto text = ask(engines, what);
        QVERIFY2(text, text ? "" : qUtf8Printable(text.error().message));
        QCOMPARE(*text, QStringLiteral("hi"));
        QCOMPARE(server.requests().size(), 1);
        const FaultyRequest& got = server.requests().first();
        QCOMPARE(got.method, QByteArray("POST"));
        QCOMPARE(got.target, target);
        QCOMPARE(got.header("Idempotency-Key"), QByteArray("vigie:r:1"));
        QVERIFY2(got.body.contains(sent), got.body.constData());
    }

    // One call for one request: tries are the executor's. The class is found where the bytes come
    // in.
    void failuresAreClassifiedAndNotRetried_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("errorClass");
        const auto row = [](const char* name, const char* kind, int status, const char* answer,
                            ErrorClass errorClass) {
            QTest::newRow(name) << QByteArray(kind) << status << QByteArray(answer)
                                << QByteArray(toString(errorClass));
        };
        row("openai key", "openai", 401,
            "{\"error\":{\"message\":\"Incorrect API key provided\",\"code\":\"invalid_api_key\"}}",
            ErrorClass::InvalidKey);
        row("openai limit", "openai", 429, "{\"error\":{\"message\":\"Rate limit reached\"}}",
            ErrorClass::RateLimited);
        row("openai down", "openai", 503, "{}", ErrorClass::Unavailable);
        row("openai html", "openai", 200, "<html>hello</html>", ErrorClass::MalformedAnswer);
        row("openai empty", "openai", 200, "{\"choices\":[]}", ErrorClass::MalformedAnswer);
        row("ollama model", "ollama", 404, "{\"error\":\"model 'x' not found\"}",
            ErrorClass::ModelNotFound);
        row("whisper busy", "whisper", 503, "{}", ErrorClass::Unavailable);
    }
    void failuresAreClassifiedAndNotRetried() {
        QFETCH(QByteArray, kind);
        QFETCH(int, status);
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, errorClass);
        FaultyServer server;
        server.play({faults::json(status, answer)});
        EngineSet engines = make(kind.constData(), server);
        EngineRequest what = request();
        what.file = audio();
        const auto text = ask(engines, what);
        QVERIFY(!text);
        QCOMPARE(QByteArray(toString(classify(text.error(), ErrorClassifier()))), errorClass);
        QCOMPARE(server.requests().size(), 1);
    }

    void aStopEndsTheCall() {
        FaultyServer server;
        server.play({faults::silence()});
        EngineSet engines = make("openai", server);
        std::stop_source stop;
        const Timer stopping = m_clock.schedule(50ms, [&stop] { stop.request_stop(); });
        const auto text = ask(engines, request(), stop.get_token());
        QVERIFY(!text && text.error().kind == FailureKind::Cancelled);
    }

    void theTimeoutOfARequestHolds() {
        FaultyServer server;
        server.play({faults::silence()});
        EngineSet engines = make("ollama", server);
        EngineRequest what = request();
        what.timeout = 100ms;
        const auto text = ask(engines, what);
        QVERIFY(!text && text.error().kind == FailureKind::Timeout);
    }

    void aKeyComesFromTheEnvironment() {
        qputenv("VIGIE_TEST_ENGINE_KEY", " s3cret\n");
        FaultyServer server;
        server.play({faults::json(200, "{\"choices\":[{\"message\":{\"content\":\"hi\"}}]}")});
        EngineSet engines =
            make("openai", server,
                 {{QStringLiteral("api_key_env"), QStringLiteral("VIGIE_TEST_ENGINE_KEY")}});
        QVERIFY(ask(engines, request()));
        QCOMPARE(server.requests().first().header("Authorization"), QByteArray("Bearer s3cret"));
    }

    void whisperNeedsAFile() {
        FaultyServer server;
        EngineSet engines = make("whisper", server);
        EngineRequest what = request();
        for (const char* file : {"", "/no/such/file.wav"}) {
            what.file = QString::fromLatin1(file);
            const auto text = ask(engines, what);
            QVERIFY(!text);
            QCOMPARE(text.error().code, QString::fromLatin1(toString(ErrorClass::InvalidRequest)));
        }
        QVERIFY(server.requests().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTaskEngines)
#include "tst_taskengines.moc"
