#include "core/tasks/engines/openai/openaiengine.h"

#include <QtGlobal>

namespace vigie::engines::openai {

EngineDescriptor descriptor();

namespace {

Outcome<std::unique_ptr<TaskEngine>> create(const EngineContext& context) {
    OpenAiOptions options;
    const QString url = context.options.text("url");
    options.url = QUrl(url, QUrl::StrictMode);
    const QString scheme = options.url.scheme();
    if (!options.url.isValid() || options.url.host().isEmpty() ||
        (scheme != QLatin1String("http") && scheme != QLatin1String("https")))
        return fail(
            FailureKind::Invalid,
            QStringLiteral("engines.%1.url is \"%2\", but must be the http or https address "
                           "of a server, such as http://127.0.0.1:8000")
                .arg(context.name, url.left(200)));
    options.model = context.options.text("model");
    options.maxTokens = context.options.integer("max_tokens");
    if (const QString variable = context.options.text("api_key_env"); !variable.isEmpty()) {
        options.apiKey = qEnvironmentVariable(variable.toLocal8Bit().constData());
        if (options.apiKey.isEmpty())
            return fail(FailureKind::Invalid,
                        QStringLiteral("engines.%1.api_key_env names the variable %2, which is not "
                                       "set")
                            .arg(context.name, variable.left(100)));
    }
    return std::make_unique<OpenAiEngine>(context.clock, std::move(options));
}

} // namespace

EngineDescriptor descriptor() {
    EngineDescriptor openai;
    openai.kind = QStringLiteral("openai");
    openai.summary =
        QStringLiteral("A server with POST /v1/chat/completions: vLLM, Ollama, vigie-worker");
    openai.options = {
        engineOption("url", SettingType::Text, QString(), "Address of the server"),
        engineOption("model", SettingType::Text, QString(), "Model for tasks that name none"),
        engineOption("api_key_env", SettingType::Text, QString(),
                     "Name of the environment variable that holds the API key"),
        engineOption("max_tokens", SettingType::Integer, 0,
                     "Longest answer in tokens; 0 leaves it to the server", 0, 1'000'000),
    };
    openai.create = create;
    return openai;
}

} // namespace vigie::engines::openai
