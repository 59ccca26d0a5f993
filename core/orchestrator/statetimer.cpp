#include "core/orchestrator/statetimer.h"

#include <algorithm>

namespace vigie {

Duration StateTimer::inState(const InstanceRecord& record) {
    const MonotonicTime now = m_clock.now();
    const InstanceId& id = record.instance.id;
    const std::optional<WallTime> since =
        std::max(record.instance.stateSince, record.recoveryBegunAt);
    auto seen = m_seen.find(id);
    if (seen == m_seen.end() || seen->since != since) {
        const WallTime wall = m_clock.wallNow();
        const Duration before = wall - since.value_or(wall);
        seen = m_seen.insert(id, {since, now, std::max(before, Duration::zero())});
    }
    return seen->before + (now - seen->at);
}

} // namespace vigie
