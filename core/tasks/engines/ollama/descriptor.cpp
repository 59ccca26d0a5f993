#include "core/services/ollama/ollamaclient.h"
#include "core/tasks/engines/taskengine.h"

namespace vigie::engines::ollama {

EngineDescriptor descriptor();

namespace {

/// Asks one Ollama server.
class OllamaEngine final : public TaskEngine {
public:
    OllamaEngine(Clock& clock, OllamaOptions options, QString model, int maxTokens)
        : m_url(options.url), m_http(clock), m_client(clock, m_http, std::move(options)),
          m_model(std::move(model)), m_maxTokens(maxTokens) {}

    Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) override {
        OllamaGenerate order;
        order.common.model = request.model.isEmpty() ? m_model : request.model;
        if (m_maxTokens > 0)
            order.common.maxTokens = m_maxTokens;
        order.common.idempotencyKey = request.idempotencyKey.toUtf8();
        order.common.timeout = request.timeout;
        order.prompt = request.prompt;
        auto answer = co_await m_client.generate(std::move(order), std::move(stop));
        if (!answer)
            co_return fail(std::move(answer.error()));
        co_return std::move(answer->text);
    }
    QString peer(const QString& model) const override {
        return enginePeer("ollama", m_url, model.isEmpty() ? m_model : model);
    }

private:
    const QUrl m_url;
    HttpClient m_http;
    OllamaClient m_client;
    const QString m_model;
    const int m_maxTokens;
};

Outcome<std::unique_ptr<TaskEngine>> create(const EngineContext& context) {
    const auto url = engineUrl(context, "url");
    if (!url)
        return fail(url.error());
    const auto key = engineSecret(context, "api_key_env");
    if (!key)
        return fail(key.error());
    OllamaOptions options;
    options.url = *url;
    options.key = key->toUtf8();
    options.classifier = context.classifier;
    options.resilienceEnabled = false; // one call for one request; the executor does the rest
    return std::make_unique<OllamaEngine>(context.clock, std::move(options),
                                          context.options.text("model"),
                                          context.options.integer("max_tokens"));
}

} // namespace

EngineDescriptor descriptor() {
    EngineDescriptor ollama;
    ollama.kind = QStringLiteral("ollama");
    ollama.summary = QStringLiteral("An Ollama server, by its own API");
    ollama.options = {
        engineOption("url", SettingType::Text, QStringLiteral("http://127.0.0.1:11434"),
                     "Address of the server"),
        engineOption("model", SettingType::Text, QString(), "Model for tasks that name none"),
        engineOption("api_key_env", SettingType::Text, QString(),
                     "Name of the environment variable that holds the key of a proxy before it"),
        engineOption("max_tokens", SettingType::Integer, 0,
                     "Longest answer in tokens; 0 leaves it to the server", 0, 1'000'000),
    };
    ollama.create = create;
    return ollama;
}

} // namespace vigie::engines::ollama
