#include "core/orchestrator/simulation/simulation.h"

#include <algorithm>
#include <benchmark/benchmark.h>

namespace {

using namespace vigie;

/// Worker-hours of the scenario "crash" on one core.
void simulateCrashes(benchmark::State& state) {
    const auto scenarios = builtInScenarios();
    const auto crash =
        std::ranges::find(scenarios, QStringLiteral("crash"), &std::pair<QString, QString>::first);
    const auto scenario = readScenario(crash->second);
    double hours = 0;
    quint32 seed = 0;
    for (auto _ : state)
        hours += simulate(*scenario, ++seed).workerHours;
    state.SetItemsProcessed(static_cast<std::int64_t>(hours));
}
BENCHMARK(simulateCrashes)->Name("Simulate/WorkerHours")->Unit(benchmark::kMillisecond);

} // namespace
