#pragma once

#include "core/orchestrator/controlplane.h"

#include <utility>

namespace vigie {

/// What the control plane holds in memory: records, receipt times, beats not yet stored, and the
/// revisions that tell listeners of each visible change.
class FleetMemory {
public:
    struct Entry {
        InstanceRecord record;
        LiveState live;
        quint64 revision = 0;
    };

    Entry* find(const InstanceId& id);
    void beat(const Heartbeat& heartbeat, MonotonicTime now, WallTime wallNow);
    void setAssessment(Entry& entry, Assessment assessment);
    /// Takes over what the store has accepted; `before` is what the change was built on.
    void adopt(const InstanceRecord& before, InstanceRecord after, std::vector<Volume> changed);
    /// Takes over what was read from the store, where it is newer.
    void merge(FleetContents contents);
    void touch(Entry& entry);

    std::vector<InstanceId> order; ///< of their first appearance
    QHash<InstanceId, std::vector<Volume>> volumes;
    QHash<InstanceId, HeartbeatStamp> waitingBeats;
    quint64 revision = 0;
    std::vector<std::weak_ptr<std::function<void()>>> listeners;
    /// The newest beat, and the newest of any other worker than that one's.
    std::pair<InstanceId, std::optional<MonotonicTime>> newest, secondNewest;

private:
    void notify();

    QHash<InstanceId, Entry> m_entries;
};

} // namespace vigie
