#include "core/resilience/registry.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::Profile api;
    api.name = "api";
    api.timeout.callTimeout = 30s;
    vigie::ProfileSet profiles;
    profiles.put(api);
    vigie::Registry registry(profiles);

    const vigie::Registry::Time now{};
    const auto orders = registry.forApi("orders", now);       // made here, and a handle to keep
    vigie::Pipeline* found = registry.find("orders");         // a lookup without a lock
    const auto mistyped = registry.open("users", "apo", now); // refused, not made up
    std::cout << mistyped.error().message << '\n';

    api.timeout.callTimeout = 10s;
    profiles.put(api);
    const std::string wrong = registry.reload(profiles, now); // breakers keep their state
    const bool changed = found->profile().timeout.callTimeout == 10s;
    return found == orders.value().get() && !mistyped && wrong.empty() && changed ? 0 : 1;
}
