#pragma once

#include <cstdint>

namespace vigie {

/// How one call ended, for a sliding window.
struct CallOutcome {
    bool failed = false;
    bool slow = false;
    std::uint32_t weight = 0; ///< thousandths of a failure; 0 unless it failed
};

/// What a sliding window holds.
struct WindowSums {
    std::int64_t calls = 0;
    std::int64_t failures = 0;
    std::int64_t slow = 0;
    std::int64_t weight = 0; ///< of the failures, in thousandths

    double failureRate() const { return calls > 0 ? double(weight) / double(calls * 1000) : 0; }
    double slowRate() const { return calls > 0 ? double(slow) / double(calls) : 0; }

    void add(const CallOutcome& outcome) {
        ++calls;
        failures += outcome.failed;
        slow += outcome.slow;
        weight += outcome.weight;
    }
    void operator+=(const WindowSums& other) {
        calls += other.calls;
        failures += other.failures;
        slow += other.slow;
        weight += other.weight;
    }
    void operator-=(const WindowSums& other) {
        calls -= other.calls;
        failures -= other.failures;
        slow -= other.slow;
        weight -= other.weight;
    }
    bool operator==(const WindowSums&) const = default;
};

/// Which share of a window opens a breaker, and from how many calls on.
struct RateRule {
    double threshold = 0; ///< (0, 1]; 0: off
    std::int64_t minimumCalls = 1;
    bool ofSlowCalls = false; ///< else of failures

    bool reached(const WindowSums& sums) const {
        return threshold > 0 && sums.calls >= minimumCalls &&
               (ofSlowCalls ? sums.slowRate() : sums.failureRate()) >= threshold;
    }
};

/// Either is enough.
struct RateRules {
    RateRule failures;
    RateRule slowCalls{0, 1, true};

    bool reached(const WindowSums& sums) const {
        return failures.reached(sums) || slowCalls.reached(sums);
    }
};

} // namespace vigie
