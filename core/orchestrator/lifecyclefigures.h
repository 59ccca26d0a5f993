#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/telemetry/metrics.h"

#include <QHash>

namespace vigie {

/// What the lives of instances and volumes add up to, counted from the change sets that this
/// orchestrator wrote. How long something took is told only when it began since the start: what
/// another one, or this one before, has begun counts as a transition without a duration.
class LifecycleFigures {
public:
    /// Both outlive it.
    LifecycleFigures(const ControlPlane& plane, MetricRegistry& metrics);

    /// A change set was written, and memory does not know it yet. Of it: history, log starts and
    /// volumes.
    void committed(const ChangeSet& written);

private:
    void entered(const StateChange& change);
    void wrote(const Volume& volume);
    /// How long ago `id` was put into `begun`, which forgets it.
    template <typename Id>
    std::optional<Duration> sinceBeginning(QHash<Id, MonotonicTime>& begun, const Id& id);

    const ControlPlane& m_plane;
    CounterSet &m_transitions, &m_deletions;
    HistogramSet &m_readyAfter, &m_recoveredAfter, &m_terminatedAfter, &m_deletedAfter;
    QHash<InstanceId, MonotonicTime> m_created, m_dead, m_terminating;
    QHash<VolumeId, MonotonicTime> m_deleting;
};

} // namespace vigie
