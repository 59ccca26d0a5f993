#include "core/resilience/circuitbreaker.h"

#include <benchmark/benchmark.h>
#include <mutex>

// Compare ratios within one run: absolute times drift on a shared machine (facts/performance.md).

using namespace vigie;

namespace {

const CircuitBreaker::Time start{std::chrono::hours(24)};

CircuitOptions options() {
    CircuitOptions made;
    made.failureRateThreshold = 0.5;
    made.slowCallRateThreshold = 0.5;
    return made;
}

CircuitBreaker& shared() {
    static CircuitBreaker breaker(options());
    return breaker;
}

/// The floor: what any breaker that measures durations pays twice.
void steadyClock(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(std::chrono::steady_clock::now());
}

/// The baseline: a permit and a result, each a locked count.
void mutexBaseline(benchmark::State& state) {
    static std::mutex mutex;
    static std::uint64_t count = 0;
    for (auto _ : state) {
        {
            const std::lock_guard lock(mutex);
            benchmark::DoNotOptimize(++count);
        }
        {
            const std::lock_guard lock(mutex);
            benchmark::DoNotOptimize(++count);
        }
    }
}

void success(benchmark::State& state) {
    for (auto _ : state)
        shared().acquire(start).succeed(start);
}

void successWithClock(benchmark::State& state) {
    for (auto _ : state) {
        auto permit = shared().acquire(std::chrono::steady_clock::now());
        permit.succeed(std::chrono::steady_clock::now());
    }
}

void refusal(benchmark::State& state) {
    static CircuitBreaker breaker(options());
    if (state.thread_index() == 0)
        breaker.force(CircuitMode::Open, start, "bench");
    for (auto _ : state)
        benchmark::DoNotOptimize(breaker.acquire(start).retryAfter());
}

BENCHMARK(steadyClock)->Threads(1)->Threads(2)->UseRealTime();
BENCHMARK(mutexBaseline)->Threads(1)->Threads(2)->UseRealTime();
BENCHMARK(success)->Threads(1)->Threads(2)->UseRealTime();
BENCHMARK(successWithClock)->Threads(1)->Threads(2)->UseRealTime();
BENCHMARK(refusal)->Threads(1)->Threads(2)->UseRealTime();

} // namespace

BENCHMARK_MAIN();
