#include "core/tasks/engines/openai/openaiengine.h"

namespace vigie::engines::openai {

EngineDescriptor descriptor();

namespace {

Outcome<std::unique_ptr<TaskEngine>> create(const EngineContext& context) {
    const auto url = engineUrl(context, "url");
    if (!url)
        return fail(url.error());
    const auto key = engineSecret(context, "api_key_env");
    if (!key)
        return fail(key.error());
    OpenAiOptions options;
    options.url = *url;
    options.apiKey = *key;
    options.model = context.options.text("model");
    options.classifier = context.classifier;
    options.maxTokens = context.options.integer("max_tokens");
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
