#include "core/orchestrator/jobs/healthcheck/prober.h"

namespace vigie::jobs::healthcheck {

Task<std::optional<QString>> Prober::ask(QHostAddress address, quint16 port, QString path,
                                         std::stop_token stop) {
    HttpRequest request;
    request.url.setScheme(QStringLiteral("http"));
    request.url.setHost(address.toString());
    request.url.setPort(port);
    request.url.setPath(path);
    request.deadline = m_deadline;
    request.maxBodyBytes = 1024 * 1024;
    request.maxRedirects = 0; // it must not lead the probe to another address
    Task<Outcome<HttpReply>> sent = m_send(std::move(request), std::move(stop));
    const Outcome<HttpReply> reply = co_await sent;
    const QString where = QStringLiteral("%1 on port %2").arg(path, QString::number(port));
    std::optional<QString> wrong;
    if (!reply)
        wrong = QStringLiteral("%1: %2").arg(where, reply.error().message);
    else if (reply->status != 200)
        wrong = QStringLiteral("%1 answered %2").arg(where, QString::number(reply->status));
    co_return wrong;
}

Task<ProbeAnswer> Prober::probe(ProbeTarget target, std::stop_token stop) {
    const MonotonicTime begin = m_clock.now();
    ProbeAnswer answer;
    const std::optional<QString> notReady =
        co_await ask(target.address, target.healthPort, QStringLiteral("/readyz"), stop);
    answer.workerReady = !notReady;
    std::optional<QString> notServing;
    if (target.modelPort) {
        notServing =
            co_await ask(target.address, *target.modelPort, QStringLiteral("/v1/models"), stop);
        answer.modelServerAnswers = !notServing;
    }
    answer.latency = m_clock.now() - begin;
    answer.ok = !notReady && !notServing;
    if (answer.ok)
        answer.says = target.modelPort ? QStringLiteral("/readyz and /v1/models answered 200")
                                       : QStringLiteral("/readyz answered 200");
    else
        answer.says = notReady ? *notReady : *notServing;
    co_return answer;
}

} // namespace vigie::jobs::healthcheck
