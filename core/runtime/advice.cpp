#include "core/runtime/advice.h"

namespace vigie {

namespace {

Assessment told(const Instance& instance, Verdict verdict, const AdviceFacts& facts) {
    Assessment assessment;
    assessment.verdict = verdict;
    assessment.rule = QStringLiteral("told-by-orchestrator");
    QString says = instance.statusText.isEmpty() ? toString(instance.status) : instance.statusText;
    if (!instance.errorMessage.isEmpty())
        says += QStringLiteral(": ") + instance.errorMessage;
    else if (!instance.errorCode.isEmpty())
        says += QStringLiteral(": ") + instance.errorCode;
    assessment.evidence.push_back({QStringLiteral("orchestrator"), says, facts.wallNow});
    return assessment;
}

Assessment judged(const Instance& instance, const AdviceFacts& facts) {
    InstanceEvidence evidence;
    evidence.status = instance.status;
    evidence.lastBeat = facts.lastBeat;
    evidence.phi = facts.phi;
    evidence.probe = ProbeFinding::NotPossible;
    evidence.probeSays = QStringLiteral("the dashboard does not probe");
    evidence.provider = ProviderFinding::Unknown;
    evidence.providerSays = QStringLiteral("not asked by the dashboard");
    const Judgement judgement = assess(evidence, facts.watcher, facts.policy, facts.now);
    return explain(judgement, evidence, facts.watcher, facts.policy, facts.now, facts.wallNow);
}

} // namespace

bool expectsBeats(InstanceStatus status) {
    switch (status) {
    case InstanceStatus::Ready:
    case InstanceStatus::Unavailable:
    case InstanceStatus::Draining:
    case InstanceStatus::WorkerDead:
        return true;
    default:
        return false;
    }
}

Advice advise(const Instance& instance, const AdviceFacts& facts) {
    switch (instance.status) {
    case InstanceStatus::WorkerDead:
        return {told(instance, Verdict::Dead, facts), false};
    case InstanceStatus::Unavailable:
    case InstanceStatus::Failed:
    case InstanceStatus::ProvisioningFailed:
    case InstanceStatus::StartupFailed:
        return {told(instance, Verdict::Suspect, facts), false};
    case InstanceStatus::Terminated:
    case InstanceStatus::Archived:
        return {told(instance, Verdict::Gone, facts), false};
    case InstanceStatus::Provisioning:
    case InstanceStatus::Terminating:
    case InstanceStatus::Unknown:
        return {told(instance, Verdict::Unknown, facts), false};
    case InstanceStatus::Booting:
    case InstanceStatus::Installing:
    case InstanceStatus::Starting:
        if (facts.lastBeat) {
            Assessment assessment = judged(instance, facts);
            if (assessment.verdict == Verdict::Alive)
                return {std::move(assessment), true};
        }
        return {told(instance, Verdict::Unknown, facts), false};
    case InstanceStatus::Ready:
    case InstanceStatus::Draining:
        break;
    }
    return {judged(instance, facts), true};
}

} // namespace vigie
