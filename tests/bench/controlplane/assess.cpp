#include "core/watchdog/assess.h"

#include <benchmark/benchmark.h>
#include <vector>

namespace {

using namespace vigie;
using namespace std::chrono_literals;

const MonotonicTime now{1000h};

/// Most are well; one in ten is late, one in ten silent with a probe that fails.
std::vector<InstanceEvidence> fleet(std::size_t size) {
    std::vector<InstanceEvidence> all(size);
    for (std::size_t i = 0; i < size; ++i) {
        InstanceEvidence& one = all[i];
        one.status = InstanceStatus::Ready;
        one.lastBeat = now - 2s;
        one.phi = 0.5;
        one.probe = ProbeFinding::Ok;
        one.probeSays = QStringLiteral("it serves");
        if (i % 10 == 3)
            one.phi = 9;
        if (i % 10 == 7) {
            one.lastBeat = now - 400s;
            one.probe = ProbeFinding::Failing;
            one.probeFailures = 4;
        }
    }
    return all;
}

void assessFleet(benchmark::State& state) {
    const std::vector<InstanceEvidence> all = fleet(static_cast<std::size_t>(state.range(0)));
    const WatchdogPolicy policy;
    WatcherEvidence watcher;
    watcher.startedAt = now - 10h;
    watcher.storeRefreshed = watcher.othersHeard = now - 1s;
    watcher.ownAddressAnswers = true;
    (void)assess(all[0], watcher, policy, now); // the answers are worked out once
    std::size_t dead = 0;
    for (auto _ : state) {
        for (const InstanceEvidence& one : all)
            dead += assess(one, watcher, policy, now).verdict == Verdict::Dead ? 1 : 0;
    }
    benchmark::DoNotOptimize(dead);
    if (dead == 0)
        state.SkipWithError("nobody was found dead");
}
BENCHMARK(assessFleet)->Name("Assess")->Arg(1000000)->Unit(benchmark::kMillisecond);

} // namespace
