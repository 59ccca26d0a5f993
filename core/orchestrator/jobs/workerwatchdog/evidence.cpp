#include "core/orchestrator/jobs/workerwatchdog/evidence.h"

#include "core/base/timeformat.h"
#include "core/orchestrator/lanes.h"
#include "core/orchestrator/stopafter.h"
#include "core/watchdog/beatstatistics.h"

#include <algorithm>

namespace vigie::jobs::workerwatchdog {

bool isServing(InstanceStatus status) {
    return status == InstanceStatus::Ready || status == InstanceStatus::Unavailable ||
           status == InstanceStatus::Draining || status == InstanceStatus::WorkerDead;
}

namespace {

/// Whether somebody is listened for: not who is written dead, nor who starts and never beat.
bool isExpected(const FleetEntry& entry) {
    return entry.status() != InstanceStatus::WorkerDead &&
           (isServing(entry.status()) || entry.live.lastBeat);
}

/// Nothing is late that comes sooner than ever: spares the statistics of most of a healthy fleet.
double suspicion(const LiveState& live, Duration expected, MonotonicTime now) {
    const Duration elapsed = now - *live.lastBeat;
    constexpr std::size_t enough = 5;
    if (live.intervals.size() >= enough && elapsed <= live.shortestInterval)
        return 0;
    const BeatStatistics beats = beatStatistics(live.intervals, expected);
    return phi(elapsed, beats.mean, beats.deviation);
}

} // namespace

Task<> EvidenceDesk::gather(std::vector<const FleetEntry*> watched, std::stop_token stop) {
    ++m_tick;
    m_told.clear();
    m_calledAbsent = 0;
    m_machines = static_cast<int>(std::ranges::count_if(watched, [](const FleetEntry* entry) {
        return !entry->record.instance.providerInstanceId.isEmpty();
    }));
    surveyFleet(watched);
    m_firstAbsent.removeIf([&](const auto& entry) {
        const InstanceRecord* record = m_context.plane.find(entry.key());
        return !record || record->instance.providerInstanceId != entry.value().machine;
    });
    std::vector<const FleetEntry*> doubtful;
    m_collectedAt = m_context.clock.now();
    for (const FleetEntry* entry : watched) {
        if (m_collected.size() <= entry->place)
            m_collected.resize(entry->place + 1);
        m_collected[entry->place] = collect(*entry);
        if (inDoubt(*entry, m_collected[entry->place]))
            doubtful.push_back(entry);
    }
    if (doubtful.empty())
        co_return;
    const auto work = [this, stop](const FleetEntry* entry) { return describe(entry, stop); };
    co_await inLanes<const FleetEntry*>(std::move(doubtful), m_options.parallel, work, stop);
}

void EvidenceDesk::surveyFleet(const std::vector<const FleetEntry*>& watched) {
    const MonotonicTime now = m_context.clock.now();
    const auto released = m_context.automation.brake().releasedAt();
    const WatcherEvidence self = watcher();
    std::vector<Storm::Member> members;
    std::vector<Storm::Member> everybody;
    std::vector<StormCohort::Member> cohort;
    members.reserve(watched.size());
    m_members.clear();
    bool anySilent = false;
    m_expectedToBeat = 0;
    for (const FleetEntry* entry : watched) {
        m_expectedToBeat += isExpected(*entry) ? 1 : 0;
        if (!isServing(entry->status()))
            continue;
        const auto lastBeat = entry->live.lastBeat;
        const bool dead = entry->status() == InstanceStatus::WorkerDead;
        Storm::Member one = member(*entry, self);
        const bool silent = !lastBeat || isQuiet(*lastBeat, m_policy, now);
        m_members.push_back({entry->id(), one.pool, silent, dead});
        cohort.push_back({entry->place, one.pool, silent});
        anySilent = anySilent || silent;
        // One that was dead before this process began is not part of a storm that rages now, nor
        // is one whose silence a person has seen and released.
        const bool seen = released && silent && one.silentSince < *released;
        if (seen)
            everybody.push_back(one);
        if (!seen && (!dead || lastBeat))
            members.push_back(std::move(one));
    }
    m_storm.emplace(members, m_policy, now);
    if (!anySilent && !m_cohort.any())
        return;
    everybody.insert(everybody.end(), members.begin(), members.end());
    m_cohort.advance(cohort, Storm(everybody, m_policy, now), m_policy, now);
    m_failingTogether.clear();
    const std::vector<const FleetEntry*> entries = m_context.plane.entries();
    for (const StormCohort::Member& member : cohort) {
        if (member.silent && m_cohort.contains(member.place))
            m_failingTogether[member.pool] += probeFails(*entries[member.place]);
    }
}

bool EvidenceDesk::probeFails(const FleetEntry& entry) const {
    const auto result = m_context.probes.results.constFind(entry.id());
    return result != m_context.probes.results.constEnd() && result->possible && !result->ok;
}

QString EvidenceDesk::unproven(const FleetEntry& entry) const {
    const auto released = m_context.automation.brake().releasedAt();
    const auto calledDead = m_context.automation.brake().calledDeadAt();
    if (calledDead && member(entry, watcher()).silentSince < *calledDead)
        return {};
    // Whoever falls silent in that pool now, and who can't have been heard since its recovery
    // began, stands before the same broken way.
    if (!released || !m_cohort.touches(entry.record.instance.pool))
        return {};
    const auto told = m_told.constFind(&entry);
    if (told != m_told.constEnd() && told->finding == ProviderFinding::Stopped)
        return {}; // more than the network says that it is dead
    const QString& pool = entry.record.instance.pool;
    // In an outage the probes of all who are away fail together.
    if (probeFails(entry) && m_failingTogether.value(pool) < m_policy.stormMinimum)
        return {};
    const auto calm = m_cohort.calmSince(pool);
    const MonotonicTime now = m_context.clock.now();
    if (calm && now - *calm >= m_policy.heartbeatThreshold)
        return {};
    return calm ? QStringLiteral("it fell silent in a storm that is over for %1; it is judged "
                                 "alone after %2")
                      .arg(humanDuration(now - *calm), humanDuration(m_policy.heartbeatThreshold))
                : QStringLiteral("a person released the storm over its pool, and too many of "
                                 "the pool are still away");
}

QMap<QString, int> EvidenceDesk::silentAfterRelease() const {
    QMap<QString, int> pools;
    if (!m_context.automation.brake().releasedAt() || !m_cohort.any())
        return pools;
    for (const FleetEntry* entry : m_context.plane.entries()) {
        if (isServing(entry->status()) && m_cohort.isAway(entry->place) &&
            !unproven(*entry).isEmpty())
            ++pools[entry->record.instance.pool];
    }
    return pools;
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

Storm::Member EvidenceDesk::member(const FleetEntry& entry, const WatcherEvidence& self) const {
    MonotonicTime since = self.startedAt;
    since = std::max(since, entry.live.lastBeat.value_or(since));
    since = std::max(since, self.lastStall.value_or(since));
    return {entry.record.instance.pool, since};
}

bool EvidenceDesk::inDoubt(const FleetEntry& entry, const InstanceEvidence& evidence) const {
    if (entry.record.instance.providerInstanceId.isEmpty())
        return false;
    if (m_expectedToBeat - (isExpected(entry) ? 1 : 0) == 0)
        return true; // the provider's answer stands in for the other workers
    return !evidence.lastBeat || evidence.phi.value_or(0) >= 1 ||
           evidence.probe == ProbeFinding::Failing || evidence.probe == ProbeFinding::NotPossible;
}

Task<> EvidenceDesk::describe(const FleetEntry* entry, std::stop_token stop) {
    const QString machine = entry->record.instance.providerInstanceId;
    const StopAfter limit(m_context.clock, m_options.callLimit, std::move(stop));
    const Outcome<Machine> answer =
        co_await m_context.provider.describe(MachineId(machine), limit.token());
    if (answer && answer->state != MachineState::Unknown)
        m_context.watcher.providerAnswered = m_context.clock.now();
    m_told.insert(entry, read(entry->id(), machine, answer));
}

EvidenceDesk::Told EvidenceDesk::read(const InstanceId& id, const QString& machine,
                                      const Outcome<Machine>& answer) {
    if (!answer)
        return {ProviderFinding::Unknown,
                QStringLiteral("no proof of anything: ") + answer.error().message};
    if (answer->state == MachineState::Absent) {
        ++m_calledAbsent;
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

QString EvidenceDesk::massAbsence() const {
    if (!m_context.machines.massAbsence.isEmpty())
        return m_context.machines.massAbsence;
    if (m_calledAbsent < m_policy.stormMinimum || m_calledAbsent < m_policy.stormShare * m_machines)
        return {};
    return QStringLiteral("the provider calls %1 of %2 machines absent at once: nothing is written "
                          "down until a person looks")
        .arg(m_calledAbsent)
        .arg(m_machines);
}

InstanceEvidence EvidenceDesk::of(const FleetEntry& entry) const {
    const bool asKnown = m_told.isEmpty() && entry.place < m_collected.size() &&
                         m_collectedAt == m_context.clock.now() &&
                         m_collected[entry.place].lastBeat == entry.live.lastBeat &&
                         m_collected[entry.place].status == entry.status();
    return asKnown ? m_collected[entry.place] : collect(entry);
}

InstanceEvidence EvidenceDesk::collect(const FleetEntry& entry) const {
    InstanceEvidence evidence;
    const MonotonicTime now = m_context.clock.now();
    const LiveState& live = entry.live;
    const WatcherState& self = m_context.watcher;
    evidence.status = entry.status();
    evidence.lastBeat = live.lastBeat;
    if (live.lastBeat)
        evidence.phi = suspicion(live, m_policy.expectedBeatInterval, now);

    const auto result = m_context.probes.results.constFind(entry.id());
    if (result == m_context.probes.results.constEnd()) {
        evidence.probeSays = QStringLiteral("not tried yet");
    } else {
        evidence.probe = !result->possible ? ProbeFinding::NotPossible
                         : result->ok      ? ProbeFinding::Ok
                                           : ProbeFinding::Failing;
        evidence.probeFailures = result->failuresInRow;
        evidence.probeSays = result->says;
        // What a silent one answered before it fell silent, or long ago, says nothing now.
        const MonotonicTime since =
            std::max({self.startedAt, live.lastBeat.value_or(self.startedAt),
                      self.lastStall.value_or(self.startedAt)});
        const bool silent = now - since > m_policy.heartbeatThreshold;
        const bool stale = result->at < since || now - result->at > m_context.probes.freshFor;
        if (silent && stale) {
            evidence.probe = ProbeFinding::NotTried;
            evidence.probeSays = QStringLiteral("not tried since it fell silent");
        }
    }
    const auto told = m_told.constFind(&entry);
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

WatcherEvidence EvidenceDesk::watcherFor(const FleetEntry& entry) const {
    WatcherEvidence evidence = watcher();
    const int others = m_expectedToBeat - (isExpected(entry) ? 1 : 0);
    evidence.othersHeard =
        others == 0 ? m_context.watcher.providerAnswered : m_context.plane.heardExcept(entry.id());
    if (m_storm) {
        evidence.stormSays = m_storm->over(entry.record.instance.pool);
        evidence.storm = !evidence.stormSays.isEmpty();
        const Storm::Member one = member(entry, evidence);
        evidence.alone = m_storm->alone(one);
        const QString released = unproven(entry);
        if (!evidence.storm && !released.isEmpty()) {
            evidence.storm = true;
            evidence.stormSays = released;
        }
    }
    return evidence;
}

} // namespace vigie::jobs::workerwatchdog
