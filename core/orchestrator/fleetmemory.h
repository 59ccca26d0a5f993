#pragma once

#include "core/orchestrator/controlplane.h"

#include <utility>

namespace vigie {

/// What the control plane holds in memory: records, receipt times, beats not yet stored, and the
/// revisions that tell listeners of each visible change.
class FleetMemory {
public:
    using Entry = FleetEntry;

    Entry* find(const InstanceId& id);
    void beat(const Heartbeat& heartbeat, MonotonicTime now, WallTime wallNow);
    void setTestimony(Entry& entry, Testimony testimony);
    /// Takes over what the store has accepted; `before` is what the change was built on.
    void adopt(const InstanceRecord& before, InstanceRecord after, std::vector<Volume> changed);
    /// Takes over what was read from the store, where it is newer.
    void merge(FleetContents contents);
    void touch(Entry& entry);

    /// Of those whose newest beat waits for the store; none waits afterwards.
    std::vector<HeartbeatStamp> takeWaitingBeats();
    void beatWaits(const InstanceId& id);
    bool beatsWait() const { return !m_waiting.empty(); }

    std::vector<std::unique_ptr<Entry>> entries; ///< in the order of their first appearance
    QHash<InstanceId, std::vector<Volume>> volumes;
    quint64 revision = 0;
    std::vector<std::weak_ptr<std::function<void()>>> listeners;
    /// The newest beat, and the newest of any other worker than that one's.
    std::pair<InstanceId, std::optional<MonotonicTime>> newest, secondNewest;

private:
    void notify();

    Entry& add(const InstanceId& id);
    void forgetBeat(Entry& entry);

    QHash<InstanceId, Entry*> m_byId;
    std::vector<Entry*> m_waiting;
};

} // namespace vigie
