#include "core/resilience/callthreads.h"
#include "core/resilience/threadrunner.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::CallThreads threads; // calls run there, so that they can be left
    vigie::PipelineParts parts;
    parts.threads = &threads;
    vigie::Profile profile;
    profile.retry.maxAttempts = 1;
    profile.timeout.callTimeout = 20ms;
    vigie::Pipeline pipeline("slow", profile, parts);

    const auto started = std::chrono::steady_clock::now();
    const auto result = vigie::runOnThread(
        pipeline, vigie::SteadyTime(), [](const vigie::CallContext&) -> vigie::Result<int> {
            std::this_thread::sleep_for(300ms); // deaf to context.stop
            return 42;
        });
    const auto waited = std::chrono::steady_clock::now() - started;
    std::cout << result.error().message << '\n'; // "slow" did not answer within 20 ms
    return !result && waited < 300ms ? 0 : 1;
}
