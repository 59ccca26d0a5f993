#include "core/resilience/circuitbreaker.h"

#include <benchmark/benchmark.h>

using namespace vigie;

namespace {

using SteadyClock = std::chrono::steady_clock;

CircuitOptions countWindow() {
    CircuitOptions options;
    options.name = "bench";
    options.failureRateThreshold = 0.5;
    options.slowCallRateThreshold = 0.5;
    options.slidingWindowSize = 100;
    return options;
}

CircuitOptions timeWindow() {
    CircuitOptions options = countWindow();
    options.slidingWindowType = SlidingWindowType::TimeBased;
    options.slidingWindowSize = 60;
    return options;
}

/// What a caller pays for one good call: leave, two readings of the clock, the result.
void callOnce(CircuitBreaker& breaker) {
    CircuitPermit permit = breaker.acquire(SteadyClock::now());
    benchmark::DoNotOptimize(permit);
    permit.succeed(SteadyClock::now());
}

void closedSuccess(benchmark::State& state) {
    static CircuitBreaker breaker(countWindow());
    for (auto _ : state)
        callOnce(breaker);
}
BENCHMARK(closedSuccess)->Name("Breaker/ClosedSuccess");
BENCHMARK(closedSuccess)->Name("Breaker/ClosedSuccess")->Threads(2);

void timeWindowSuccess(benchmark::State& state) {
    static CircuitBreaker breaker(timeWindow());
    for (auto _ : state)
        callOnce(breaker);
}
BENCHMARK(timeWindowSuccess)->Name("Breaker/TimeWindowSuccess");
BENCHMARK(timeWindowSuccess)->Name("Breaker/TimeWindowSuccess")->Threads(2);

/// The same without the clock: what the bookkeeping alone costs.
void bookkeeping(benchmark::State& state) {
    static CircuitBreaker breaker(countWindow());
    const CircuitBreaker::Time now = SteadyClock::now();
    for (auto _ : state) {
        CircuitPermit permit = breaker.acquire(now);
        benchmark::DoNotOptimize(permit);
        permit.succeed(now);
    }
}
BENCHMARK(bookkeeping)->Name("Breaker/Bookkeeping");
BENCHMARK(bookkeeping)->Name("Breaker/Bookkeeping")->Threads(2);

/// A caller reads the clock once to be refused.
void openReject(benchmark::State& state) {
    CircuitOptions options = countWindow();
    options.waitDurationInOpenState = std::chrono::hours(24);
    CircuitBreaker breaker(options);
    breaker.force(CircuitMode::Open, SteadyClock::now(), "bench");
    for (auto _ : state) {
        const CircuitPermit refusal = breaker.acquire(SteadyClock::now());
        if (refusal)
            state.SkipWithError("an open breaker let a call through");
        benchmark::DoNotOptimize(refusal.retryAfter());
    }
}
BENCHMARK(openReject)->Name("Breaker/OpenReject");

/// What a failing call costs, which takes the lock; it never opens.
void closedFailure(benchmark::State& state) {
    CircuitOptions options = countWindow();
    options.consecutiveFailures = 0;
    options.failureRateThreshold = options.slowCallRateThreshold = 0;
    CircuitBreaker breaker(options);
    for (auto _ : state)
        breaker.acquire(SteadyClock::now()).fail(SteadyClock::now(), "refused");
}
BENCHMARK(closedFailure)->Name("Breaker/ClosedFailure");

} // namespace
