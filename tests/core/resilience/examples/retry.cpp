#include "core/resilience/threadrunner.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::Profile profile;
    profile.retry.maxAttempts = 3; // one call and two retries
    profile.retry.overallDeadline = 5s;
    profile.retry.backoff.first = 1ms;
    profile.retryBudget = {0.2, 10}; // retries are at most a fifth of the traffic
    vigie::Pipeline pipeline("orders", profile);

    const auto call = [](const vigie::CallContext& context) -> vigie::Result<int> {
        if (context.attempt < 3)
            return vigie::CallError{vigie::ErrorClass::Unavailable, "starting", {}};
        return 42;
    };
    vigie::CallOptions options;
    options.idempotent = true; // it may be carried out twice
    const auto result = vigie::runOnThread(pipeline, vigie::SteadyTime(), call, options);
    std::cout << (result ? "answered" : result.error().message) << '\n';
    return result && result.value() == 42 ? 0 : 1;
}
