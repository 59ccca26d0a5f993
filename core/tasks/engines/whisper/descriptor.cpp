#include "core/errors/classify.h"
#include "core/services/whisper/whisperclient.h"
#include "core/tasks/engines/taskengine.h"

#include <QFile>
#include <QFileInfo>

namespace vigie::engines::whisper {

EngineDescriptor descriptor();

namespace {

constexpr qint64 maxAudio = 25 * 1024 * 1024;

Failure unreadable(const QString& file, const QString& why) {
    Failure failure;
    failure.kind = FailureKind::Invalid;
    failure.code = QString::fromLatin1(toString(ErrorClass::InvalidRequest));
    failure.message = QStringLiteral("the task's file \"%1\" %2").arg(file.left(300), why);
    return failure;
}

/// Has one speech-to-text server write down what is said in a file.
class WhisperEngine final : public TaskEngine {
public:
    WhisperEngine(Clock& clock, WhisperOptions options, QString language)
        : m_url(options.url), m_model(options.model), m_http(clock),
          m_client(clock, m_http, std::move(options)), m_language(std::move(language)) {}

    Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) override {
        WhisperOrder order;
        if (request.file.isEmpty())
            co_return fail(unreadable({}, QStringLiteral("is missing: this engine needs one")));
        QFile file(request.file);
        if (!file.open(QIODevice::ReadOnly))
            co_return fail(
                unreadable(request.file, QStringLiteral("can't be read: ") + file.errorString()));
        order.audio = file.read(maxAudio + 1);
        if (order.audio.isEmpty() || order.audio.size() > maxAudio)
            co_return fail(
                unreadable(request.file, QStringLiteral("is empty or longer than 25 MiB")));
        order.fileName = QFileInfo(request.file).fileName();
        order.model = request.model;
        order.language = m_language;
        order.prompt = request.prompt;
        order.idempotencyKey = request.idempotencyKey.toUtf8();
        order.timeout = request.timeout;
        auto transcript = co_await m_client.transcribe(std::move(order), std::move(stop));
        if (!transcript)
            co_return fail(std::move(transcript.error()));
        co_return std::move(transcript->text);
    }
    QString peer(const QString& model) const override {
        return enginePeer("whisper", m_url, model.isEmpty() ? m_model : model);
    }

private:
    const QUrl m_url;
    const QString m_model;
    HttpClient m_http;
    WhisperClient m_client;
    const QString m_language;
};

Outcome<std::unique_ptr<TaskEngine>> create(const EngineContext& context) {
    const auto url = engineUrl(context, "url");
    if (!url)
        return fail(url.error());
    const auto key = engineSecret(context, "api_key_env");
    if (!key)
        return fail(key.error());
    WhisperOptions options;
    options.url = *url;
    options.key = key->toUtf8();
    options.model = context.options.text("model");
    options.path = context.options.text("path");
    options.classifier = context.classifier;
    options.resilienceEnabled = false; // one call for one request; the executor does the rest
    return std::make_unique<WhisperEngine>(context.clock, std::move(options),
                                           context.options.text("language"));
}

} // namespace

EngineDescriptor descriptor() {
    EngineDescriptor whisper;
    whisper.kind = QStringLiteral("whisper");
    whisper.summary = QStringLiteral("A speech-to-text server; tasks name a file");
    whisper.options = {
        engineOption("url", SettingType::Text, QString(), "Address of the server"),
        engineOption("path", SettingType::Text, QStringLiteral("/v1/audio/transcriptions"),
                     "Path of transcriptions; /inference for whisper.cpp"),
        engineOption("model", SettingType::Text, QStringLiteral("whisper-1"),
                     "Model for tasks that name none"),
        engineOption("language", SettingType::Text, QString(),
                     "Language of all files, such as fr; empty: found out"),
        engineOption("api_key_env", SettingType::Text, QString(),
                     "Name of the environment variable that holds the API key"),
    };
    whisper.create = create;
    return whisper;
}

} // namespace vigie::engines::whisper
