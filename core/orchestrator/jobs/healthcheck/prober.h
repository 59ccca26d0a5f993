#pragma once

#include "core/base/clock.h"
#include "core/http/httpclient.h"
#include "core/orchestrator/probetarget.h"

#include <functional>

namespace vigie::jobs::healthcheck {

/// Sends one HTTP request; HttpClient::send in production.
using HttpSend = std::function<Task<Outcome<HttpReply>>(HttpRequest, std::stop_token)>;

struct ProbeAnswer {
    bool ok = false;
    QString says;                    ///< one sentence
    Duration latency{};              ///< of all that was asked
    bool workerReady = false;        ///< /readyz answered 200
    bool modelServerAnswers = false; ///< /v1/models answered 200
    bool gaveTokens = false;         ///< see TokenProbe; not asked is false
};

/// Checks an instance from outside: its health port answers /readyz with 200, and /v1/models does
/// too where the port of a model server is known.
class Prober {
public:
    /// `deadline`: of each request.
    Prober(Clock& clock, HttpSend send, Duration deadline)
        : m_clock(clock), m_send(std::move(send)), m_deadline(deadline) {}

    Task<ProbeAnswer> probe(ProbeTarget target, std::stop_token stop);

private:
    /// Nothing when the answer is 200, else what was wrong.
    Task<std::optional<QString>> ask(QHostAddress address, quint16 port, QString path,
                                     std::stop_token stop);

    Clock& m_clock;
    HttpSend m_send;
    Duration m_deadline;
};

} // namespace vigie::jobs::healthcheck
