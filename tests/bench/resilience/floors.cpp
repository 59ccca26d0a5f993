// What this machine charges for the things that no engine can do without. Every other figure is
// compared with these, from the same run: absolute times drift by half within minutes.

#include <atomic>
#include <benchmark/benchmark.h>
#include <chrono>
#include <mutex>

namespace {

void steadyClock(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(std::chrono::steady_clock::now());
}
BENCHMARK(steadyClock)->Name("Floor/SteadyClock");

void atomicAdd(benchmark::State& state) {
    static std::atomic<unsigned> counter{0};
    for (auto _ : state)
        counter.fetch_add(1, std::memory_order_relaxed);
}
BENCHMARK(atomicAdd)->Name("Floor/AtomicAdd");
BENCHMARK(atomicAdd)->Name("Floor/AtomicAdd")->Threads(2);

void mutexLock(benchmark::State& state) {
    static std::mutex mutex;
    static unsigned counter = 0;
    for (auto _ : state) {
        const std::lock_guard lock(mutex);
        benchmark::DoNotOptimize(++counter);
    }
}
BENCHMARK(mutexLock)->Name("Floor/MutexLock");
BENCHMARK(mutexLock)->Name("Floor/MutexLock")->Threads(2);

} // namespace
