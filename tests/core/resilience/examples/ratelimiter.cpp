#include "core/resilience/ratelimiter.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::RateLimiterOptions options;
    options.limitForPeriod = 10;
    options.limitRefreshPeriod = 1s; // ten calls a second ...
    options.burst = 1;               // ... one by one
    options.maxWait = 150ms;
    vigie::RateLimiter limiter(options);

    const vigie::RateLimiter::Time now{};
    const auto first = limiter.reserve(now);  // at once
    const auto second = limiter.reserve(now); // in 100 ms
    const auto third = limiter.reserve(now);  // in 200 ms: too long to wait
    std::cout << "the second waits " << *second / 1ms << " ms\n";
    return *first == 0ms && *second == 100ms && !third ? 0 : 1;
}
