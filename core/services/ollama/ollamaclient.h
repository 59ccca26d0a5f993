#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/services/ollama/ollamacodec.h"
#include "core/services/servicecalls.h"

#include <map>
#include <memory>

namespace vigie {

struct OllamaOptions {
    QUrl url;       ///< "http://127.0.0.1:11434"
    QByteArray key; ///< of a proxy in front of it, sent as a bearer token; may be empty
    Duration callTimeout = std::chrono::seconds(10);      ///< of version, models
    Duration generateTimeout = std::chrono::seconds(120); ///< of one attempt to generate or chat
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
    bool resilienceEnabled = true, breakerEnabled = true;
    std::shared_ptr<const ProfileSet> profiles{}; ///< null: those that are built in
    SharedCalls shared{};                         ///< with the other calls of the program
};

/// Talks to one Ollama server. Management calls have one circuit breaker, each model its own, so
/// that a model that does not fit into the GPU does not keep the others away. Belongs to one
/// thread, and outlives the tasks it returned.
class OllamaClient {
public:
    OllamaClient(Clock& clock, HttpClient& client, OllamaOptions options);
    ~OllamaClient();
    OllamaClient(const OllamaClient&) = delete;
    OllamaClient& operator=(const OllamaClient&) = delete;

    /// GET /api/version: "0.5.1".
    Task<Outcome<QString>> version(std::stop_token stop);
    /// GET /api/tags: what is installed.
    Task<Outcome<std::vector<OllamaModel>>> models(std::stop_token stop);
    /// POST /api/generate and POST /api/chat, without streaming. With an idempotency key they are
    /// retried whenever that may help; without one only when nothing was done yet.
    Task<Outcome<OllamaAnswer>> generate(OllamaGenerate order, std::stop_token stop);
    Task<Outcome<OllamaAnswer>> chat(OllamaChat order, std::stop_token stop);

    /// Of the management calls.
    const Endpoint& endpoint() const { return m_management; }

private:
    static constexpr std::size_t maxModels = 64; ///< with an endpoint of their own

    HttpRequest request(const QByteArray& method, const QByteArray& path) const;
    std::shared_ptr<Endpoint> endpointOf(const QString& model);
    Task<Outcome<OllamaAnswer>> ask(QByteArray path, QByteArray body, OllamaCommon common,
                                    std::stop_token stop);

    Clock& m_clock;
    HttpClient& m_client;
    OllamaOptions m_options;
    ServiceCalls m_calls;
    Endpoint m_management;
    std::map<QString, std::shared_ptr<Endpoint>> m_perModel;
};

} // namespace vigie
