#include "core/resilience/callthreads.h"
#include "core/resilience/threadrunner.h"

#include <future>
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

    std::promise<void> letGo;
    const auto stuck = letGo.get_future().share();
    const auto result = vigie::runOnThread(
        pipeline, vigie::SteadyTime(), [stuck](const vigie::CallContext&) -> vigie::Result<int> {
            stuck.wait(); // deaf to context.stop
            return 42;
        });
    // We have our answer although the call still runs.
    std::cout << result.error().message << '\n'; // "slow" did not answer within 20 ms
    // The late one is counted and thrown away.
    letGo.set_value();
    return result ? 1 : 0;
}
