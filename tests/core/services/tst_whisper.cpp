#include "core/services/whisper/whisperclient.h"
#include "tests/core/services/servicebench.h"

#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

WhisperOptions optionsFor(const FakeService& service) {
    WhisperOptions options;
    options.url = service.url();
    return options;
}

/// A WAV file of a few samples of silence: 16 kHz, one channel, 16 bits.
QByteArray wav() {
    const QByteArray samples(320, '\0');
    QByteArray file = "RIFF";
    const auto number = [&file](quint32 value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            file.append(static_cast<char>((value >> (8 * i)) & 0xff));
    };
    number(36 + static_cast<quint32>(samples.size()), 4);
    file += "WAVEfmt ";
    number(16, 4);
    number(1, 2);
    number(1, 2);
    number(16000, 4);
    number(32000, 4);
    number(2, 2);
    number(16, 2);
    file += "data";
    number(static_cast<quint32>(samples.size()), 4);
    return file + samples;
}

WhisperOrder order(const QByteArray& key = {}) {
    WhisperOrder made;
    made.audio = wav();
    made.idempotencyKey = key;
    return made;
}

} // namespace

class TestWhisper : public QObject {
    Q_OBJECT

private:
    HurriedClock m_clock;
    HttpClient m_http{m_clock};

private Q_SLOTS:
    void transcribes() {
        FakeWhisper whisper;
        WhisperOptions options = optionsFor(whisper);
        options.key = "token";
        WhisperClient client(m_clock, m_http, options);
        WhisperOrder asked = order();
        asked.fileName = QStringLiteral("a \"b\"\r\nX-Evil: 1.wav");
        asked.language = QStringLiteral("fr");
        asked.prompt = QStringLiteral("names: \u00c9lo\u00efse");
        asked.temperature = 0.2;
        const auto heard = await(client.transcribe(asked, {}));
        QVERIFY(heard && *heard);
        QCOMPARE((*heard)->text, QStringLiteral("Bonjour."));
        QCOMPARE((*heard)->language, QStringLiteral("fr"));
        QCOMPARE((*heard)->seconds.value_or(0), 1.5);
        const FaultyRequest& sent = whisper.server().requests().last();
        QCOMPARE(sent.header("Authorization"), QByteArray("Bearer token"));
        QVERIFY(sent.body.contains("name=\"model\"\r\n\r\nwhisper-1\r\n"));
        QVERIFY(sent.body.contains("name=\"language\"\r\n\r\nfr\r\n"));
        QVERIFY(sent.body.contains("name=\"temperature\"\r\n\r\n0.2\r\n"));
        QVERIFY(sent.body.contains("filename=\"a %22b%22%0D%0AX-Evil: 1.wav\""));
        QVERIFY(sent.body.contains(wav()));
    }

    void audioHasLimits() {
        FakeWhisper whisper;
        WhisperOptions options = optionsFor(whisper);
        options.maxAudioBytes = 100;
        WhisperClient client(m_clock, m_http, options);
        QCOMPARE(wordOf(await(client.transcribe(order(), {}))->error()),
                 QByteArray("invalid_request"));
        WhisperOrder empty;
        QCOMPARE(wordOf(await(client.transcribe(empty, {}))->error()),
                 QByteArray("invalid_request"));
        QCOMPARE(whisper.received(), 0);
    }

    void misbehaves_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<bool>("keyed");
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("posts");
        const auto row = [](const char* name, int which, bool keyed, const char* word, int posts) {
            QTest::newRow(name) << which << keyed << QByteArray(word) << posts;
        };
        row("500", 0, false, "server_error", 1);
        row("500, keyed", 0, true, "server_error", 3);
        row("GPU out of memory", 1, false, "gpu_out_of_memory", 1);
        row("model missing", 2, true, "model_not_found", 1);
        row("no file", 3, true, "invalid_request", 1);
        row("an error with status 200", 4, true, "invalid_request", 1);
        row("a failure with status 200", 5, true, "server_error", 1);
        row("reset", 6, false, "outcome_unknown", 1);
        row("reset, keyed", 6, true, "connection_reset", 3);
        row("neither text nor error", 7, true, "malformed_answer", 1);
        row("loading", 8, true, "model_loading", 3);
    }
    void misbehaves() {
        QFETCH(int, which);
        QFETCH(bool, keyed);
        QFETCH(QByteArray, word);
        QFETCH(int, posts);
        const Fault each[] = {
            faults::answer(500, "Internal Server Error"),
            faults::json(500, "{\"detail\":\"CUDA failed with error out of memory\"}"),
            faults::json(404, "{\"detail\":\"Model 'w' is not installed locally. You can x\"}"),
            faults::json(422, "{\"detail\":[{\"loc\":[\"body\",\"file\"],\"msg\":\"Field "
                              "required\",\"type\":\"missing\"}]}"),
            faults::json(200, "{\"error\":\"failed to read WAV file\"}"),
            faults::json(200, "{\"error\":\"failed to process audio\"}"),
            faults::reset(),
            faults::json(200, "{\"segments\":[]}"),
            faults::json(503, "{\"status\":\"loading model\"}"),
        };
        FakeWhisper whisper;
        whisper.misbehave(std::vector<Fault>(4, each[which]));
        WhisperClient client(m_clock, m_http, optionsFor(whisper));
        const auto heard = await(client.transcribe(order(keyed ? "k" : ""), {}));
        QVERIFY(heard && !*heard);
        QCOMPARE(wordOf(heard->error()), word);
        QCOMPARE(whisper.received("POST"), posts);
    }

    void healthInEitherWay() {
        FakeWhisper whisper;
        WhisperClient client(m_clock, m_http, optionsFor(whisper));
        const auto well = await(client.health({}));
        QVERIFY(well && *well);
        QCOMPARE((*well)->status, QStringLiteral("ok"));
        QVERIFY(!(*well)->models);
        whisper.hasHealth = false;
        const auto listed = await(client.health({}));
        QVERIFY(listed && *listed);
        QCOMPARE((*listed)->models.value_or(0), 2);
        whisper.hasHealth = true;
        whisper.misbehave(
            std::vector<Fault>(3, faults::json(503, "{\"status\":\"loading model\"}")));
        const auto loading = await(client.health({}));
        QVERIFY(loading && !*loading);
        QCOMPARE(wordOf(loading->error()), QByteArray("model_loading"));
    }
};

QTEST_GUILESS_MAIN(TestWhisper)
#include "tst_whisper.moc"
