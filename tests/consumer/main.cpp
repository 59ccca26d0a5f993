// A program of somebody else's: it knows the installed headers and library, and nothing of Vigie's
// source tree.

#include "core/resilience/registry.h"
#include "core/resilience/threadrunner.h"

#include <cstdio>

int main() {
    using namespace std::chrono_literals;
    vigie::Profile profile;
    profile.name = "api";
    profile.retry.backoff.first = 1ms;
    vigie::ProfileSet profiles;
    profiles.put(profile);
    vigie::Registry registry(profiles);
    const vigie::SteadyTime time;
    const auto opened = registry.forApi("orders", time.now());
    if (!opened)
        return 1;
    const auto call = [](const vigie::CallContext& context) -> vigie::Result<int> {
        if (context.attempt == 1)
            return vigie::CallError{vigie::ErrorClass::ConnectionRefused, "nobody there", {}};
        return 42;
    };
    const auto result = vigie::runOnThread(*opened.value(), time, call);
    if (!result || result.value() != 42)
        return 1;
    std::puts("42 at the second attempt");
    return 0;
}
