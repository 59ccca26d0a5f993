#include "core/resilience/circuitbreaker.h"

#include <iostream>

int main() {
    using namespace std::chrono_literals;
    vigie::CircuitOptions options;
    options.name = "database";
    options.consecutiveFailures = 3;
    options.waitDurationInOpenState = 30s;
    vigie::CircuitBreaker breaker(options);

    vigie::CircuitBreaker::Time now{}; // time is passed in; a test can move it as it likes
    for (int i = 0; i < 3; ++i) {
        vigie::CircuitPermit permit = breaker.acquire(now);
        permit.fail(now, vigie::ErrorClass::ConnectionRefused, "nobody listens");
    }
    const vigie::CircuitPermit refused = breaker.acquire(now);
    std::cout << "open for " << *refused.retryAfter() / 1s << " s\n";

    now += 30s; // half open: one trial call is admitted
    breaker.acquire(now).succeed(now);
    const bool closed = breaker.snapshot(now).computed == vigie::CircuitMode::Closed;
    return !refused && closed ? 0 : 1;
}
