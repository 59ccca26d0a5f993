#pragma once

#include "core/orchestrator/simulation/scorer.h"

namespace vigie {

/// Runs one scenario with one seed to its end, as fast as it goes: the real worker-watchdog job,
/// control plane, automation and reinstaller on a made-up clock. Needs a QCoreApplication; the same
/// scenario and seed give the same score, but for wall_s, which the caller measures.
Score simulate(const Scenario& scenario, quint32 seed);

} // namespace vigie
