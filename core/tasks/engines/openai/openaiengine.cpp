#include "core/tasks/engines/openai/openaiengine.h"

#include "core/services/openaierrorcodec.h"
#include "core/tasks/engines/openai/chatcodec.h"

namespace vigie {

namespace {

constexpr qint64 maxAnswerBytes = 8 * 1024 * 1024;

QUrl chatEndpoint(QUrl url) {
    QString path = url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    if (!path.endsWith(QLatin1String("/v1")))
        path += QStringLiteral("/v1");
    url.setPath(path + QStringLiteral("/chat/completions"));
    return url;
}

} // namespace

OpenAiEngine::OpenAiEngine(Clock& clock, OpenAiOptions options)
    : m_http(clock), m_options(std::move(options)), m_endpoint(chatEndpoint(m_options.url)) {}

Task<Outcome<QString>> OpenAiEngine::generate(EngineRequest request, std::stop_token stop) {
    HttpRequest http;
    http.method = "POST";
    http.url = m_endpoint;
    http.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    if (!request.idempotencyKey.isEmpty())
        http.headers.append({"Idempotency-Key", request.idempotencyKey.toUtf8()});
    if (!m_options.apiKey.isEmpty())
        http.headers.append({"Authorization", "Bearer " + m_options.apiKey.toUtf8()});
    http.body = encodeChat(request.model.isEmpty() ? m_options.model : request.model,
                           request.prompt, m_options.maxTokens);
    http.deadline = request.timeout;
    http.maxBodyBytes = maxAnswerBytes;

    const auto reply = co_await m_http.send(std::move(http), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    if (reply->status >= 200 && reply->status < 300)
        co_return decodeChat(reply->body);
    const QString what = QStringLiteral("POST ") + m_endpoint.toString(QUrl::RemoveUserInfo);
    if (reply->status < 400)
        co_return fail(failureFromReply(*reply, what));
    ErrorAnswer answer = decodeOpenAiError(reply->body);
    answer.httpStatus = reply->status;
    answer.retryAfter = failureFromReply(*reply, what).retryAfter;
    co_return fail(classifiedFailure(*m_options.classifier, "openai", answer, what));
}

} // namespace vigie
