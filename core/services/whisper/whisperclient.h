#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/services/servicecalls.h"
#include "core/services/whisper/whispercodec.h"

namespace vigie {

struct WhisperOptions {
    QUrl url;                                                  ///< "http://127.0.0.1:8000"
    QByteArray key;                                            ///< bearer token; may be empty
    QString model = QStringLiteral("whisper-1");               ///< where an order names none
    QString path = QStringLiteral("/v1/audio/transcriptions"); ///< "/inference" for whisper.cpp
    Duration callTimeout = std::chrono::seconds(10);           ///< of the health check
    Duration transcribeTimeout = std::chrono::seconds(120);    ///< of one attempt
    qint64 maxAudioBytes = 25 * 1024 * 1024;
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
    bool resilienceEnabled = true, breakerEnabled = true;
    std::shared_ptr<const ProfileSet> profiles{}; ///< null: those that are built in
    SharedCalls shared{};                         ///< with the other calls of the program
};

struct WhisperHealth {
    QString status;            ///< "ok", as the server says it; may be empty
    std::optional<int> models; ///< where only the list of models told that it is well
};

/// Talks to one speech-to-text server with OpenAI's interface: speaches, faster-whisper-server,
/// whisper.cpp's server. Health and transcriptions have a circuit breaker each. Belongs to one
/// thread, and outlives the tasks it returned.
class WhisperClient {
public:
    WhisperClient(Clock& clock, HttpClient& client, WhisperOptions options);

    /// With an idempotency key it is retried whenever that may help; without one only when nothing
    /// was done yet. Invalid when the audio is empty or longer than maxAudioBytes.
    Task<Outcome<WhisperTranscript>> transcribe(WhisperOrder order, std::stop_token stop);
    /// GET /health, or GET /v1/models where there is no such thing.
    Task<Outcome<WhisperHealth>> health(std::stop_token stop);

    const Endpoint& endpoint() const { return m_management; }

private:
    HttpRequest request(const QByteArray& method, const QByteArray& path, Duration timeout) const;

    WhisperOptions m_options;
    ServiceCalls m_calls;
    Endpoint m_management;
    Endpoint m_transcriptions;
};

} // namespace vigie
