#pragma once

#include "core/orchestrator/simulation/simulationdesk.h"

namespace vigie {

/// The body of POST /simulations: {"scenario": name or "all", "seed": 1, "seeds": 1}. Invalid,
/// naming the field.
Outcome<SimulationOrder> decodeSimulation(const QByteArray& body);

} // namespace vigie
