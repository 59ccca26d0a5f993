#include "core/orchestrator/jobs/workerwatchdog/recovery.h"

#include "core/orchestrator/actionlogs.h"

namespace vigie::jobs::workerwatchdog {

Recovery::Decision Recovery::decide(const InstanceId& id, const Judgement& judgement,
                                    quint64 tick) {
    const InstanceRecord* record = m_context.plane.find(id);
    const bool dead = judgement.assessment.verdict == Verdict::Dead && record &&
                      record->instance.status == InstanceStatus::WorkerDead;
    if (!dead) {
        m_standing.remove(id);
        return {};
    }
    auto standing = m_standing.find(id);
    if (standing == m_standing.end() || standing->incarnation != record->instance.incarnation)
        standing = m_standing.insert(id, {record->instance.incarnation, tick, false});

    Decision decision;
    const quint64 stood = tick - standing->since;
    const auto hold = static_cast<quint64>(m_settings.holdTicks);
    const AutomationMode mode = m_settings.modeFor(m_context.provider.code());
    if (!m_settings.recoveryEnabled) {
        decision.blockedBy = QStringLiteral("recovery: WORKER_DEAD_RECOVERY_ENABLED is false");
    } else if (record->instance.held) {
        decision.blockedBy = QStringLiteral("hold: %1 keeps automation away (%2)")
                                 .arg(record->instance.held->actor, record->instance.held->reason);
    } else if (!record->workInHand.isEmpty()) {
        decision.blockedBy = QStringLiteral("work in hand: ") + record->workInHand;
    } else if (stood < hold) {
        decision.blockedBy = QStringLiteral("hold time: the verdict stands for %1 of %2 ticks")
                                 .arg(QString::number(stood), QString::number(hold));
    } else if (mode == AutomationMode::Observe) {
        decision.blockedBy = QStringLiteral("mode: observe");
        decision.journal = !standing->journalled;
        standing->journalled = true;
    } else {
        decision.act = true;
    }
    return decision;
}

Task<Outcome<void>> Recovery::reinstall(Judged judged, Assessment assessment) {
    Reinstaller::Request request;
    request.byPerson = false;
    request.asker.reason = QStringLiteral("verdict dead: ") + assessment.rule;
    request.assessment = std::move(assessment);
    // The verdict was written since it was judged.
    judged.status = InstanceStatus::WorkerDead;
    ControlPlane& plane = m_context.plane;
    const InstanceId id = judged.id;
    request.refuse = [&plane, judged](const InstanceRecord& record) -> std::optional<QString> {
        if (record.instance.held)
            return QStringLiteral("The instance is held.");
        return whyOutdated(plane, judged, record);
    };
    const Outcome<InstanceRecord> begun =
        co_await m_context.reinstaller.begin(id, std::move(request));
    if (!begun)
        co_return fail(begun.error());
    co_return Outcome<void>{};
}

Task<Outcome<void>> Recovery::journal(InstanceId id, Assessment assessment) {
    Asker asker;
    asker.reason = QStringLiteral("would have reinstalled: verdict dead by ") + assessment.rule;
    ActionMetadata metadata;
    metadata.mode = toString(AutomationMode::Observe);
    metadata.assessment = std::move(assessment);
    ActionLog row =
        actionLog(actiontype::wouldHaveDone, ActionLogStatus::Success, asker, std::move(metadata));
    row.instanceId = id;
    Outcome<void> written = co_await m_context.plane.writeLog(std::move(row));
    if (!written) {
        const auto standing = m_standing.find(id);
        if (standing != m_standing.end())
            standing->journalled = false; // it has to be said yet
    }
    co_return written;
}

} // namespace vigie::jobs::workerwatchdog
