#include "core/orchestrator/jobs/healthcheck/tokenprobe.h"

#include "core/base/ids.h"
#include "core/base/timeformat.h"
#include "core/tasks/engines/openai/chatcodec.h"

namespace vigie::jobs::healthcheck {

namespace {

const QString chatPath = QStringLiteral("/v1/chat/completions");
const QString probeEngine = QStringLiteral("synthetic-probe");

TaskExecutorOptions oneTry(Duration deadline) {
    TaskExecutorOptions options;
    options.profile.name = "synthetic-probe";
    options.profile.retry.maxAttempts = 1; // the watchdog counts failures in a row by itself
    options.profile.circuit.reset();
    options.profile.timeout.callTimeout = deadline;
    return options;
}

} // namespace

/// The model servers that are asked now, each by the key of its question, at the address that the
/// provider reports and nowhere else.
class TokenProbe::Servers final : public TaskEngine {
public:
    Servers(HttpSend send, int maxTokens) : m_send(std::move(send)), m_maxTokens(maxTokens) {}

    QString enter(QUrl url) {
        const QString key = newUuid();
        m_urls.insert(key, std::move(url));
        return key;
    }
    void leave(const QString& key) { m_urls.remove(key); }

    Task<Outcome<QString>> generate(EngineRequest request, std::stop_token stop) override {
        HttpRequest http;
        http.method = "POST";
        http.url = m_urls.value(request.idempotencyKey);
        http.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
        http.body = encodeChat(request.model, request.prompt, m_maxTokens);
        http.deadline = request.timeout;
        http.maxBodyBytes = 1024 * 1024;
        http.maxRedirects = 0;
        Task<Outcome<HttpReply>> sent = m_send(std::move(http), std::move(stop));
        const Outcome<HttpReply> reply = co_await sent;
        if (!reply)
            co_return fail(reply.error());
        if (reply->status != 200)
            co_return fail(FailureKind::ServerError,
                           QStringLiteral("it answered %1").arg(reply->status));
        co_return decodeChat(reply->body);
    }

private:
    HttpSend m_send;
    int m_maxTokens;
    QHash<QString, QUrl> m_urls;
};

TokenProbe::TokenProbe(Clock& clock, HttpSend send, TokenProbeOptions options)
    : m_options(std::move(options)), m_servers(new Servers(std::move(send), m_options.maxTokens)),
      m_executor(clock, m_engines, oneTry(m_options.deadline)) {
    m_engines.emplace(probeEngine, std::unique_ptr<TaskEngine>(m_servers));
}

TokenProbe::~TokenProbe() = default;

Task<TokenProbe::Answer> TokenProbe::ask(QHostAddress address, quint16 port, QString model,
                                         std::stop_token stop) {
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(address.toString());
    url.setPort(port);
    url.setPath(chatPath);
    const QString key = m_servers->enter(std::move(url));
    TaskOrder order;
    order.task.id = QStringLiteral("probe");
    order.task.engine = probeEngine;
    order.task.model = std::move(model);
    order.task.prompt = m_options.prompt;
    order.task.timeout = m_options.deadline;
    order.idempotencyKey = key;
    Task<TaskResult> asked = m_executor.executeOne(std::move(order), std::move(stop));
    const TaskResult result = co_await asked;
    m_servers->leave(key);
    Answer answer;
    answer.ok = result.succeeded;
    answer.latency = result.took;
    answer.says = result.succeeded
                      ? QStringLiteral("the model answered in %1").arg(humanDuration(result.took))
                      : QStringLiteral("%1 on port %2: %3")
                            .arg(chatPath, QString::number(port), result.message);
    co_return answer;
}

} // namespace vigie::jobs::healthcheck
