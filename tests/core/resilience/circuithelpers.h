#pragma once

#include "core/resilience/circuitbreaker.h"

#include <QString>

// Shared by the tests of the circuit breaker.

namespace vigie::circuittest {

using Time = CircuitBreaker::Time;
inline const Time start{std::chrono::hours(24)};

inline CircuitOptions threeInARow() {
    CircuitOptions options;
    options.name = "peer";
    options.consecutiveFailures = 3;
    options.waitDurationInOpenState = std::chrono::seconds(30);
    return options;
}

/// Opens by its failure rate only: 50 % of the last 10 calls, from 6 on.
inline CircuitOptions halfOfTen() {
    CircuitOptions options = threeInARow();
    options.consecutiveFailures = 0;
    options.failureRateThreshold = 0.5;
    options.slidingWindowSize = 10;
    options.minimumNumberOfCalls = 6;
    return options;
}

inline void fail(CircuitBreaker& breaker, int times, Time at = start) {
    for (int i = 0; i < times; ++i)
        breaker.acquire(at).fail(at, "connection refused");
}

inline void succeed(CircuitBreaker& breaker, int times, Time at = start) {
    for (int i = 0; i < times; ++i)
        breaker.acquire(at).succeed(at);
}

inline CircuitMode mode(const CircuitBreaker& breaker, Time at = start) {
    return breaker.snapshot(at).computed;
}

inline QString text(const std::string& sentence) {
    return QString::fromStdString(sentence);
}

} // namespace vigie::circuittest
