#include "core/resilience/threadrunner.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::FaultInjection faults(7); // the seed of its choices; off until rules are set
    vigie::FaultRule rule;
    rule.key = "payments*"; // pipelines whose key begins so
    rule.rate = 1;          // every call ...
    rule.length = 1min;     // ... for a minute, beginning now
    rule.errorClass = vigie::ErrorClass::Overloaded;
    const auto now = std::chrono::steady_clock::now();
    if (const std::string wrong = faults.set({rule}, now); !wrong.empty())
        return 1;

    vigie::PipelineParts parts;
    parts.faults = &faults;
    vigie::Profile profile;
    profile.retry.maxAttempts = 1;
    vigie::Pipeline payments("payments:eu", profile, parts);
    vigie::Pipeline orders("orders", profile, parts);
    const auto call = [](const vigie::CallContext&) -> vigie::Result<int> { return 42; };
    const auto struck = vigie::runOnThread(payments, vigie::SteadyTime(), call);
    const auto spared = vigie::runOnThread(orders, vigie::SteadyTime(), call);
    std::cout << struck.error().message << '\n';
    return !struck && spared ? 0 : 1;
}
