#pragma once

#include "core/orchestrator/controlplane.h"

#include <QSet>

#include <utility>

namespace vigie {

/// What the control plane holds in memory: records, receipt times, beats not yet stored, and the
/// revisions that tell listeners of each visible change.
class FleetMemory {
public:
    using Entry = FleetEntry;

    Entry* find(const InstanceId& id);
    /// Whose it is; null when there is no such instance.
    Entry* beat(const Heartbeat& heartbeat, MonotonicTime now, WallTime wallNow);
    void setTestimony(Entry& entry, Testimony testimony);
    /// Takes over what the store has accepted; `before` is what the change was built on.
    void adopt(const InstanceRecord& before, InstanceRecord after, std::vector<Volume> changed,
               MonotonicTime now);
    /// Takes over what was read from the store, where it is newer; from a store that several share
    /// also the beats that others took. `judging`: our own assessments count, not theirs.
    void merge(FleetContents contents, MonotonicTime now, bool judging);
    void touch(Entry& entry);
    /// Those with a newer revision, in the order of their first appearance.
    std::vector<const Entry*> changedSince(quint64 older) const;

    /// Of those whose newest beat waits for the store, with their ages; none waits afterwards.
    std::vector<HeartbeatStamp> takeWaitingBeats(MonotonicTime now);
    void beatWaits(const InstanceId& id);
    bool beatsWait() const { return !m_waiting.empty(); }

    /// Calls it at each visible change, as long as it lives.
    void listen(std::weak_ptr<std::function<void()>> listener);

    std::vector<std::unique_ptr<Entry>> entries; ///< in the order of their first appearance
    QHash<InstanceId, std::vector<Volume>> volumes;
    QSet<InstanceId> waitingAssessments;
    quint64 revision = 0;
    /// The newest beat, and the newest of any other worker than that one's.
    std::pair<InstanceId, std::optional<MonotonicTime>> newest, secondNewest;

private:
    void notify();
    bool mergeOne(Entry& entry, bool known, InstanceRecord record, MonotonicTime now, bool judging);
    void noteHeard(const InstanceId& id, LiveState& live, MonotonicTime at);

    Entry& add(const InstanceId& id);
    void keep(Entry& entry, InstanceRecord record);
    void forgetBeat(Entry& entry);

    QHash<InstanceId, Entry*> m_byId;
    /// Of each by its place: who looks for the few that changed should not visit them all.
    std::vector<quint64> m_revisions;
    std::vector<Entry*> m_waiting;
    std::vector<std::weak_ptr<std::function<void()>>> m_listeners;
    QSet<QString> m_words; ///< names that many instances share, each held once
};

} // namespace vigie
