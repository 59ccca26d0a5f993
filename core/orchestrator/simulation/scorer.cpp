#include "core/orchestrator/simulation/scorer.h"

#include "core/base/timeformat.h"

#include <algorithm>

namespace vigie {

Scorer::Scorer(const Scenario& scenario, const SimWorld& world, Duration threshold, int holdTicks)
    : m_scenario(scenario), m_world(world), m_threshold(threshold), m_holdTicks(holdTicks) {
    m_score.scenario = scenario.name;
}

/// Stopped serving, or alone unreachable for longer than the threshold.
bool Scorer::isDead(const SimMachine& machine, MonotonicTime now) const {
    if (!machine.serves())
        return true;
    return machine.unreachableAlone && machine.unreachableSince &&
           now - *machine.unreachableSince > m_threshold;
}

/// Whoever was blind, or had to count anew, gets the time from then on.
MonotonicTime Scorer::deadline(const Death& death) const {
    MonotonicTime from = death.at;
    if (const auto blind = m_world.disturbedTill())
        from = std::max(from, *blind);
    return from + m_threshold + (m_holdTicks + 1) * m_scenario.tick;
}

void Scorer::miss(const SimMachine& machine, const QString& what, MonotonicTime now) {
    m_score.mistakes.append(QStringLiteral("%1 of %2 at %3 h")
                                .arg(what, machine.instance.value())
                                .arg(toSeconds(now.time_since_epoch()) / 3600 - 24, 0, 'f', 3));
}

void Scorer::commanded(const SimMachine& machine, MachineCommandKind kind, MonotonicTime now) {
    if (kind == MachineCommandKind::Start)
        return;
    ++m_score.automaticActions;
    if (!isDead(machine, now)) {
        ++m_score.falseKills;
        miss(machine, QStringLiteral("false kill (%1)").arg(toString(kind)), now);
    }
    const auto death = m_deaths.find(machine.place);
    if (death != m_deaths.end())
        death->settled = true;
}

void Scorer::see(const SimMachine& machine, const Seen& seen, MonotonicTime now) {
    const bool writtenOff = isOver(seen.status) || seen.status == InstanceStatus::Terminating;
    auto death = m_deaths.find(machine.place);
    if (!isDead(machine, now)) {
        if (writtenOff && !m_writtenOff.contains(machine.place)) {
            m_writtenOff.insert(machine.place);
            ++m_score.falseKills;
            miss(machine, QStringLiteral("false kill (written off)"), now);
        }
        // Serving again is not back yet: the fleet has to know it too.
        if (death != m_deaths.end() && seen.status == InstanceStatus::Ready) {
            if (death->detected)
                m_score.recoverSeconds.push_back(toSeconds(now - death->at));
            m_deaths.erase(death);
        }
        return;
    }
    if (death == m_deaths.end()) {
        if (machine.bootsUntil)
            return; // it is on its way back
        Death begun;
        begun.at =
            machine.serves() ? machine.unreachableSince.value_or(now) : now - m_scenario.tick;
        begun.beating = machine.beats();
        death = m_deaths.insert(machine.place, begun);
        ++m_score.deaths;
    }
    const bool known =
        seen.status == InstanceStatus::WorkerDead || seen.status == InstanceStatus::Unavailable;
    if (known && !death->detected) {
        death->detected = now;
        m_score.detectSeconds.push_back(toSeconds(now - death->at));
        death->settled = death->settled || death->beating;
    }
    settle(machine, *death, seen, now);
}

void Scorer::settle(const SimMachine& machine, Death& death, const Seen& seen, MonotonicTime now) {
    if (death.settled || m_world.disturbed() || now <= deadline(death))
        return;
    death.settled = true;
    if (!seen.blockedBy.isEmpty()) {
        ++m_score.blockedByGuard;
        ++m_score.blockedBy[seen.blockedBy.section(u':', 0, 0)];
        return;
    }
    ++m_score.missedDeaths;
    miss(machine, QStringLiteral("missed death (%1)").arg(toString(seen.status)), now);
}

Score Scorer::end() const {
    Score score = m_score;
    score.leakedVolumes = m_world.leakedVolumes();
    score.wronglyDeletedVolumes = m_world.wronglyDeletedVolumes();
    return score;
}

} // namespace vigie
