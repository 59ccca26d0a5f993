#include "core/resilience/callthreads.h"
#include "core/resilience/threadrunner.h"

#include <atomic>
#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::CallThreads threads;
    vigie::PipelineParts parts;
    parts.threads = &threads;
    vigie::Profile profile;
    profile.hedge = vigie::HedgeOptions(); // a second call after the p95 of the first ones
    profile.hedge->minDelay = 5ms;
    vigie::Pipeline pipeline("search", profile, parts);

    const auto calls = std::make_shared<std::atomic<int>>(0);
    const auto call = [calls](const vigie::CallContext& context) -> vigie::Result<int> {
        const int number = ++*calls;
        if (number == 1) { // slow, until it is told that nobody waits any more
            vigie::Gate never;
            never.waitUntil(vigie::Gate::Time::max(), context.stop);
        }
        return number;
    };
    vigie::CallOptions options;
    options.idempotent = true; // others are never called twice
    const auto result = vigie::runOnThread(pipeline, vigie::SteadyTime(), call, options);
    std::cout << "call " << result.value() << " answered\n";
    return result.value() == 2 ? 0 : 1;
}
