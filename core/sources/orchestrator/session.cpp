#include "core/sources/orchestrator/session.h"

#include "core/base/timeformat.h"
#include "core/sources/orchestrator/orchestratorcodec.h"
#include "core/sources/replyclues.h"
#include "core/sources/tokenfile.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

namespace {

constexpr auto sessionCookie = "inventiv_session";

/// The value of the session cookie, from however many Set-Cookie headers there are.
QByteArray cookieOf(const HttpReply& reply) {
    for (const auto& [name, value] : reply.headers) {
        if (name.compare("Set-Cookie", Qt::CaseInsensitive) != 0)
            continue;
        for (const QByteArray& line : value.split('\n')) {
            const QByteArray pair = line.split(';').first().trimmed();
            if (pair.startsWith(QByteArray(sessionCookie) + '='))
                return pair.mid(qstrlen(sessionCookie) + 1);
        }
    }
    return {};
}

Duration deadlineFor(Duration interval) {
    return std::clamp<Duration>(3 * interval, 3s, 10s);
}

} // namespace

Session::Session(Clock& clock, Endpoint& endpoint, SourceConfig config)
    : m_clock(clock), m_endpoint(endpoint), m_config(std::move(config)) {}

QUrl Session::urlOf(const QUrl& path) const {
    QUrl url = m_config.url;
    QString base = url.path(QUrl::FullyEncoded);
    while (base.endsWith(QLatin1Char('/')))
        base.chop(1);
    url.setPath(base + path.path(QUrl::FullyEncoded), QUrl::TolerantMode);
    url.setQuery(path.query(QUrl::FullyEncoded));
    return url;
}

Task<Outcome<HttpReply>> Session::get(QString path, QUrlQuery query, std::stop_token stop) {
    HttpRequest request;
    request.url.setPath(path, QUrl::TolerantMode);
    request.url.setQuery(query);
    auto reply = co_await send(std::move(request), std::move(stop));
    co_return reply;
}

Task<Outcome<HttpReply>> Session::send(HttpRequest request, std::stop_token stop) {
    request.url = urlOf(request.url);
    request.deadline = deadlineFor(m_config.interval);
    for (bool again = false;; again = true) {
        const auto header = co_await authorization(stop);
        if (!header)
            co_return fail(header.error());
        HttpRequest attempt = request;
        if (!header->first.isEmpty())
            attempt.headers.append(*header);
        auto reply = co_await m_endpoint.call(std::move(attempt), stop);
        if (reply)
            co_return reply;
        if (reply.error().kind != FailureKind::Unauthorized)
            co_return fail(withAdvice(std::move(reply).error()));
        if (again || !renewable())
            co_return fail(explained(std::move(reply).error()));
        if (m_header == *header)
            m_header = {}; // nobody renewed it meanwhile
    }
}

Task<Outcome<Session::Header>> Session::authorization(std::stop_token stop) {
    while (m_loggingIn) {
        const Eventual<bool> over;
        m_waiting.push_back(over);
        co_await over;
    }
    if (!m_header.first.isEmpty())
        co_return Header(m_header); // a copy: QCoro moves from what is returned
    if (!m_config.email.isEmpty()) {
        if (m_refusal && m_clock.now() < m_nextLogin) {
            Failure failure = *m_refusal;
            failure.message += QStringLiteral(" The next try is in %1.")
                                   .arg(humanDuration(m_nextLogin - m_clock.now()));
            co_return fail(std::move(failure));
        }
        m_loggingIn = true;
        auto header = co_await login(std::move(stop));
        m_loggingIn = false;
        if (header)
            m_header = *header;
        for (const auto& waiting : std::exchange(m_waiting, {}))
            waiting.resolve(true);
        co_return header;
    }
    if (!m_config.tokenFile.isEmpty()) {
        const auto token = readTokenFile(m_config.tokenFile);
        if (!token)
            co_return fail(token.error());
        m_header = {"Authorization", "Bearer " + *token};
        co_return Header(m_header); // a copy: QCoro moves from what is returned
    }
    if (!m_config.secret.isEmpty())
        m_header = {"Authorization", "Bearer " + m_config.secret.toUtf8()};
    co_return Header(m_header); // a copy: QCoro moves from what is returned
}

Task<Outcome<Session::Header>> Session::login(std::stop_token stop) {
    HttpRequest request;
    request.method = "POST";
    QUrl path;
    path.setPath(QStringLiteral("/auth/login"));
    request.url = urlOf(path);
    request.headers.append(Header("Content-Type", "application/json"));
    request.body = encodeLogin(m_config.email, m_config.secret);
    request.deadline = deadlineFor(m_config.interval);
    auto reply = co_await m_endpoint.call(std::move(request), std::move(stop));
    if (!reply) {
        const int status = reply.error().httpStatus;
        if (status >= 400 && status < 500 && status != 408 && status != 429)
            co_return fail(refused(std::move(reply).error()));
        co_return fail(withAdvice(std::move(reply).error()));
    }
    auto header = fromLogin(*reply);
    if (!header)
        co_return fail(refused(std::move(header).error()));
    m_refusal.reset();
    m_hold = 30s;
    co_return header;
}

Outcome<Session::Header> Session::fromLogin(const HttpReply& reply) const {
    if (const QByteArray cookie = cookieOf(reply); !cookie.isEmpty())
        return Header{"Cookie", QByteArray(sessionCookie) + '=' + cookie};
    if (const QString token = decodeLoginToken(reply.body); !token.isEmpty())
        return Header{"Authorization", "Bearer " + token.toUtf8()};
    return fail(FailureKind::Malformed,
                QStringLiteral("POST /auth/login answered %1 with %2, but with neither the cookie "
                               "%3 nor a token.")
                    .arg(reply.status)
                    .arg(describe(reply), QLatin1String(sessionCookie)));
}

/// Remembers that this password is not wanted there, so that it is not sent with every poll.
Failure Session::refused(Failure failure) {
    if (failure.kind == FailureKind::Unauthorized || failure.kind == FailureKind::Invalid)
        failure.message =
            QStringLiteral("%1 refuses this e-mail and password (%2). Correct them "
                           "in the Sources dialog.")
                .arg(m_config.url.host(),
                     failure.code.isEmpty() ? QString::number(failure.httpStatus) : failure.code);
    m_refusal = failure;
    m_nextLogin = m_clock.now() + m_hold;
    m_hold = std::min<Duration>(m_hold * 2, 10min);
    return failure;
}

Failure Session::explained(Failure failure) const {
    if (!m_config.email.isEmpty())
        failure.message += QStringLiteral(" A new session was refused too.");
    else if (!m_config.tokenFile.isEmpty())
        failure.message +=
            QStringLiteral(" The token in %1 is not accepted.").arg(m_config.tokenFile);
    else if (!m_config.secret.isEmpty())
        failure.message += QStringLiteral(" Its token is not accepted.");
    else
        failure.message += QStringLiteral(
            " Give a token (--token-file, or in the Sources dialog), or an e-mail and password.");
    return failure;
}

} // namespace vigie
