#include "core/orchestrator/simulation/scorer.h"

#include "core/base/timeformat.h"

#include <algorithm>

namespace vigie {

namespace {

// After that, a death that something was done about counts as missed all the same: the limit of a
// reinstall, and time for what comes before and after it.
constexpr Duration longestRecovery = std::chrono::minutes(150);

} // namespace

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

void Scorer::act(const QString& zone, MonotonicTime now) {
    ++m_score.automaticActions;
    if (m_releasedAt)
        m_score.resumeSeconds.push_back(toSeconds(now - *m_releasedAt));
    m_releasedAt.reset();
    if (!m_outage || m_outage->released)
        return;
    // Who died before it may be dealt with until it can be noticed.
    const bool blind = !m_world.ownAddressAnswers();
    const MonotonicTime noticed = m_outage->at + (blind ? m_scenario.tick : m_threshold);
    if (now <= noticed || !m_world.cutsOff(zone))
        return;
    ++m_score.actionsInOutage;
}

void Scorer::commanded(const SimMachine& machine, MachineCommandKind kind, MonotonicTime now) {
    if (kind == MachineCommandKind::Start)
        return;
    // What is deleted after another one took its place was written off before.
    const auto death = m_deaths.find(machine.place);
    const bool known = death != m_deaths.end();
    const bool cleansUp = kind == MachineCommandKind::Delete &&
                          (m_writtenOff.contains(machine.place) || (known && death->writtenOff));
    if (!cleansUp)
        act(machine.zone, now);
    if (!isDead(machine, now)) {
        ++m_score.falseKills;
        miss(machine, QStringLiteral("false kill (%1)").arg(toString(kind)), now);
    }
    if (known)
        death->settled = death->acted = true;
}

void Scorer::replaced(const SimMachine& machine, MonotonicTime now) {
    act(machine.zone, now);
    const auto death = m_deaths.find(machine.place);
    if (death != m_deaths.end())
        death->settled = death->acted = true;
}

void Scorer::released(MonotonicTime now) {
    if (m_outage) {
        m_outage->released = true;
        return;
    }
    const bool waits = std::ranges::any_of(
        m_deaths, [](const Death& death) { return !death.acted && !death.beating; });
    if (waits)
        m_releasedAt = now;
}

void Scorer::seeOutage(bool told, MonotonicTime now) {
    if (m_world.outage()) {
        if (!m_outage)
            m_outage = Outage{now};
        m_outage->told = m_outage->told || told;
        return;
    }
    if (!m_outage)
        return;
    const Outage over = *m_outage;
    m_outage.reset();
    // It takes a threshold to notice one, and a tick to say so.
    if (over.told || now - over.at <= m_threshold + 2 * m_scenario.tick)
        return;
    ++m_score.untoldOutages;
    m_score.mistakes.append(QStringLiteral("nobody was told of the outage that ended at %1 h")
                                .arg(toSeconds(now.time_since_epoch()) / 3600 - 24, 0, 'f', 3));
}

void Scorer::writeOff(const SimMachine& machine, MonotonicTime now) {
    const auto death = m_deaths.find(machine.place);
    if (death == m_deaths.end()) {
        m_writtenOff.insert(machine.place);
        return;
    }
    Newcomer* newest = nullptr;
    for (Newcomer& one : m_newcomers) {
        const bool fits = !one.taken && one.zone == machine.zone && one.readyAt > death->at;
        if (fits && (!newest || one.readyAt > newest->readyAt))
            newest = &one;
    }
    if (newest) {
        newest->taken = true;
        m_score.recoverSeconds.push_back(toSeconds(newest->readyAt - death->at));
    } else if (!death->writtenOff) {
        death->writtenOff = true; // the one in its place is seen in this tick too
        return;
    } else {
        ++m_score.missedDeaths;
        miss(machine, QStringLiteral("missed death (none in its place)"), now);
    }
    m_writtenOff.insert(machine.place);
    m_deaths.erase(death);
}

void Scorer::see(const SimMachine& machine, const Seen& seen, MonotonicTime now) {
    // Failed is the deletion only: what could not be ended was written off all the same.
    const bool writtenOff = isOver(seen.status) || seen.status == InstanceStatus::Terminating ||
                            seen.status == InstanceStatus::Failed;
    if (writtenOff && m_writtenOff.contains(machine.place))
        return;
    if (!writtenOff)
        m_writtenOff.remove(machine.place); // it was taken back
    auto death = m_deaths.find(machine.place);
    if (!isDead(machine, now)) {
        if (writtenOff) {
            m_writtenOff.insert(machine.place);
            ++m_score.falseKills;
            miss(machine, QStringLiteral("false kill (written off)"), now);
        }
        const bool ready = seen.status == InstanceStatus::Ready;
        const bool new_ = machine.place >= static_cast<std::size_t>(m_scenario.workers);
        if (new_ && ready && !m_newcomers.contains(machine.place))
            m_newcomers.insert(machine.place, {machine.zone, now});
        // Serving again is not back yet: the fleet has to know it too.
        if (death != m_deaths.end() && ready) {
            if (death->detected)
                m_score.recoverSeconds.push_back(toSeconds(now - death->at));
            m_deaths.erase(death);
        }
        return;
    }
    if (writtenOff) {
        writeOff(machine, now);
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
    death->held = seen.blockedBy;
    death->status = seen.status;
    settle(machine, *death, now);
}

void Scorer::block(const QString& by) {
    ++m_score.blockedByGuard;
    ++m_score.blockedBy[by.section(u':', 0, 0)];
}

void Scorer::settle(const SimMachine& machine, Death& death, MonotonicTime now) {
    if (death.settled || m_world.disturbed() || now <= deadline(death))
        return;
    death.settled = true;
    if (!death.held.isEmpty()) {
        death.blocked = true;
        block(death.held);
        return;
    }
    ++m_score.missedDeaths;
    miss(machine, QStringLiteral("missed death (%1)").arg(toString(death.status)), now);
}

Score Scorer::end(MonotonicTime now, const SimCloud::Account& account) {
    // What was begun has to have helped in the end.
    for (auto death = m_deaths.begin(); death != m_deaths.end(); ++death) {
        if (death->beating || death->blocked || !death->acted ||
            now - std::max(death->at, m_world.disturbedTill().value_or(death->at)) <=
                longestRecovery)
            continue;
        if (!death->held.isEmpty()) {
            block(death->held);
            continue;
        }
        ++m_score.missedDeaths;
        miss(m_world.machines()[death.key()], QStringLiteral("missed death (never back)"), now);
    }
    m_score.leakedVolumes = account.leaked;
    m_score.wronglyDeletedVolumes = account.wronglyDeleted;
    m_score.costOfLeaks = account.costOfLeaks;
    return m_score;
}

} // namespace vigie
