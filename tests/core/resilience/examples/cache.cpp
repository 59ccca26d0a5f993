#include "core/resilience/threadrunner.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::Profile profile;
    profile.cache = vigie::CacheOptions{30s, 1000}; // kept for 30 s, a thousand at most
    vigie::Pipeline pipeline("catalogue", profile);

    int calls = 0;
    const auto call = [&calls](const vigie::CallContext&) -> vigie::Result<int> { return ++calls; };
    vigie::CallOptions options;
    options.cacheKey = "page 1"; // without a key nothing is looked up
    for (int i = 0; i < 3; ++i)
        if (!vigie::runOnThread(pipeline, vigie::SteadyTime(), call, options))
            return 1;
    std::cout << calls << " call for three answers\n";
    return calls == 1 ? 0 : 1;
}
