#include "core/orchestrator/api/api.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/http/traceheaders.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/apimetrics.h"
#include "core/orchestrator/api/callerlimits.h"
#include "core/orchestrator/api/requestcodec.h"
#include "core/orchestrator/api/workeraccess.h"

#include <QStringBuilder>
#include <QUrl>

#include <algorithm>

namespace vigie {

namespace {

ServerResponse unauthorized(const QString& message) {
    ServerResponse response = answer::error(401, QStringLiteral("unauthorized"), message);
    response.headers.emplaceBack("WWW-Authenticate", "Bearer");
    return response;
}

bool usableKey(const QByteArray& key) {
    return key.size() <= 255 &&
           std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

void Api::handle(ServerRequest request, HttpServer::Respond respond) {
    m_scope.spawn(serve(std::move(request), std::move(respond), m_scope.token()));
}

Task<> Api::serve(ServerRequest request, HttpServer::Respond respond, std::stop_token stop) {
    const MonotonicTime began = m_context.plane.clock().now();
    const auto given = validCorrelationId(request.header("X-Correlation-Id"));
    RouteMatch match = matchRoute(routeTable(), request.method, request.path);
    Call call{std::move(request), match.parameters, {}, given ? *given : newUuid(), {}, stop, {}};
    call.trace = traceOf(call.request.headers);
    const Call kept = call; // shares its bytes with `call`
    const char* const path = match.path;

    ServerResponse response = co_await admit(std::move(match), std::move(call));
    response.headers.emplaceBack("X-Correlation-Id", kept.correlationId.toLatin1());
    finish(kept, path, response, m_context.plane.clock().now() - began);
    respond(std::move(response));
}

Task<ServerResponse> Api::admit(RouteMatch match, Call call) {
    if (auto refused = refuseOrigin(call.request))
        co_return *refused;
    if (!match.path) {
        co_return answer::error(404, QStringLiteral("not_found"),
                                QStringLiteral("there is nothing at %1; GET /version says what "
                                               "this is")
                                    .arg(call.request.path.left(200)));
    }
    if (!match.route) {
        ServerResponse response =
            answer::error(405, QStringLiteral("method_not_allowed"),
                          QStringLiteral("%1 is not served at %2; allowed: %3")
                              .arg(QString::fromLatin1(call.request.method.left(20)),
                                   call.request.path.left(200), QString::fromLatin1(match.allow)));
        response.headers.emplaceBack("Allow", match.allow);
        co_return response;
    }
    const Need need = match.route->need;
    if (need != Need::Nobody && need != Need::Worker) {
        const QByteArray token = bearerOf(call.request);
        if (token.isEmpty()) {
            co_return unauthorized(QStringLiteral(
                "this call needs a token: send the header \"Authorization: Bearer <token>\""));
        }
        const auto caller = callerOf(token);
        if (!caller)
            co_return unauthorized(
                QStringLiteral("the token is not known here, or has expired; check that it is the "
                               "whole content of this daemon's token file"));
        if (!suffices(caller->role, need)) {
            co_return answer::error(
                403, QStringLiteral("forbidden"),
                QStringLiteral("token \"%1\" has the role %2; this call needs %3")
                    .arg(caller->name, toString(caller->role), whoMay(need)));
        }
        call.caller = *caller;
        if (m_context.limits) {
            if (const auto wait = m_context.limits->refuse(caller->name))
                co_return answer::tooManyRequests(QStringLiteral("token \"%1\"").arg(caller->name),
                                                  *wait);
        }
    }
    ServerResponse response = co_await run(*match.route, std::move(call));
    co_return response;
}

Task<ServerResponse> Api::run(const Route& route, Call call) {
    call.idempotencyKey = call.request.header("Idempotency-Key");
    const Texts texts = route.trait == Route::Trait::AnyText ? Texts::Any : Texts::Printable;
    if (route.need != Need::Worker && !call.request.body.trimmed().isEmpty()) {
        if (const auto odd = whyNotPrintable(call.request.body, texts))
            co_return answer::failed(*odd);
        // Also where only a reason is looked for: what is no JSON was meant for something else.
        if (const auto wrong = whyNoJsonObject(call.request.body))
            co_return answer::failed(*wrong);
    }
    if (const auto failure = m_context.plane.storeFailure();
        failure && route.trait == Route::Trait::OfStore)
        co_return answer::failed(*failure);
    const bool mutating = call.request.method != "GET" && call.request.method != "HEAD";
    if (call.idempotencyKey.isEmpty() || !mutating || route.need == Need::Worker ||
        route.need == Need::Nobody || route.trait == Route::Trait::Secret) {
        ServerResponse response = co_await route.handler(m_context, std::move(call));
        co_return response;
    }
    if (!usableKey(call.idempotencyKey)) {
        co_return answer::error(400, QStringLiteral("invalid_request"),
                                QStringLiteral("the Idempotency-Key must be 1 to 255 printable "
                                               "characters without blanks; a UUID is a good one"));
    }
    const std::function<Task<ServerResponse>(Call)> handle =
        [this, handler = route.handler](Call admitted) {
            return handler(m_context, std::move(admitted));
        };
    ServerResponse response = co_await m_context.idempotency.serve(std::move(call), handle);
    co_return response;
}

// A page of another site must not use the browser of somebody who may reach us.
std::optional<ServerResponse> Api::refuseOrigin(const ServerRequest& request) const {
    const QByteArray origin = request.header("Origin");
    if (origin.isEmpty() || m_context.allowedOrigins.contains(QString::fromUtf8(origin)))
        return std::nullopt;
    const QUrl url(QString::fromUtf8(origin));
    if (!url.host().isEmpty() && url.authority().toUtf8() == request.header("Host"))
        return std::nullopt;
    return answer::error(403, QStringLiteral("foreign_origin"),
                         QStringLiteral("calls from pages of %1 are refused; allow it with "
                                        "[server] allowed_origins if it is yours")
                             .arg(QString::fromUtf8(origin.left(100))));
}

std::optional<Caller> Api::callerOf(const QByteArray& token) const {
    if (auto caller = m_context.access.callerOf(token))
        return caller;
    if (const auto worker = workerBehind(m_context.plane, QString::fromUtf8(token)))
        return Caller{QStringLiteral("worker of ") + worker->value(), Role::Worker};
    return std::nullopt;
}

void Api::finish(const Call& call, const char* path, const ServerResponse& response,
                 Duration took) {
    const QByteArray method = call.request.method;
    m_context.metrics.served(method, path ? path : "none", response.status, took);
    const bool reading = method == "GET" || method == "HEAD";
    const bool worker = path && QByteArrayView(path).startsWith("/internal/");
    const LogLevel level = response.status >= 500 ? LogLevel::Warning
                           : (reading || worker)  ? LogLevel::Debug
                                                  : LogLevel::Info;
    log(level, QStringLiteral("api"),
        QString::fromLatin1(method) % u' ' % call.request.path.left(200) % u" -> " %
            QString::number(response.status) % u" in " % humanDuration(took),
        call.correlationId, call.traceId());
}

} // namespace vigie
