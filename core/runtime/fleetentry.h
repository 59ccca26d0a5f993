#pragma once

#include "core/runtime/beatrhythm.h"
#include "core/runtime/beatstrip.h"

#include <memory>

namespace vigie {

/// When something was read, and how the other side's clock stands against ours.
struct ReadingTime {
    MonotonicTime at{};
    WallTime wall{};
    std::optional<Duration> offset; ///< their wall clock minus ours; nothing: not known

    /// How long ago `stamp` of their clock was, never negative; nothing when their clock is not
    /// known, since an age over two clocks means nothing.
    std::optional<Duration> ageOf(WallTime stamp) const {
        if (!offset)
            return std::nullopt;
        return std::max(Duration::zero(), Duration(wall - stamp) + *offset);
    }
};

/// What the dashboard remembers of one instance between two polls.
struct FleetEntry {
    std::shared_ptr<const Instance> told;
    bool retold = true; ///< `told` changed since `view` was built
    std::shared_ptr<const InstanceView> view;
    QString pool; ///< of `told`, see poolOf()
    BeatStrip strip;
    BeatRhythm rhythm;
    std::optional<MonotonicTime> lastBeat;
    MonotonicTime stateSeen{}; ///< when we first saw it in its present state
    WallTime firstSeen{};
    Verdict believed = Verdict::Unknown; ///< the last one that came with sight of the source
};

} // namespace vigie
