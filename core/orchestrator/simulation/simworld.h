#pragma once

#include "core/orchestrator/simulation/scenario.h"
#include "core/orchestrator/simulation/simmachine.h"
#include "core/providers/provider.h"

#include <QHash>

#include <functional>
#include <random>
#include <vector>

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

    std::vector<SimMachine>& machines() { return m_machines; }
    const std::vector<SimMachine>& machines() const { return m_machines; }
    SimMachine* find(const MachineId& id);

    /// What the scenario's disturbance is at this moment.
    bool disturbed() const { return m_disturbedUntil.has_value(); }
    bool storeAway() const;
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
    Outcome<void> execute(const MachineCommand& command);
    Machine describe(const MachineId& id);
    void volumeDeleted(const QString& id);

    /// Told of every command that touches a machine, before it does.
    std::function<void(const SimMachine&, MachineCommandKind)> onCommand;
    int wronglyDeletedVolumes() const { return m_wronglyDeletedVolumes; }
    int leakedVolumes() const { return m_leakedVolumes; }

    double uniform(); ///< [0, 1)

private:
    std::size_t below(std::size_t bound);
    Duration exponential(Duration mean);
    void befall();
    void disturb();
    void calm();
    void boot(SimMachine& machine);
    void flap(SimMachine& machine);

    Scenario m_scenario;
    Clock& m_clock;
    std::mt19937 m_random;
    std::vector<SimMachine> m_machines;
    QHash<MachineId, std::size_t> m_places;
    MonotonicTime m_end{};
    std::optional<MonotonicTime> m_nextFault, m_nextDisturbance, m_disturbedUntil, m_release;
    std::optional<MonotonicTime> m_watcherBlindTill;
    bool m_restart = false;
    std::optional<Duration> m_clockStep;
    int m_wronglyDeletedVolumes = 0, m_leakedVolumes = 0;
};

} // namespace vigie
