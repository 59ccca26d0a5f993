#include "core/orchestrator/jobs/workerwatchdog/verdictwriter.h"

#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/lifecycle.h"

#include <algorithm>

namespace vigie::jobs::workerwatchdog {

namespace {

/// The rule's sentence and what the witnesses said.
QString sentenceOf(const Assessment& assessment) {
    const auto table = evidenceTable();
    const auto row = std::ranges::find_if(
        table, [&](const EvidenceRow& one) { return one.rule == assessment.rule; });
    QString sentence = row == table.end() ? assessment.rule : row->explanation.toString();
    QStringList said;
    for (const Evidence& witness : assessment.evidence)
        said.append(witness.source + QStringLiteral(": ") + witness.says);
    return sentence + QStringLiteral(" (") + said.join(QLatin1String("; ")) + QLatin1Char(')');
}

QString errorCodeOf(const Assessment& assessment) {
    const bool probe =
        assessment.rule == u"silent-probe-failing" || assessment.rule == u"fresh-not-serving";
    return QStringView(probe ? errorcode::probeFailed : errorcode::heartbeatTimeout).toString();
}

ActionLog rowOf(TransitionCause cause, const Assessment& assessment, const QString& sentence) {
    Asker asker;
    asker.reason = sentence;
    ActionMetadata metadata;
    metadata.assessment = assessment;
    switch (cause) {
    case TransitionCause::VerdictDead: {
        ActionLog row = actionLog(actiontype::workerDeadDetected, ActionLogStatus::Success, asker,
                                  std::move(metadata));
        row.errorCode = errorCodeOf(assessment);
        row.errorMessage = sentence;
        return row;
    }
    case TransitionCause::StoppedServing:
        return failedLog(actiontype::healthCheck, errorCodeOf(assessment), sentence, asker,
                         std::move(metadata));
    case TransitionCause::ProviderProvedAbsent:
        return actionLog(actiontype::providerDeletedDetected, ActionLogStatus::Success, asker,
                         std::move(metadata));
    default:
        return actionLog(actiontype::workerRecovered, ActionLogStatus::Success, asker,
                         std::move(metadata));
    }
}

} // namespace

Judged judgedNow(const FleetEntry& entry) {
    const Instance& instance = entry.record.instance;
    return {instance.id, instance.status, instance.incarnation, instance.providerInstanceId,
            entry.live.lastBeat};
}

std::optional<QString> whyOutdated(const ControlPlane& plane, const Judged& judged,
                                   const InstanceRecord& record) {
    const Instance& now = record.instance;
    if (now.status != judged.status || now.incarnation != judged.incarnation ||
        now.providerInstanceId != judged.machine)
        return QStringLiteral("The instance changed since it was judged.");
    const LiveState* live = plane.live(judged.id);
    if (live && live->lastBeat != judged.lastBeat)
        return QStringLiteral("The worker was heard since it was judged.");
    return std::nullopt;
}

std::optional<TransitionCause> causeOf(const InstanceRecord& record, const Testimony& said) {
    const InstanceStatus status = record.instance.status;
    const std::optional<InstanceStatus> writes = said.judgement.writes;
    if (said.verdict() == Verdict::Gone)
        return TransitionCause::ProviderProvedAbsent;
    if (status == InstanceStatus::WorkerDead) {
        // A beat revives whatever its probes say; they are judged once it is ready again.
        const bool beats = said.rule().startsWith(u"fresh-");
        const bool begun = !record.workInHand.isEmpty() || record.recoveryBegunAt;
        if (beats && !begun)
            return TransitionCause::WorkerRevived;
        return std::nullopt;
    }
    if (!writes || *writes == status)
        return std::nullopt;
    switch (*writes) {
    case InstanceStatus::WorkerDead:
        return TransitionCause::VerdictDead;
    case InstanceStatus::Unavailable:
        return status == InstanceStatus::Ready ? std::optional(TransitionCause::StoppedServing)
                                               : std::nullopt;
    case InstanceStatus::Ready:
        // It went unavailable for a reason; "not tried" after a restart does not take it back.
        if (status == InstanceStatus::Unavailable && said.instance.probe != ProbeFinding::NotTried)
            return TransitionCause::BecameReady;
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

Task<Outcome<void>> writeVerdict(ControlPlane& plane, Judged judged, TransitionCause cause,
                                 Assessment assessment) {
    const QString sentence = sentenceOf(assessment);
    ControlPlane::Change change;
    change.cause = cause;
    change.reason = assessment.rule + QStringLiteral(": ") + sentence;
    change.refuse = [&plane, judged, cause](const InstanceRecord& r) -> std::optional<QString> {
        // Good news is not outdated by yet another beat.
        Judged compared = judged;
        if (cause == TransitionCause::WorkerRevived || cause == TransitionCause::BecameReady)
            compared.lastBeat = plane.live(judged.id)->lastBeat;
        return whyOutdated(plane, compared, r);
    };
    const QString code = errorCodeOf(assessment);
    change.edit = [cause, code, sentence, now = plane.clock().wallNow()](InstanceRecord& r) {
        switch (cause) {
        case TransitionCause::ProviderProvedAbsent:
            markDeletedByProvider(r);
            r.instance.lastReconciliation = now;
            break;
        case TransitionCause::VerdictDead:
            r.instance.correlationId = newUuid(); // of the whole recovery, whatever steps it takes
            [[fallthrough]];
        case TransitionCause::StoppedServing:
            r.instance.errorCode = code;
            r.instance.errorMessage = sentence;
            break;
        default:
            break;
        }
    };
    change.logStarts = {rowOf(cause, assessment, sentence)};
    const InstanceRecord* record = plane.find(judged.id);
    if (cause == TransitionCause::ProviderProvedAbsent && record && !record->workLogId.isEmpty())
        change.logFinishes = {failed(record->workLogId, u"PROVIDER_DELETED", sentence)};
    const Outcome<InstanceRecord> written = co_await plane.apply(judged.id, std::move(change));
    if (!written)
        co_return fail(written.error());
    co_return Outcome<void>{};
}

} // namespace vigie::jobs::workerwatchdog
