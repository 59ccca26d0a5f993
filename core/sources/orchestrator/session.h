#pragma once

#include "core/base/eventual.h"
#include "core/http/endpoint.h"
#include "core/model/command.h"

#include <QUrlQuery>

namespace vigie {

/// Calls one orchestrator as somebody: with a token, a token file, or a session from /auth/login
/// by e-mail and password. A refused token file is read again, a refused session replaced, once
/// per call; refused passwords are not sent again for a while (30 s, doubling up to 10 min).
class Session {
public:
    /// `clock` and `endpoint` outlive it.
    Session(Clock& clock, Endpoint& endpoint, SourceConfig config);

    /// GET of `path` below the configured address.
    Task<Outcome<HttpReply>> get(QString path, QUrlQuery query, std::stop_token stop);
    /// Sends `request`, whose URL is a path below the configured address.
    Task<Outcome<HttpReply>> send(HttpRequest request, std::stop_token stop);

private:
    using Header = QPair<QByteArray, QByteArray>;

    Task<Outcome<Header>> authorization(std::stop_token stop);
    Task<Outcome<Header>> login(std::stop_token stop);
    Outcome<Header> fromLogin(const HttpReply& reply) const;
    Failure refused(Failure failure);
    Failure explained(Failure failure) const;
    bool renewable() const { return !m_config.email.isEmpty() || !m_config.tokenFile.isEmpty(); }
    QUrl urlOf(const QUrl& path) const;

    Clock& m_clock;
    Endpoint& m_endpoint;
    SourceConfig m_config;
    Header m_header; ///< in use; empty: none yet
    bool m_loggingIn = false;
    std::vector<Eventual<bool>> m_waiting; ///< calls that wait for a login under way
    std::optional<Failure> m_refusal;      ///< why the password was refused
    MonotonicTime m_nextLogin{};           ///< not before, after a refusal
    Duration m_hold = std::chrono::seconds(30);
};

} // namespace vigie
