#include "core/worker/mockengine.h"

#include "core/base/ids.h"

#include <QHostAddress>

#include <utility>

namespace vigie {

namespace {

/// As many as one server has connections for; more would only cost memory.
constexpr std::size_t maxPending = 1024;

ServerResponse error(int status, const QString& type, const QString& message,
                     const QString& param = {}, const QString& code = {}) {
    return ServerResponse::json(status, encodeOpenAiError(type, message, param, code));
}

ServerResponse refusal(const Failure& failure) {
    return error(400, QStringLiteral("invalid_request_error"), failure.message, failure.code);
}

ServerResponse wrongMethod(const ServerRequest& request, const QByteArray& allowed) {
    ServerResponse response = error(
        405, QStringLiteral("invalid_request_error"),
        QStringLiteral("%1 does not take %2; allowed: %3")
            .arg(request.path, QString::fromUtf8(request.method), QString::fromUtf8(allowed)));
    response.headers.append({"Allow", allowed});
    return response;
}

bool reads(const ServerRequest& request) {
    return request.method == "GET" || request.method == "HEAD";
}

} // namespace

MockEngine::MockEngine(Clock& clock, QString model, FaultOptions faults)
    : m_clock(clock), m_model(std::move(model)), m_startedAt(clock.wallNow()), m_faults(faults),
      m_plan(faults) {}

bool MockEngine::owns(const QString& path) {
    return path == QLatin1String("/v1") || path.startsWith(QLatin1String("/v1/")) ||
           path == QLatin1String("/mock/faults");
}

void MockEngine::handle(const ServerRequest& request, HttpServer::Respond respond) {
    if (request.path == QLatin1String("/mock/faults")) {
        steer(request, respond);
    } else if (m_hung) {
        if (m_held.size() < maxPending)
            m_held.push_back({request, std::move(respond)});
        else
            respond(error(503, QStringLiteral("server_error"),
                          QStringLiteral("the engine hangs and its queue is full")));
    } else {
        serve(request, std::move(respond));
    }
}

void MockEngine::serve(const ServerRequest& request, HttpServer::Respond respond) {
    const bool models = request.path == QLatin1String("/v1/models");
    const bool chat = request.path == QLatin1String("/v1/chat/completions");
    if (!models && !chat) {
        respond(error(404, QStringLiteral("invalid_request_error"),
                      QStringLiteral("there is no %1; this engine serves /v1/models and "
                                     "/v1/chat/completions")
                          .arg(request.path)));
    } else if (models && !reads(request)) {
        respond(wrongMethod(request, "GET, HEAD"));
    } else if (chat && request.method != "POST") {
        respond(wrongMethod(request, "POST"));
    } else if (!m_ready) {
        respond(error(503, QStringLiteral("server_error"),
                      QStringLiteral("the model is not loaded"), {},
                      QStringLiteral("model_not_ready")));
    } else if (models) {
        respond(ServerResponse::json(200, encodeModels(m_model, m_startedAt)));
    } else {
        complete(request.body, std::move(respond));
    }
}

void MockEngine::complete(const QByteArray& body, HttpServer::Respond respond) {
    const Outcome<ChatRequest> request = decodeChatRequest(body);
    if (!request) {
        respond(refusal(request.error()));
        return;
    }
    if (request->model != m_model) {
        respond(error(404, QStringLiteral("invalid_request_error"),
                      QStringLiteral("the model '%1' does not exist; this engine serves '%2'")
                          .arg(request->model.left(100), m_model),
                      QStringLiteral("model"), QStringLiteral("model_not_found")));
        return;
    }
    if (m_running.size() >= maxPending) {
        respond(error(429, QStringLiteral("rate_limit_error"),
                      QStringLiteral("%1 requests are running already").arg(maxPending)));
        return;
    }
    const quint64 number = ++m_requests;
    const FaultPlan::Decision decision = m_plan.next();
    const bool fails = decision.fate == FaultPlan::Fate::Fail;
    m_failures += fails ? 1 : 0;
    ServerResponse response = fails
                                  ? error(m_faults.failStatus, QStringLiteral("server_error"),
                                          QStringLiteral("simulated failure: GPU kernel overload"),
                                          {}, QStringLiteral("gpu_kernel_overload"))
                                  : completion(*request);
    Pending& pending =
        m_running.emplace(number, Pending{std::move(response), std::move(respond), {}})
            .first->second;
    pending.timer = m_clock.schedule(decision.after, [this, number] {
        const auto done = m_running.extract(number);
        done.mapped().respond(std::move(done.mapped().response));
    });
}

ServerResponse MockEngine::completion(const ChatRequest& request) {
    QStringList words = QStringLiteral("This is the empty factory. You said: %1")
                            .arg(request.lastMessage.simplified().left(2000))
                            .trimmed()
                            .split(QLatin1Char(' '));
    const bool cut = request.maxTokens && words.size() > *request.maxTokens;
    if (cut)
        words.resize(*request.maxTokens);
    const ChatCompletion completion{QStringLiteral("chatcmpl-") + newUuid(),
                                    m_model,
                                    words.join(QLatin1Char(' ')),
                                    request.promptTokens,
                                    static_cast<int>(words.size()),
                                    cut,
                                    m_clock.wallNow()};
    ++m_tokens.requests;
    m_tokens.input += completion.promptTokens;
    m_tokens.output += completion.completionTokens;
    if (!request.stream)
        return ServerResponse::json(200, encodeCompletion(completion));
    ServerResponse response = ServerResponse::text(200, encodeCompletionStream(completion));
    response.contentType = "text/event-stream";
    return response;
}

void MockEngine::steer(const ServerRequest& request, const HttpServer::Respond& respond) {
    if (!QHostAddress(request.peerAddress).isLoopback()) {
        respond(error(403, QStringLiteral("permission_error"),
                      QStringLiteral("faults are steered from this machine only")));
        return;
    }
    if (request.method == "POST") {
        const Outcome<FaultOrder> order = decodeFaultOrder(request.body);
        if (!order) {
            respond(refusal(order.error()));
            return;
        }
        apply(*order);
    } else if (!reads(request)) {
        respond(wrongMethod(request, "GET, HEAD, POST"));
        return;
    }
    respond(ServerResponse::json(
        200, encodeFaults(m_hung, m_ready, m_faults.failEvery, m_faults.slowEvery)));
}

void MockEngine::apply(const FaultOrder& order) {
    m_ready = order.ready.value_or(m_ready);
    if (order.failEvery || order.slowEvery) {
        m_faults.failEvery = order.failEvery.value_or(m_faults.failEvery);
        m_faults.slowEvery = order.slowEvery.value_or(m_faults.slowEvery);
        m_plan = FaultPlan(m_faults);
    }
    m_hung = order.hang.value_or(m_hung);
    if (m_hung)
        return;
    for (Held& held : std::exchange(m_held, {}))
        serve(held.request, std::move(held.respond));
}

QueueSample MockEngine::queue() const {
    const int running = static_cast<int>(m_running.size());
    const int waiting = static_cast<int>(m_held.size());
    return {waiting, running, waiting + running};
}

} // namespace vigie
