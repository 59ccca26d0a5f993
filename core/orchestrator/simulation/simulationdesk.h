#pragma once

#include "core/base/door.h"
#include "core/orchestrator/simulation/simulation.h"

#include <QStringList>

#include <deque>
#include <optional>
#include <thread>

namespace vigie {

struct SimulationOrder {
    QStringList scenarios; ///< names of built-in ones
    quint32 firstSeed = 1;
    int seeds = 1;
    QString actor;
};

/// One simulation that was asked for, with what it has come to so far.
struct SimulationReport {
    QString id;
    SimulationOrder order;
    int runs = 0;              ///< of one scenario with one seed each
    double workerHours = 0;    ///< of all of them
    std::vector<Score> scores; ///< of the runs that are over
    WallTime begunAt{};
    std::optional<WallTime> finishedAt;
    bool aborted = false;
};

/// Runs simulations for a daemon on one thread of low priority, one after the other, so that
/// heartbeats and answers never wait for one. At most one at a time; the newest reports are kept in
/// memory. It goes on when who asked is gone. Belongs to the event-loop thread.
class SimulationDesk {
public:
    explicit SimulationDesk(Clock& clock) : m_clock(clock) {}
    /// Aborts what runs.
    ~SimulationDesk();
    SimulationDesk(const SimulationDesk&) = delete;
    SimulationDesk& operator=(const SimulationDesk&) = delete;

    /// Begins one and tells its id. NotFound for an unknown scenario, Invalid beyond the limits,
    /// Conflict (code "simulation_running") while another one runs.
    Outcome<QString> begin(SimulationOrder order);
    /// The newest first.
    const std::deque<SimulationReport>& reports() const { return m_reports; }
    const SimulationReport* find(const QString& id) const;
    /// Ends it within a simulated tick; one that is over stays as it is. False: there is none.
    bool abort(const QString& id);

    static constexpr double mostWorkerHours = 500'000;
    static constexpr int mostSeeds = 100;
    static constexpr std::size_t kept = 20;

private:
    SimulationReport* running();
    void play(std::stop_token stop, std::vector<SimulationRun> runs, Door::Handle back);

    Clock& m_clock;
    std::deque<SimulationReport> m_reports;
    Door m_back;
    std::jthread m_thread;
};

/// [{name, summary, workers, pools, hours, worker_hours, faults, disturbance}]
QByteArray encodeScenarios(const std::vector<Scenario>& scenarios);
/// {simulation_id, state, scenarios, first_seed, seeds, runs, runs_done, simulated_worker_hours,
/// actor, begun_at, finished_at, totals, scores}; `scores` only when asked.
QByteArray encodeSimulation(const SimulationReport& report, bool withScores);

} // namespace vigie
