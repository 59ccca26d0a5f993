#pragma once

#include "core/errors/classify.h"
#include "core/http/endpoint.h"
#include "core/resilience/profileset.h"

#include <memory>

namespace vigie {

/// Reads the error body of one service; what is not found stays empty. Never fails.
using ErrorDecoder = ErrorAnswer (*)(const QByteArray& body);

/// What a client's calls need beside clock and HttpClient.
struct ServiceCalls {
    QString service; ///< "ollama"
    ErrorDecoder decodeError = nullptr;
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
    bool resilienceEnabled = true;
    std::shared_ptr<const ProfileSet> profiles{}; ///< null: those that are built in
    bool breakerEnabled = true;                   ///< CIRCUIT_BREAKER_ENABLED
    SharedCalls shared{};                         ///< with the other calls of the program

    /// An Endpoint's options, named "ollama:host:11434" plus `part` if any, under the profile of
    /// that name; error answers are read by the decoder and classified. `callTimeout` bounds one
    /// attempt.
    EndpointOptions options(const char* profile, const QUrl& url, Duration callTimeout,
                            const QString& part = {}) const;
    /// The failure of an answer that says it failed, whatever its status.
    Failure failureOf(const HttpReply& reply, const QString& what) const;
};

/// Marks a request that does no harm when it is carried out twice, so that it is retried.
void markRepeatable(HttpRequest& request, const QByteArray& idempotencyKey = {});

} // namespace vigie
