#pragma once

#include "core/base/clock.h"

#include <deque>
#include <optional>
#include <vector>

namespace vigie {

/// How often the workers of one source beat, and how often they should: the expected interval is
/// the contract's 4 s until beats are seen, then the median of what the fleet does, followed
/// slowly, so that one slow worker stands out against the others.
class BeatMeter {
public:
    Duration expected() const { return m_expected; }

    /// One poll saw these intervals end with a new beat, `beats` new beats in all, and `workers`
    /// that should beat.
    void add(MonotonicTime at, std::vector<Duration> intervals, int beats, int workers);

    /// Over the last 30 s; nothing before two polls.
    std::optional<double> perSecond() const;
    std::optional<double> expectedPerSecond() const;

private:
    struct Poll {
        MonotonicTime at;
        int beats;
    };
    std::deque<Poll> m_polls;
    Duration m_expected = std::chrono::seconds(4);
    int m_learnt = 0;
    int m_workers = 0;
};

} // namespace vigie
