#include "core/resilience/registry.h"
#include "core/resilience/threadrunner.h"

#include <benchmark/benchmark.h>
#include <string>
#include <unordered_map>
#include <vector>

using namespace vigie;

namespace {

using SteadyClock = std::chrono::steady_clock;
using enum Strategy;

Profile profile(std::vector<Strategy> order) {
    Profile made;
    made.name = "bench";
    made.circuit->failureRateThreshold = 0.5;
    made.circuit->slowCallRateThreshold = 0.5;
    made.timeout.callTimeout = std::chrono::seconds(10);
    made.order = std::move(order);
    return made;
}

/// The least that a call can do.
Result<int> answer(const CallContext& context) {
    benchmark::DoNotOptimize(context.attempt);
    return 7;
}

void retryBreakerTimeout(benchmark::State& state) {
    Pipeline pipeline("bench", profile({Retry, CircuitBreaker, Timeout}));
    constexpr FixedOrder<Retry, CircuitBreaker, Timeout> order;
    const auto call = [](const CallContext& context) { return answer(context); };
    for (auto _ : state) {
        const auto result = order.run(pipeline, SteadyTime(), call);
        if (!result)
            state.SkipWithError("the call failed");
        benchmark::DoNotOptimize(result);
    }
}
BENCHMARK(retryBreakerTimeout)->Name("Pipeline/RetryBreakerTimeout");

/// The order of the profile, the type of the call forgotten.
void retryBreakerTimeoutErased(benchmark::State& state) {
    Pipeline pipeline("bench", profile({Retry, CircuitBreaker, Timeout}));
    for (auto _ : state) {
        const auto result = runOnThread(pipeline, SteadyTime(), answer);
        if (!result)
            state.SkipWithError("the call failed");
        benchmark::DoNotOptimize(result);
    }
}
BENCHMARK(retryBreakerTimeoutErased)->Name("Pipeline/RetryBreakerTimeout/erased");

void retrySuccess(benchmark::State& state) {
    Pipeline pipeline("bench", profile({Retry}));
    constexpr FixedOrder<Retry> order;
    const auto call = [](const CallContext& context) { return answer(context); };
    for (auto _ : state)
        benchmark::DoNotOptimize(order.run(pipeline, SteadyTime(), call));
}
BENCHMARK(retrySuccess)->Name("Retry/Success");

void bulkheadAcquireRelease(benchmark::State& state) {
    static vigie::Bulkhead bulkhead{BulkheadOptions()};
    for (auto _ : state) {
        const BulkheadPermit permit = bulkhead.tryAcquire();
        if (!permit)
            state.SkipWithError("the bulkhead is full");
        benchmark::DoNotOptimize(&permit);
    }
}
BENCHMARK(bulkheadAcquireRelease)->Name("Bulkhead/AcquireRelease");
BENCHMARK(bulkheadAcquireRelease)->Name("Bulkhead/AcquireRelease")->Threads(2);

void rateLimiterReserve(benchmark::State& state) {
    RateLimiterOptions options;
    options.limitForPeriod = 1'000'000;
    options.limitRefreshPeriod = std::chrono::milliseconds(1);
    vigie::RateLimiter limiter(options);
    SteadyClock::time_point now = SteadyClock::now();
    for (auto _ : state)
        benchmark::DoNotOptimize(limiter.reserve(now += std::chrono::microseconds(1)));
}
BENCHMARK(rateLimiterReserve)->Name("RateLimiter/Reserve");

constexpr std::size_t stride = 7919; ///< so that neighbours are not looked up one after the other

/// 10,000 keys.
std::vector<std::string> urls() {
    std::vector<std::string> keys;
    for (int i = 0; i < 10'000; ++i)
        keys.push_back("https://worker-" + std::to_string(i) + ".example.org:8080/v1");
    return keys;
}

void registryLookup(benchmark::State& state) {
    ProfileSet profiles;
    Profile api = profile(Profile::defaultOrder());
    api.name = "api";
    profiles.put(api);
    Registry registry(profiles);
    const std::vector<std::string> keys = urls();
    for (const std::string& key : keys) {
        if (!registry.forApi(key, SteadyClock::now()))
            state.SkipWithError("a key was refused");
    }
    std::size_t at = 0;
    for (auto _ : state) {
        at = (at + stride) % keys.size();
        Pipeline* found = registry.find(keys[at]);
        if (!found)
            state.SkipWithError("a key was not found");
        benchmark::DoNotOptimize(found);
    }
}
BENCHMARK(registryLookup)->Name("Registry/Lookup");

/// The same look-ups in what the standard library has: what memory alone costs.
void unorderedMap(benchmark::State& state) {
    std::unordered_map<std::string, int> map;
    const std::vector<std::string> keys = urls();
    for (const std::string& key : keys)
        map.emplace(key, int(map.size()));
    std::size_t at = 0;
    for (auto _ : state) {
        at = (at + stride) % keys.size();
        benchmark::DoNotOptimize(map.find(keys[at]));
    }
}
BENCHMARK(unorderedMap)->Name("Floor/UnorderedMap10k");

} // namespace
