#include "core/worker/modelcheck.h"

#include "core/worker/agentcodec.h"

#include <cmath>

namespace vigie {

namespace {

QUrl below(QUrl base, const QString& path) {
    QString root = base.path();
    while (root.endsWith(QLatin1Char('/')))
        root.chop(1);
    base.setPath(root + path);
    return base;
}

/// Value of a line `name{labels} value [timestamp]` whose name is exactly `name`.
constexpr double mostQueued = 1e6;
constexpr double mostCounted = 1e12;

std::optional<double> sampleOf(QByteArrayView line, QByteArrayView name,
                               double below = mostQueued) {
    if (!line.startsWith(name) || line.size() == name.size())
        return {};
    const char next = line[name.size()];
    if (next != '{' && next != ' ')
        return {};
    const qsizetype end = next == '{' ? line.lastIndexOf('}') + 1 : name.size();
    if (end < name.size())
        return {};
    bool ok = false;
    const QByteArray rest = line.sliced(end).toByteArray().trimmed();
    const double value = rest.split(' ').constFirst().toDouble(&ok);
    return ok && std::isfinite(value) && value >= 0 && value < below ? std::optional(value)
                                                                     : std::nullopt;
}

void add(std::optional<int>& sum, std::optional<double> value) {
    if (value)
        sum = sum.value_or(0) + static_cast<int>(*value);
}

} // namespace

std::optional<QueueSample> parseVllmQueue(QByteArrayView page) {
    QueueSample queue;
    for (const QByteArray& line : page.toByteArray().split('\n')) {
        add(queue.requestsWaiting, sampleOf(line, "vllm:num_requests_waiting"));
        add(queue.requestsRunning, sampleOf(line, "vllm:num_requests_running"));
    }
    if (!queue.requestsWaiting && !queue.requestsRunning)
        return {};
    queue.queueDepth = queue.requestsWaiting.value_or(0) + queue.requestsRunning.value_or(0);
    return queue;
}

std::optional<TokenCount> parseVllmTokens(QByteArrayView page) {
    TokenCount count;
    bool any = false;
    const auto take = [](const QByteArray& line, const char* name, qint64& into) {
        const auto value = sampleOf(line, name, mostCounted);
        if (value)
            into += static_cast<qint64>(*value);
        return value.has_value();
    };
    for (const QByteArray& line : page.toByteArray().split('\n')) {
        any = take(line, "vllm:prompt_tokens_total", count.input) || any;
        any = take(line, "vllm:generation_tokens_total", count.output) || any;
        take(line, "vllm:request_success_total", count.requests);
    }
    return any ? std::optional(count) : std::nullopt;
}

HttpModelCheck::HttpModelCheck(Clock& clock, HttpClient& client, QUrl base, Duration deadline)
    : m_calls(clock, client, "model-server"), m_base(std::move(base)), m_deadline(deadline) {}

Task<ModelState> HttpModelCheck::look(std::stop_token stop) {
    HttpRequest request;
    request.url = below(m_base, QStringLiteral("/v1/models"));
    request.deadline = m_deadline;
    request.maxBodyBytes = 4 * 1024 * 1024;
    HttpRequest metrics = request;
    metrics.url = below(m_base, QStringLiteral("/metrics"));
    const QString where = request.url.toString();

    const Outcome<HttpReply> models = co_await m_calls.send(std::move(request), stop);
    ModelState state;
    if (!models)
        state.why = models.error().message;
    else if (models->status != 200)
        state.why = QStringLiteral("%1 answered %2").arg(where).arg(models->status);
    else if (!isModelList(models->body))
        state.why = QStringLiteral("%1 did not answer a list of models").arg(where);
    else
        state.ready = true;
    if (!state.ready)
        co_return state;

    const Outcome<HttpReply> page = co_await m_calls.send(std::move(metrics), stop);
    if (page && page->status == 200) {
        state.queue = parseVllmQueue(page->body);
        state.tokens = parseVllmTokens(page->body);
    }
    co_return state;
}

Task<ModelState> MockModelCheck::look(std::stop_token) {
    ModelState state;
    state.ready = m_engine.serving();
    if (!state.ready)
        state.why = m_engine.hung() ? QStringLiteral("the mock engine hangs")
                                    : QStringLiteral("the mock engine is told to be not ready");
    state.queue = m_engine.queue();
    state.tokens = m_engine.tokens();
    co_return state;
}

} // namespace vigie
