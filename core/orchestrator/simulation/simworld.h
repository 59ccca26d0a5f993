#pragma once

#include "core/orchestrator/simulation/scenario.h"
#include "core/orchestrator/simulation/simmachine.h"
#include "core/providers/provider.h"

#include <QHash>

#include <deque>
#include <functional>
#include <random>

namespace vigie {

/// What is true in a simulation: machines, what befalls them, and what was done to them. All chance
/// is drawn here, from one seed.
class SimWorld {
public:
    SimWorld(const Scenario& scenario, Clock& clock, quint32 seed);

    /// Lets happen what is due by now.
    void live();
    /// Whoever knows of a restart, stall or the like tells when the watcher could see again.
    void noteDisturbed(MonotonicTime until);

    /// All there ever were, by their place; a reference stays valid when one is added.
    std::deque<SimMachine>& machines() { return m_machines; }
    const std::deque<SimMachine>& machines() const { return m_machines; }
    SimMachine* find(const MachineId& id);
    /// A new machine, which boots.
    SimMachine& add(const InstanceId& instance, const QString& zone);
    void boot(SimMachine& machine);

    /// What the scenario's disturbance is at this moment.
    bool disturbed() const { return m_disturbedUntil.has_value(); }
    bool storeAway() const;
    bool providerLies() const;
    /// Many at once can't be heard: a zone, most of the fleet, or all of it.
    bool outage() const;
    /// That, and this zone is among them.
    bool cutsOff(const QString& zone) const;
    bool ownAddressAnswers() const;
    /// True once for each restart, clock step or release that is due.
    bool takeRestart();
    std::optional<Duration> takeClockStep();
    bool takeRelease();
    /// Deaths before it are not the watcher's to have seen; nothing: it could see all along.
    std::optional<MonotonicTime> disturbedTill() const { return m_watcherBlindTill; }

    // What the provider's API is asked.
    Duration apiLatency();
    std::optional<Failure> apiFailure();

    double uniform(); ///< [0, 1)
    std::size_t below(std::size_t bound);

private:
    Duration exponential(Duration mean);
    void befall();
    void disturb();
    void calm();
    void cutOff(SimMachine& machine);
    void flap(SimMachine& machine);

    Scenario m_scenario;
    Clock& m_clock;
    std::mt19937 m_random;
    std::deque<SimMachine> m_machines;
    QHash<MachineId, std::size_t> m_places;
    MonotonicTime m_end{};
    std::optional<MonotonicTime> m_nextFault, m_nextDisturbance, m_disturbedUntil, m_release;
    std::optional<MonotonicTime> m_watcherBlindTill;
    QString m_cutZone; ///< of the newest outage; empty: all
    bool m_restart = false;
    std::optional<Duration> m_clockStep;
};

} // namespace vigie
