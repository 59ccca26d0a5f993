#pragma once

#include "core/base/clock.h"
#include "core/model/fleetsnapshot.h"

#include <array>
#include <optional>

namespace vigie {

/// What one poll saw of a worker's heartbeat.
struct BeatSighting {
    MonotonicTime at{};           ///< ours, when the answer came
    std::optional<WallTime> beat; ///< worker_last_heartbeat, on the orchestrator's clock
    std::optional<Duration> age;  ///< of that beat by the orchestrator's clock; nothing: not known
    Duration expected{};          ///< between two beats
    /// Since the poll before; a long gap can't have seen every beat.
    Duration sincePoll{};
};

/// The last 60 expected beats of one worker, judged from what successive polls saw: a new beat is
/// on time when it came within 1.5 expected intervals of the one before (plus the gap between
/// polls when that is longer than an interval), late otherwise; each expected beat that is over
/// half an interval overdue is missed, until it comes; time nobody watched is unknown.
class BeatStrip {
public:
    /// Records a sighting; the interval to the beat before, when a new beat was seen.
    std::optional<Duration> observe(const BeatSighting& sighting);

    /// The source is blind: from the newest sighting to `now`, beats are unknown. True when a tick
    /// was added.
    bool unseen(MonotonicTime now, Duration expected);

    const std::array<BeatTick, 60>& ticks() const { return m_ticks; }

private:
    void push(BeatTick tick);
    void miss(int total);

    std::array<BeatTick, 60> m_ticks{};
    std::optional<WallTime> m_beat;
    MonotonicTime m_coveredUntil{}; ///< up to here the strip speaks of
    bool m_blind = false;
    int m_missed = 0; ///< newest ticks that are missed since m_beat
};

} // namespace vigie
