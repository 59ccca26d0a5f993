#pragma once

#include "core/orchestrator/simulation/scorer.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace vigie {

/// Runs one scenario with one seed to its end, as fast as it goes: the real jobs, control plane,
/// automation and reinstaller on a made-up clock. Needs a QCoreApplication; the same
/// scenario and seed give the same score, but for wall_s, which the caller measures.
Score simulate(const Scenario& scenario, quint32 seed);

/// The same, but nothing once a stop was requested: it ends at the next tick.
std::optional<Score> simulate(const Scenario& scenario, quint32 seed, const std::stop_token& stop);

/// One run that is asked for.
struct SimulationRun {
    Scenario scenario;
    quint32 seed = 0;
};

/// All of them, on so many threads (0: as many as there are processors), each with its wall_s; the
/// scores come in the order of the runs. Once a stop is requested no further run is begun and the
/// scores of those that were not are left out.
std::vector<Score> simulate(const std::vector<SimulationRun>& runs, unsigned threads,
                            std::stop_token stop = {});

} // namespace vigie
