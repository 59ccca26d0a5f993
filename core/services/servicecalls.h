#pragma once

#include "core/errors/classify.h"
#include "core/http/endpoint.h"

#include <memory>

namespace vigie {

/// How the calls of a service are made: the profiles of the settled numbers.
enum class ServiceProfile {
    Api,      ///< management calls and objects
    Database, ///< short, retried quickly
    LlmTask,  ///< long computations
};

/// Reads the error body of one service; what is not found stays empty. Never fails.
using ErrorDecoder = ErrorAnswer (*)(const QByteArray& body);

/// What a client's calls need beside clock and HttpClient.
struct ServiceCalls {
    QString service; ///< "ollama"
    ErrorDecoder decodeError = nullptr;
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
    bool resilienceEnabled = true;

    /// An Endpoint's options, named "ollama:host:11434" plus `part` if any; error answers are read
    /// by the decoder and classified. `callTimeout` bounds one attempt.
    EndpointOptions options(ServiceProfile profile, const QUrl& url, Duration callTimeout,
                            const QString& part = {}) const;
    /// The failure of an answer that says it failed, whatever its status.
    Failure failureOf(const HttpReply& reply, const QString& what) const;
};

/// Marks a request that does no harm when it is carried out twice, so that it is retried.
void markRepeatable(HttpRequest& request, const QByteArray& idempotencyKey = {});

} // namespace vigie
