#include "core/orchestrator/simulation/simworld.h"

#include "core/base/timeformat.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace vigie {

namespace {

// The world is left alone at both ends: the watcher needs its grace and cool-down first, and what
// happened last needs time to be dealt with.
constexpr Duration quietStart = std::chrono::minutes(15);
constexpr Duration quietEnd = std::chrono::minutes(90);
constexpr Duration shortestBoot = std::chrono::seconds(40);
constexpr Duration longestBoot = std::chrono::seconds(150);
constexpr Duration flapLength = std::chrono::minutes(6);
// Who dies for the third time in the guard's half hour (and the time to notice it) does flap, and
// is a person's by the law; that has a scenario of its own.
constexpr Duration flapWindow = std::chrono::minutes(35);

} // namespace

SimWorld::SimWorld(const Scenario& scenario, Clock& clock, quint32 seed)
    : m_scenario(scenario), m_clock(clock), m_random(seed) {
    for (int i = 0; i < scenario.workers; ++i)
        add(InstanceId(QStringLiteral("i-%1").arg(i)),
            QStringLiteral("z%1").arg(i % scenario.pools))
            .bootsUntil.reset();
    const MonotonicTime begin = clock.now() + quietStart;
    m_end = clock.now() + scenario.length - std::min(quietEnd, scenario.length / 2);
    if (!scenario.faults.isEmpty())
        m_nextFault = begin + exponential(scenario.faultEvery);
    if (scenario.disturbance != QLatin1String("none"))
        m_nextDisturbance = begin + exponential(scenario.disturbanceEvery);
}

SimMachine& SimWorld::add(const InstanceId& instance, const QString& zone) {
    SimMachine machine;
    machine.id = MachineId(QStringLiteral("m-%1").arg(m_machines.size()));
    machine.instance = instance;
    machine.zone = zone;
    machine.place = m_machines.size();
    m_places.insert(machine.id, machine.place);
    m_machines.push_back(machine);
    SimMachine& made = m_machines.back();
    boot(made);
    if (cutsOff(zone) && m_scenario.disturbance != QLatin1String("mass_silence"))
        cutOff(made);
    return made;
}

/// Together with others.
void SimWorld::cutOff(SimMachine& machine) {
    machine.reachable = machine.unreachableAlone = false;
    machine.unreachableSince = m_clock.now();
}

double SimWorld::uniform() {
    return static_cast<double>(m_random()) / 4294967296.0;
}

std::size_t SimWorld::below(std::size_t bound) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(bound));
}

Duration SimWorld::exponential(Duration mean) {
    return fromSeconds(-std::log(1 - uniform()) * toSeconds(mean));
}

SimMachine* SimWorld::find(const MachineId& id) {
    const auto place = m_places.constFind(id);
    return place == m_places.constEnd() ? nullptr : &m_machines[*place];
}

void SimWorld::noteDisturbed(MonotonicTime until) {
    m_watcherBlindTill = std::max(m_watcherBlindTill.value_or(until), until);
}

void SimWorld::live() {
    const MonotonicTime now = m_clock.now();
    for (SimMachine& machine : m_machines) {
        if (machine.bootsUntil && *machine.bootsUntil <= now)
            machine.bootsUntil.reset();
        if (machine.flapsAt && *machine.flapsAt <= now)
            flap(machine);
        if (machine.heals && *machine.heals <= now) {
            machine.heals.reset();
            if (!machine.agent)
                machine.tokenHash.clear();
            machine.agent = machine.model = true;
            machine.beatEvery = {};
        }
    }
    if (m_disturbedUntil && *m_disturbedUntil <= now)
        calm();
    if (m_nextFault && *m_nextFault <= now) {
        befall();
        m_nextFault = now + m_scenario.faultGap + exponential(m_scenario.faultEvery);
        if (*m_nextFault > m_end)
            m_nextFault.reset();
    }
    if (m_nextDisturbance && *m_nextDisturbance <= now && !m_disturbedUntil) {
        disturb();
        m_nextDisturbance =
            now + m_scenario.disturbanceLasts + exponential(m_scenario.disturbanceEvery);
        if (*m_nextDisturbance > m_end)
            m_nextDisturbance.reset();
    }
}

void SimWorld::befall() {
    std::vector<SimMachine*> there;
    for (SimMachine& machine : m_machines) {
        if (!machine.gone && !machine.deletionEnds)
            there.push_back(&machine);
    }
    if (there.empty())
        return;
    SimMachine& victim = *there[below(there.size())];
    const bool well =
        victim.serves() && victim.beats() && victim.beatEvery == Duration{} && !victim.flapsAt;
    if (!well)
        return; // it has its trouble already
    const MonotonicTime now = m_clock.now();
    if (victim.struckBefore && now - *victim.struckBefore < flapWindow)
        return;
    victim.struckBefore = std::exchange(victim.struckAt, now);
    const QString kind =
        m_scenario.faults[static_cast<qsizetype>(below(std::size_t(m_scenario.faults.size())))];
    victim.stubborn = uniform() >= m_scenario.restartHelps;
    if (kind == QLatin1String("crash"))
        victim.running = false;
    else if (kind == QLatin1String("silent_hang"))
        victim.agent = victim.model = false;
    else if (kind == QLatin1String("agent_crash"))
        victim.agent = false;
    else if (kind == QLatin1String("hung_model"))
        victim.model = false;
    else if (kind == QLatin1String("slow"))
        victim.beatEvery = std::chrono::seconds(30 + static_cast<int>(below(170)));
    else
        flap(victim);
    if (m_scenario.faultLasts > Duration::zero() && kind != QLatin1String("crash"))
        victim.heals = now + m_scenario.faultLasts / 2 +
                       fromSeconds(uniform() * toSeconds(m_scenario.faultLasts));
}

/// Away and back again, each for longer than a threshold.
void SimWorld::flap(SimMachine& machine) {
    const MonotonicTime now = m_clock.now();
    machine.reachable = !machine.reachable;
    machine.unreachableAlone = true;
    if (machine.reachable)
        machine.unreachableSince.reset();
    else
        machine.unreachableSince = now;
    const bool over = machine.reachable && now > m_end;
    machine.flapsAt = over ? std::nullopt : std::optional(now + flapLength);
}

void SimWorld::disturb() {
    const MonotonicTime now = m_clock.now();
    const QString& kind = m_scenario.disturbance;
    m_release.reset(); // that of an earlier outage
    if (m_scenario.releaseInto > Duration::zero())
        m_release = now + m_scenario.releaseInto;
    m_disturbedUntil = now + m_scenario.disturbanceLasts / 2 +
                       fromSeconds(uniform() * toSeconds(m_scenario.disturbanceLasts));
    if (kind == QLatin1String("restarts"))
        m_restart = true;
    if (kind == QLatin1String("clock_steps"))
        m_clockStep = fromSeconds((uniform() - 0.5) * 7200);
    const bool zone = kind == QLatin1String("zone_outage");
    if (!zone && kind != QLatin1String("mass_silence") && kind != QLatin1String("partition"))
        return;
    const QString hit = QStringLiteral("z%1").arg(below(std::size_t(m_scenario.pools)));
    const double share = kind == QLatin1String("mass_silence") ? 0.4 + uniform() / 2 : 1;
    // Exactly that share of each pool (Knuth's selection sampling): by chance alone it could be too
    // few for a storm.
    struct Left {
        int machines = 0; ///< not looked at yet
        int wanted = 0;
    };
    m_cutZone = zone ? hit : QString();
    QHash<QString, Left> left;
    for (const SimMachine& machine : m_machines)
        left[machine.zone].machines += machine.gone ? 0 : 1;
    for (Left& one : left)
        one.wanted = static_cast<int>(std::ceil(share * one.machines));
    for (SimMachine& machine : m_machines) {
        Left& of = left[machine.zone];
        if (machine.gone || (zone && machine.zone != hit))
            continue;
        if (uniform() * of.machines-- >= of.wanted)
            continue;
        --of.wanted;
        cutOff(machine);
        if (uniform() < m_scenario.deathShare)
            machine.running = false;
    }
}

void SimWorld::calm() {
    const MonotonicTime now = m_clock.now();
    m_disturbedUntil.reset();
    for (SimMachine& machine : m_machines) {
        if (!machine.reachable && !machine.unreachableAlone) {
            machine.reachable = true;
            machine.unreachableAlone = true;
            machine.unreachableSince.reset();
        }
    }
    noteDisturbed(now);
    if (m_scenario.releaseAfter > Duration::zero())
        m_release = now + m_scenario.releaseAfter;
}

bool SimWorld::storeAway() const {
    return disturbed() && m_scenario.disturbance == QLatin1String("store_away");
}

bool SimWorld::providerLies() const {
    return disturbed() && m_scenario.disturbance == QLatin1String("provider_lies");
}

bool SimWorld::outage() const {
    return disturbed() && (m_scenario.disturbance == QLatin1String("zone_outage") ||
                           m_scenario.disturbance == QLatin1String("mass_silence") ||
                           m_scenario.disturbance == QLatin1String("partition"));
}

bool SimWorld::cutsOff(const QString& zone) const {
    return outage() && (m_cutZone.isEmpty() || m_cutZone == zone);
}

bool SimWorld::ownAddressAnswers() const {
    return !(disturbed() && m_scenario.disturbance == QLatin1String("partition"));
}

bool SimWorld::takeRestart() {
    return std::exchange(m_restart, false);
}

std::optional<Duration> SimWorld::takeClockStep() {
    return std::exchange(m_clockStep, std::nullopt);
}

bool SimWorld::takeRelease() {
    if (!m_release || *m_release > m_clock.now())
        return false;
    m_release.reset();
    return true;
}

Duration SimWorld::apiLatency() {
    return std::chrono::milliseconds(100 + static_cast<int>(below(900)));
}

std::optional<Failure> SimWorld::apiFailure() {
    constexpr std::array kinds{FailureKind::Unauthorized, FailureKind::Forbidden,
                               FailureKind::RateLimited,  FailureKind::ServerError,
                               FailureKind::Timeout,      FailureKind::Malformed};
    const bool down = disturbed() && m_scenario.disturbance == QLatin1String("provider_down");
    if (!down && !(providerLies() && uniform() < 0.3))
        return std::nullopt;
    Failure failure;
    failure.kind = kinds[below(kinds.size())];
    failure.message = QStringLiteral("the API is in trouble");
    return failure;
}

void SimWorld::boot(SimMachine& machine) {
    machine.running = true;
    machine.tokenHash.clear(); // a token is only in its agent's memory
    machine.bootsUntil = m_clock.now() + shortestBoot +
                         fromSeconds(uniform() * toSeconds(longestBoot - shortestBoot));
}

} // namespace vigie
