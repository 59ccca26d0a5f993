#include "core/orchestrator/api/chaosdesk.h"

#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/actionlogs.h"

namespace vigie {

namespace {

constexpr auto chaosChanged = u"CHAOS_CHANGED";

QString share(const char* what, double rate) {
    return QStringLiteral("%1 of the provider's calls %2")
        .arg(QString::number(rate * 100, 'g', 3) + QLatin1Char('%'), QLatin1String(what));
}

QString describe(const FaultRule& rule) {
    const QString what = rule.kind == FaultRule::Kind::Latency   ? QStringLiteral("are delayed")
                         : rule.kind == FaultRule::Kind::Outcome ? QStringLiteral("end badly")
                                                                 : QStringLiteral("are not made");
    return QStringLiteral("%1% of the calls of %2 %3")
        .arg(QString::number(rule.rate * 100, 'g', 3), QString::fromStdString(rule.key), what);
}

} // namespace

ChaosDesk::ChaosDesk(ControlPlane& plane, Provider& provider, FaultControl* faults)
    : m_plane(plane), m_provider(provider), m_faults(faults) {
    const TroubleDesk* desk = provider.troubleDesk();
    if (!desk)
        return;
    m_calm = desk->configured();
    m_calm.errorRate = m_calm.rateLimitRate = m_calm.lostAnswerRate = m_calm.volumeLeakRate = 0;
}

QStringList ChaosDesk::active() const {
    const MonotonicTime now = m_plane.clock().now();
    if (!m_seenAt || now - *m_seenAt >= std::chrono::seconds(1)) {
        m_seenAt = now;
        m_seen = look();
    }
    return m_seen;
}

QStringList ChaosDesk::look() const {
    QStringList says;
    if (const TroubleDesk* desk = m_provider.troubleDesk()) {
        const ProviderTrouble now = desk->trouble();
        if (now.errorRate > 0)
            says.append(share("fail", now.errorRate));
        if (now.rateLimitRate > 0)
            says.append(share("answer 429", now.rateLimitRate));
        if (now.lostAnswerRate > 0)
            says.append(share("are carried out and not answered", now.lostAnswerRate));
        if (now.volumeLeakRate > 0)
            says.append(QStringLiteral("%1% of the provider's deletions leave the disk behind")
                            .arg(QString::number(now.volumeLeakRate * 100, 'g', 3)));
        if (now.latency != m_calm.latency)
            says.append(QStringLiteral("each of the provider's calls takes %1 s")
                            .arg(toSeconds(now.latency)));
        if (now.listLag != m_calm.listLag)
            says.append(
                QStringLiteral("the provider's lists lag by %1 s").arg(toSeconds(now.listLag)));
        if (now.outOfStock != m_calm.outOfStock)
            says.append(QStringLiteral("the provider is out of stock: ") +
                        now.outOfStock.join(QLatin1String(", ")));
        if (now.quota != m_calm.quota)
            says.append(
                QStringLiteral("the provider's quota is %1")
                    .arg(now.quota ? QString::number(*now.quota) : QStringLiteral("lifted")));
    }
    if (m_faults) {
        for (const FaultRule& rule : m_faults->faultRules())
            says.append(describe(rule));
    }
    return says;
}

std::optional<Failure> ChaosDesk::whyNot(const ChaosOrder& order) const {
    const bool mishap = !order.mishap.vanish.isEmpty() || !order.mishap.loseVolumes.isEmpty() ||
                        order.mishap.strayMachines > 0;
    if ((order.trouble || mishap) && !m_provider.troubleDesk())
        return Failure{FailureKind::Conflict,
                       QStringLiteral("the provider here is \"%1\"; only mock can be told what to "
                                      "do wrong")
                           .arg(m_provider.code()),
                       0,
                       {},
                       QStringLiteral("not_a_mock"),
                       {}};
    return std::nullopt;
}

/// All of it, or what was before; but what was to end ends, whatever else fails.
Outcome<void> ChaosDesk::carryOut(const ChaosOrder& order) {
    TroubleDesk* desk = m_provider.troubleDesk();
    const bool faults = m_faults && (order.off || order.faults);
    const bool steers = desk && (order.off || order.trouble);
    const std::vector<FaultRule> rulesBefore =
        faults ? m_faults->faultRules() : std::vector<FaultRule>();
    const ProviderTrouble troubleBefore = steers ? desk->trouble() : ProviderTrouble{};
    Outcome<void> done;
    if (faults)
        done = m_faults->setFaultRules(order.faults.value_or(std::vector<FaultRule>()));
    if (!done)
        return done;
    if (steers)
        done = desk->setTrouble(order.trouble.value_or(m_calm));
    if (done && desk)
        done = desk->befall(order.mishap);
    if (done || order.off)
        return done;
    Outcome<void> back;
    if (faults)
        back = m_faults->setFaultRules(rulesBefore);
    if (back && steers)
        back = desk->setTrouble(troubleBefore);
    if (!back)
        logError(QStringLiteral("chaos"),
                 QStringLiteral("what was before can't be had again: ") + back.error().message);
    return done;
}

Task<Outcome<void>> ChaosDesk::change(ChaosOrder order, Asker asker, QByteArray body) {
    if (auto refused = whyNot(order))
        co_return fail(std::move(*refused));
    asker.reason = order.reason;
    // Written down first: nothing is made worse that nobody can be asked about.
    ActionLog entry = actionLog(chaosChanged, ActionLogStatus::InProgress, asker);
    entry.requestPayload = body;
    const ActionLogId id = entry.id;
    const Outcome<void> logged = co_await m_plane.writeLog(std::move(entry));
    if (!logged && !order.off) // to end it must always be possible
        co_return fail(logged.error());
    const Outcome<void> done = carryOut(order);
    forget();
    logWarning(QStringLiteral("chaos"),
               QStringLiteral("%1 (%2): %3")
                   .arg(asker.actor, asker.reason, active().join(QLatin1String("; "))),
               asker.correlationId);
    ActionLogFinish end =
        done ? finished(id) : failed(id, errorcode::operationFailed, done.error().message);
    co_await m_plane.note(std::move(end));
    co_return done;
}

} // namespace vigie
