#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace vigie {

/// How many calls may begin in a period.
struct RateLimiterOptions {
    int limitForPeriod = 50;                                               ///< calls, 1 .. 1000000
    std::chrono::nanoseconds limitRefreshPeriod = std::chrono::seconds(1); ///< 1 us to a day
    int burst = 0; ///< calls that may begin at once; 0: as many as limitForPeriod
    /// The longest that a call waits for its turn, up to a day; zero refuses at once.
    std::chrono::nanoseconds maxWait{};

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// Spreads calls over time with the generic cell rate algorithm (ITU-T I.371): one atomic number,
/// the time at which the next call would be due if all came evenly. Any thread, no lock.
class RateLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Precondition: options.problem() is empty.
    explicit RateLimiter(const RateLimiterOptions& options);

    /// Takes the next turn when it comes within maxWait: how long to wait for it, zero for none.
    /// Nothing when it would take longer; then no turn is taken.
    std::optional<std::chrono::nanoseconds> reserve(Time now);
    /// How long until a call would be let through at once; zero for now.
    std::chrono::nanoseconds untilNext(Time now) const;

    /// New limits; what was used up stays used up.
    void reconfigure(const RateLimiterOptions& options);

private:
    std::atomic<std::int64_t> m_due{INT64_MIN}; ///< nanoseconds of steady_clock
    std::atomic<std::int64_t> m_interval{0};    ///< between two calls
    std::atomic<std::int64_t> m_tolerance{0};   ///< how far ahead of its time a call may come
    std::atomic<std::int64_t> m_maxWait{0};
};

} // namespace vigie
