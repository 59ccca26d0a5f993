#include "core/orchestrator/jobs/workerwatchdog/evidence.h"

#include "core/orchestrator/lanes.h"
#include "core/orchestrator/stopafter.h"
#include "core/watchdog/beatstatistics.h"

#include <algorithm>

namespace vigie::jobs::workerwatchdog {

bool isServing(InstanceStatus status) {
    return status == InstanceStatus::Ready || status == InstanceStatus::Unavailable ||
           status == InstanceStatus::Draining || status == InstanceStatus::WorkerDead;
}

Task<> EvidenceDesk::gather(std::vector<InstanceId> ids, std::stop_token stop) {
    ++m_tick;
    m_told.clear();
    surveyFleet(ids);
    m_firstAbsent.removeIf([&](const auto& entry) {
        const InstanceRecord* record = m_context.plane.find(entry.key());
        return !record || record->instance.providerInstanceId != entry.value().machine;
    });
    std::vector<InstanceId> doubtful;
    for (const InstanceId& id : ids) {
        if (inDoubt(id))
            doubtful.push_back(id);
    }
    const auto work = [this, stop](InstanceId id) { return describe(std::move(id), stop); };
    co_await inLanes<InstanceId>(std::move(doubtful), m_options.parallel, work, stop);
}

void EvidenceDesk::surveyFleet(const std::vector<InstanceId>& ids) {
    const MonotonicTime now = m_context.clock.now();
    const auto released = m_context.automation.brake().releasedAt();
    std::vector<Storm::Member> members;
    m_members.clear();
    m_expected.clear();
    for (const InstanceId& id : ids) {
        const InstanceStatus status = m_context.plane.find(id)->instance.status;
        const auto lastBeat = m_context.plane.live(id)->lastBeat;
        const bool dead = status == InstanceStatus::WorkerDead;
        if (!dead && (isServing(status) || lastBeat))
            m_expected.insert(id);
        if (!isServing(status))
            continue;
        const Storm::Member one = member(id);
        const bool silent = !lastBeat || isQuiet(*lastBeat, m_policy, now);
        m_members.push_back({id, one.pool, silent, dead});
        // One that was dead before this process began is not part of a storm that rages now, nor
        // is one whose silence a person has seen and released.
        const bool seen = released && silent && one.silentSince < *released;
        if (!seen && (!dead || lastBeat))
            members.push_back(one);
    }
    m_expectedToBeat = static_cast<int>(m_expected.size());
    m_storm.emplace(members, m_policy, now);
}

StormBrake::Watcher EvidenceDesk::health() const {
    WatcherEvidence evidence = watcher();
    const MonotonicTime now = m_context.clock.now();
    // The id of nobody: the newest beat of all.
    evidence.othersHeard = m_context.plane.heardExcept({});
    if (m_expectedToBeat <= 1)
        evidence.othersHeard = std::max(evidence.othersHeard, m_context.watcher.providerAnswered);
    if (m_members.empty())
        evidence.othersHeard = now; // there is nobody to hear
    const Duration threshold = m_policy.heartbeatThreshold;
    const bool grace = now - evidence.startedAt < threshold ||
                       (evidence.lastStall && now - *evidence.lastStall < threshold);
    return {whyUnhealthy(evidence, m_policy, now), grace};
}

Storm::Member EvidenceDesk::member(const InstanceId& id) const {
    InstanceEvidence beats;
    beats.lastBeat = m_context.plane.live(id)->lastBeat;
    return {m_context.plane.find(id)->instance.pool, silenceSince(beats, watcher())};
}

bool EvidenceDesk::inDoubt(const InstanceId& id) const {
    if (m_context.plane.find(id)->instance.providerInstanceId.isEmpty())
        return false;
    const int others = m_expectedToBeat - (m_expected.contains(id) ? 1 : 0);
    if (others == 0)
        return true; // the provider's answer stands in for the other workers
    const InstanceEvidence evidence = of(id);
    return !evidence.lastBeat || evidence.phi.value_or(0) >= 1 ||
           evidence.probe == ProbeFinding::Failing || evidence.probe == ProbeFinding::NotPossible;
}

Task<> EvidenceDesk::describe(InstanceId id, std::stop_token stop) {
    const QString machine = m_context.plane.find(id)->instance.providerInstanceId;
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    const Outcome<Machine> answer =
        co_await m_context.provider.describe(MachineId(machine), limit.token());
    if (answer && answer->state != MachineState::Unknown)
        m_context.watcher.providerAnswered = m_context.clock.now();
    m_told.insert(id, read(id, machine, answer));
}

EvidenceDesk::Told EvidenceDesk::read(const InstanceId& id, const QString& machine,
                                      const Outcome<Machine>& answer) {
    if (!answer)
        return {ProviderFinding::Unknown,
                QStringLiteral("no proof of anything: ") + answer.error().message};
    if (answer->state == MachineState::Absent) {
        const auto first = m_firstAbsent.constFind(id);
        if (first != m_firstAbsent.constEnd() && first->tick < m_tick)
            return {ProviderFinding::Absent,
                    QStringLiteral("machine %1 does not exist, asked twice").arg(machine)};
        m_firstAbsent.insert(id, {machine, m_tick});
        return {ProviderFinding::Unknown,
                QStringLiteral("machine %1 was not found once; it is asked again").arg(machine)};
    }
    if (answer->state == MachineState::Unknown)
        return {ProviderFinding::Unknown,
                QStringLiteral("the state of machine %1 is unknown").arg(machine)};
    m_firstAbsent.remove(id);
    return {answer->state == MachineState::Stopped ? ProviderFinding::Stopped
                                                   : ProviderFinding::Exists,
            QStringLiteral("machine %1 is %2").arg(machine, toString(answer->state))};
}

InstanceEvidence EvidenceDesk::of(const InstanceId& id) const {
    InstanceEvidence evidence;
    const InstanceRecord* record = m_context.plane.find(id);
    const LiveState* live = m_context.plane.live(id);
    if (!record || !live)
        return evidence;
    const MonotonicTime now = m_context.clock.now();
    evidence.status = record->instance.status;
    evidence.lastBeat = live->lastBeat;
    if (live->lastBeat) {
        const BeatStatistics beats = beatStatistics(live->intervals, m_policy.expectedBeatInterval);
        evidence.phi = phi(now - *live->lastBeat, beats.mean, beats.deviation);
    }

    const auto result = m_context.probes.results.constFind(id);
    if (result == m_context.probes.results.constEnd()) {
        evidence.probeSays = QStringLiteral("not tried yet");
    } else {
        evidence.probe = !result->possible ? ProbeFinding::NotPossible
                         : result->ok      ? ProbeFinding::Ok
                                           : ProbeFinding::Failing;
        evidence.probeFailures = result->failuresInRow;
        evidence.probeSays = result->says;
        // What a silent one answered before it fell silent, or long ago, says nothing now.
        const MonotonicTime since = silenceSince(evidence, watcher());
        const bool silent = now - since > m_policy.heartbeatThreshold;
        const bool stale = result->at < since || now - result->at > m_options.probeFreshness;
        if (silent && stale) {
            evidence.probe = ProbeFinding::NotTried;
            evidence.probeSays = QStringLiteral("not tried since it fell silent");
        }
    }
    const auto told = m_told.constFind(id);
    if (told != m_told.constEnd()) {
        evidence.provider = told->finding;
        evidence.providerSays = told->says;
    } else {
        evidence.providerSays = QStringLiteral("not asked");
    }
    return evidence;
}

WatcherEvidence EvidenceDesk::watcher() const {
    WatcherEvidence evidence;
    evidence.startedAt = m_context.watcher.startedAt;
    evidence.lastStall = m_context.watcher.lastStall;
    evidence.storeRefreshed = m_context.plane.storeRefreshed();
    if (const auto failure = m_context.plane.storeFailure())
        evidence.storeFailure = failure->message;
    evidence.ownAddressAnswers = m_context.watcher.ownAddressAnswers;
    return evidence;
}

WatcherEvidence EvidenceDesk::watcherFor(const InstanceId& id) const {
    WatcherEvidence evidence = watcher();
    const int others = m_expectedToBeat - (m_expected.contains(id) ? 1 : 0);
    evidence.othersHeard =
        others == 0 ? m_context.watcher.providerAnswered : m_context.plane.heardExcept(id);
    const InstanceRecord* record = m_context.plane.find(id);
    if (m_storm && record) {
        evidence.stormSays = m_storm->over(record->instance.pool);
        evidence.storm = !evidence.stormSays.isEmpty();
        evidence.alone = m_storm->alone(member(id));
    }
    return evidence;
}

} // namespace vigie::jobs::workerwatchdog
