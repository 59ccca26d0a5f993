#include "core/sources/orchestrator/orchestratorsource.h"

#include "core/base/timeformat.h"
#include "core/model/actionlogcodec.h"
#include "core/model/historycodec.h"
#include "core/sources/orchestrator/actionrequest.h"
#include "core/sources/orchestrator/orchestratorcodec.h"

namespace vigie {

namespace {

/// What part B would add, one sentence each.
const QStringList& missingWithoutPartB() {
    static const QStringList sentences{
        QStringLiteral("This orchestrator does not serve state history (part B of the contract): "
                       "the timeline shows only what this dashboard saw itself."),
        QStringLiteral("This orchestrator does not judge its workers (part B of the contract): the "
                       "verdicts are this dashboard's advice, made without probes."),
        QStringLiteral("This orchestrator does not serve circuit breakers (part B of the "
                       "contract): only the dashboard's own breaker around it is shown."),
        QStringLiteral("This orchestrator carries out no plans (part B of the contract): instances "
                       "can be terminated, reinstalled and archived one by one; restart, replace, "
                       "drain and hold need part B."),
        QStringLiteral("This orchestrator does not serve latency metrics (part B of the contract): "
                       "only the dashboard's own poll latency is shown."),
    };
    return sentences;
}

QString instancePath(const InstanceId& id, const QString& below = {}) {
    return QStringLiteral("/instances/") +
           QString::fromLatin1(QUrl::toPercentEncoding(id.value())) + below;
}

} // namespace

OrchestratorSource::OrchestratorSource(SourceContext context)
    : m_context(std::move(context)),
      m_endpoint(m_context.clock, m_context.client, m_context.resilience),
      m_session(m_context.clock, m_endpoint, m_context.config), m_fleet(m_context.clock, m_session),
      m_sides(m_context.clock, m_session), m_operations(m_session) {}

Task<Outcome<SourceReading>> OrchestratorSource::poll(std::stop_token stop) {
    auto fleet = co_await m_fleet.read(stop);
    if (!fleet) {
        m_sides.startOver();
        co_return fail(std::move(fleet).error());
    }
    const bool full = m_fleet.part() == ContractPart::Full;
    SourceReading reading;
    reading.capabilities.instances = true;
    reading.capabilities.actions = true;
    reading.capabilities.assessments = full;
    reading.capabilities.history = full;
    reading.capabilities.breakers = full;
    reading.instances = std::move(fleet->instances);
    reading.breakers = std::move(fleet->breakers);
    reading.notices.assign(fleet->notices.begin(), fleet->notices.end());
    if (!full)
        reading.notices.insert(reading.notices.end(), missingWithoutPartB().begin(),
                               missingWithoutPartB().end());
    const bool withBreakers = !reading.breakers;
    reading =
        co_await m_sides.read(std::move(reading), m_fleet.part(), withBreakers, std::move(stop));
    if (fleet->clockOffset)
        reading.serverTime = m_context.clock.wallNow() +
                             std::chrono::round<std::chrono::milliseconds>(*fleet->clockOffset);
    co_return reading;
}

Task<Outcome<Inspection>> OrchestratorSource::inspect(InstanceId id, std::stop_token stop) {
    const bool full = m_fleet.part() == ContractPart::Full;
    QUrlQuery ofInstance;
    ofInstance.addQueryItem(QStringLiteral("instance_id"),
                            QString::fromLatin1(QUrl::toPercentEncoding(id.value())));
    ofInstance.addQueryItem(QStringLiteral("limit"), QStringLiteral("200"));
    auto detailTask = m_session.get(instancePath(id), {}, stop);
    auto logTask = m_session.get(QStringLiteral("/action_logs"), ofInstance, stop);
    const Outcome<HttpReply> detail = co_await detailTask;
    const Outcome<HttpReply> log = co_await logTask;

    Inspection seen;
    seen.instance = id;
    const auto volumes =
        detail.and_then([](const HttpReply& reply) { return decodeInstanceDetail(reply.body); });
    if (!volumes)
        co_return fail(volumes.error());
    seen.volumes = volumes->volumes;
    const auto actions =
        log.and_then([](const HttpReply& reply) { return decodeActionLogs(reply.body); });
    if (actions)
        seen.actions = actions->logs;
    else
        seen.notices
            << QStringLiteral("Its action log could not be read: %1").arg(actions.error().message);
    if (!full) {
        seen.notices << missingWithoutPartB().first();
        co_return seen;
    }
    const Outcome<HttpReply> told =
        co_await m_session.get(instancePath(id, QStringLiteral("/history")), {}, std::move(stop));
    const auto history =
        told.and_then([](const HttpReply& reply) { return decodeHistory(reply.body); });
    if (history)
        seen.history = *history;
    else
        seen.notices << QStringLiteral("Its state history could not be read: %1")
                            .arg(history.error().message);
    co_return seen;
}

Task<Outcome<QString>> OrchestratorSource::act(Action action, InstanceId id, QString reason,
                                               QByteArray idempotencyKey, std::stop_token stop) {
    // Only an orchestrator of ours is known to honour the key; with another one, a repeated call
    // might be carried out twice, so none is repeated.
    const bool ours = m_fleet.part() == ContractPart::Full;
    HttpRequest request = actionRequest(action, id, reason, ours ? idempotencyKey : QByteArray());
    auto reply = co_await m_session.send(std::move(request), std::move(stop));
    if (!reply)
        co_return fail(std::move(reply).error());
    const QString said = decodeActionAnswer(reply->body);
    co_return said.isEmpty() ? QStringLiteral("Accepted (%1).").arg(reply->status) : said;
}

} // namespace vigie
