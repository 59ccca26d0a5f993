#pragma once

#include "core/resilience/windowsums.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace vigie {

/// The calls of the last N seconds of the clock: the one that runs and the N - 1 before it, one sum
/// for each (as resilience4j's partial aggregations). A call with an earlier time than the running
/// second counts in the running second; one from before the whole window means that the clock was
/// set back, and starts anew. Not synchronised.
class TimeWindow {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit TimeWindow(int seconds);

    /// Makes the second of `now` the running one. Good calls counted elsewhere (`pending` below)
    /// belong to the second that ran before: add them first.
    void moveTo(Time now);
    void addSuccesses(std::uint64_t number); ///< in the running second
    void add(const CallOutcome& outcome);    ///< in the running second
    void clear();

    /// What moveTo(now) would leave, with `pending` more good calls in the second that runs now.
    WindowSums sums(Time now, std::uint64_t pending = 0) const;
    /// After how many such calls in a row, all at `now`, a rule would be reached.
    std::optional<std::int64_t> distance(const CallOutcome& call, const RateRules& rules, Time now,
                                         std::uint64_t pending = 0) const;
    /// The start of the running second.
    Time runningSince() const;

private:
    WindowSums& bucket(std::int64_t second) { return m_buckets[indexOf(second)]; }
    std::size_t indexOf(std::int64_t second) const;
    bool startsAnew(std::int64_t second) const;

    std::vector<WindowSums> m_buckets;
    std::int64_t m_second = 0; ///< the running one, since the clock's epoch
    WindowSums m_total;
};

} // namespace vigie
