#include "core/services/whisper/whisperclient.h"

#include "core/services/servicesettings.h"

#include <QUuid>

namespace vigie {

namespace {

constexpr qint64 maxAnswerBytes = 16 * 1024 * 1024;

Failure unusable(const QString& problem) {
    return {FailureKind::Invalid,
            QStringLiteral("The audio can't be transcribed: %1").arg(problem),
            0,
            {},
            {},
            {}};
}

} // namespace

WhisperClient::WhisperClient(Clock& clock, HttpClient& client, WhisperOptions options)
    : m_options(std::move(options)), m_calls{QStringLiteral("whisper"), decodeWhisperError,
                                             m_options.classifier,      m_options.resilienceEnabled,
                                             m_options.profiles,        m_options.breakerEnabled,
                                             m_options.shared},
      m_management(clock, client, m_calls.options("api", m_options.url, m_options.callTimeout)),
      m_transcriptions(clock, client,
                       m_calls.options("llm-task", m_options.url, m_options.transcribeTimeout,
                                       QStringLiteral("transcriptions"))) {}

HttpRequest WhisperClient::request(const QByteArray& method, const QByteArray& path,
                                   Duration timeout) const {
    HttpRequest made;
    made.method = method;
    made.url = below(m_options.url, path);
    made.deadline = timeout;
    made.maxBodyBytes = maxAnswerBytes;
    made.headers.emplaceBack("Accept", "application/json");
    if (!m_options.key.isEmpty())
        made.headers.emplaceBack("Authorization", "Bearer " + m_options.key);
    return made;
}

Task<Outcome<WhisperTranscript>> WhisperClient::transcribe(WhisperOrder order,
                                                           std::stop_token stop) {
    if (order.audio.isEmpty())
        co_return fail(unusable(QStringLiteral("it is empty")));
    if (order.audio.size() > m_options.maxAudioBytes)
        co_return fail(unusable(QStringLiteral("it has %1 bytes; at most %2 are sent")
                                    .arg(order.audio.size())
                                    .arg(m_options.maxAudioBytes)));
    if (order.model.isEmpty())
        order.model = m_options.model;
    const QByteArray boundary = "vigie-" + QUuid::createUuid().toByteArray(QUuid::Id128);
    MultipartBody body = encodeWhisperOrder(order, boundary);
    HttpRequest post = request("POST", m_options.path.toUtf8(),
                               order.timeout.value_or(m_options.transcribeTimeout));
    post.headers.emplaceBack("Content-Type", body.contentType);
    post.body = std::move(body.bytes);
    if (!order.idempotencyKey.isEmpty())
        markRepeatable(post, order.idempotencyKey);
    const auto reply = co_await m_transcriptions.call(std::move(post), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    auto answer = decodeWhisperAnswer(reply->body);
    if (!answer)
        co_return fail(answer.error());
    if (answer->error) {
        const QString what = QStringLiteral("POST %1").arg(m_options.path);
        co_return fail(m_calls.failureOf(*reply, what));
    }
    answer->transcript->attempts = reply->attempts;
    co_return *answer->transcript;
}

Task<Outcome<WhisperHealth>> WhisperClient::health(std::stop_token stop) {
    HttpRequest asked = request("GET", "/health", m_options.callTimeout);
    const auto reply = co_await m_management.call(std::move(asked), stop);
    if (reply)
        co_return WhisperHealth{decodeHealthStatus(reply->body), {}};
    if (reply.error().kind != FailureKind::NotFound)
        co_return fail(reply.error());
    HttpRequest list = request("GET", "/v1/models", m_options.callTimeout);
    const auto listed = co_await m_management.call(std::move(list), std::move(stop));
    if (!listed)
        co_return fail(listed.error());
    const auto models = decodeModelCount(listed->body);
    if (!models)
        co_return fail(models.error());
    co_return WhisperHealth{{}, *models};
}

} // namespace vigie
