#include "core/base/systemclock.h"
#include "core/base/timeformat.h"
#include "core/orchestrator/simulation/simulation.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

namespace vigie {

std::vector<Score> simulate(const std::vector<SimulationRun>& runs, unsigned threads,
                            std::stop_token stop) {
    std::vector<std::optional<Score>> done(runs.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        const SystemClock clock;
        for (std::size_t i = next++; i < runs.size() && !stop.stop_requested(); i = next++) {
            const MonotonicTime began = clock.now();
            Score score = simulate(runs[i].scenario, runs[i].seed);
            score.wallSeconds = toSeconds(clock.now() - began);
            done[i] = std::move(score);
        }
    };
    const unsigned wanted = threads > 0 ? threads : std::thread::hardware_concurrency();
    const std::size_t most =
        std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(1, runs.size()));
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < most; ++i)
            others.emplace_back(work);
        work();
    }
    std::vector<Score> scores;
    for (std::optional<Score>& score : done) {
        if (score)
            scores.push_back(std::move(*score));
    }
    return scores;
}

} // namespace vigie
