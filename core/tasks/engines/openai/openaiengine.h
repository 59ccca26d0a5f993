#pragma once

#include "core/errors/classify.h"
#include "core/http/httpclient.h"
#include "core/tasks/engines/taskengine.h"

#include <QUrl>

namespace vigie {

struct OpenAiOptions {
    QUrl url;          ///< of the server, or of its /v1
    QString model;     ///< for requests that name none
    QString apiKey;    ///< sent as a bearer token; empty: none
    int maxTokens = 0; ///< of an answer; 0: as many as the server likes
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
};

/// Asks an OpenAI-compatible server over HTTP.
class OpenAiEngine final : public TaskEngine {
public:
    OpenAiEngine(Clock& clock, OpenAiOptions options);

    Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) override;
    QString peer(const QString& model) const override {
        return enginePeer("openai", m_options.url, model.isEmpty() ? m_options.model : model);
    }

private:
    HttpClient m_http;
    const OpenAiOptions m_options;
    const QUrl m_endpoint;
};

} // namespace vigie
