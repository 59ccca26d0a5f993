#include "core/services/ollama/ollamaclient.h"

#include "core/http/networkfailure.h"
#include "core/services/servicesettings.h"

namespace vigie {

namespace {

constexpr qint64 maxAnswerBytes = 16 * 1024 * 1024;

} // namespace

OllamaClient::OllamaClient(Clock& clock, HttpClient& client, OllamaOptions options)
    : m_clock(clock), m_client(client),
      m_options(std::move(options)), m_calls{QStringLiteral("ollama"), decodeOllamaError,
                                             m_options.classifier,     m_options.resilienceEnabled,
                                             m_options.profiles,       m_options.breakerEnabled,
                                             m_options.shared},
      m_management(clock, client, m_calls.options("api", m_options.url, m_options.callTimeout)) {}

OllamaClient::~OllamaClient() = default;

HttpRequest OllamaClient::request(const QByteArray& method, const QByteArray& path) const {
    HttpRequest made;
    made.method = method;
    made.url = below(m_options.url, path);
    made.deadline = m_options.callTimeout;
    made.maxBodyBytes = maxAnswerBytes;
    made.headers.emplaceBack("Accept", "application/json");
    if (!m_options.key.isEmpty())
        made.headers.emplaceBack("Authorization", "Bearer " + m_options.key);
    return made;
}

Task<Outcome<QString>> OllamaClient::version(std::stop_token stop) {
    HttpRequest asked = request("GET", "/api/version");
    const auto reply = co_await m_management.call(std::move(asked), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeOllamaVersion(reply->body);
}

Task<Outcome<std::vector<OllamaModel>>> OllamaClient::models(std::stop_token stop) {
    HttpRequest asked = request("GET", "/api/tags");
    const auto reply = co_await m_management.call(std::move(asked), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeOllamaTags(reply->body);
}

std::shared_ptr<Endpoint> OllamaClient::endpointOf(const QString& model) {
    const auto known = m_perModel.find(model);
    if (known != m_perModel.end())
        return known->second;
    // Beyond the bound the rest share one: names come from callers, memory must not grow with them.
    const QString name = m_perModel.size() < maxModels ? model : QStringLiteral("other models");
    auto& endpoint = m_perModel[name];
    if (!endpoint)
        endpoint = std::make_shared<Endpoint>(
            m_clock, m_client,
            m_calls.options("llm-task", m_options.url, m_options.generateTimeout, name));
    return endpoint;
}

Task<Outcome<OllamaAnswer>> OllamaClient::generate(OllamaGenerate order, std::stop_token stop) {
    QByteArray body = encodeOllamaGenerate(order);
    OllamaCommon common = std::move(order.common);
    return ask("/api/generate", std::move(body), std::move(common), std::move(stop));
}

Task<Outcome<OllamaAnswer>> OllamaClient::chat(OllamaChat order, std::stop_token stop) {
    QByteArray body = encodeOllamaChat(order);
    OllamaCommon common = std::move(order.common);
    return ask("/api/chat", std::move(body), std::move(common), std::move(stop));
}

Task<Outcome<OllamaAnswer>> OllamaClient::ask(QByteArray path, QByteArray body, OllamaCommon common,
                                              std::stop_token stop) {
    HttpRequest order = request("POST", path);
    order.body = std::move(body);
    order.deadline = common.timeout.value_or(m_options.generateTimeout);
    order.headers.emplaceBack("Content-Type", "application/json");
    if (!common.idempotencyKey.isEmpty())
        markRepeatable(order, common.idempotencyKey);
    const std::shared_ptr<Endpoint> endpoint = endpointOf(common.model);
    const auto reply = co_await endpoint->call(std::move(order), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    Outcome<OllamaAnswer> answer = decodeOllamaAnswer(reply->body);
    if (answer)
        answer->attempts = reply->attempts;
    co_return answer;
}

} // namespace vigie
