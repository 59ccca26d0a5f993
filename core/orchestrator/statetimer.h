#pragma once

#include "core/base/clock.h"
#include "core/store/store.h"

#include <QHash>

#include <optional>

namespace vigie {

/// Tells for how long instances are in their state, or since the newest step of their recovery if
/// that is newer. What passed before this process first saw one there counts by the wall clock,
/// from then on the monotonic clock counts: a step of the wall clock makes nobody late.
class StateTimer {
public:
    explicit StateTimer(const Clock& clock) : m_clock(clock) {}

    Duration inState(const InstanceRecord& record);
    void forget(const InstanceId& id) { m_seen.remove(id); }

private:
    struct Seen {
        std::optional<WallTime> since;
        MonotonicTime at{};
        Duration before{};
    };
    const Clock& m_clock;
    QHash<InstanceId, Seen> m_seen;
};

} // namespace vigie
