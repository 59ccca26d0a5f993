#include "core/orchestrator/lifecyclefigures.h"

#include "core/orchestrator/lifecycle.h"

#include <algorithm>

namespace vigie {

LifecycleFigures::LifecycleFigures(const ControlPlane& plane, MetricRegistry& metrics)
    : m_plane(plane),
      m_transitions(metrics.counters("vigie_instance_transitions_total",
                                     "Changes of instances from one state to another.")),
      m_deletions(metrics.counters("vigie_volume_deletions_total",
                                   "Deletions of volumes: deleted, or a try that failed.")),
      m_readyAfter(metrics.histograms("vigie_instance_ready_duration_seconds",
                                      "From the request for an instance to its first ready.")),
      m_recoveredAfter(metrics.histograms("vigie_instance_recovery_duration_seconds",
                                          "From worker_dead to the next ready.")),
      m_terminatedAfter(metrics.histograms("vigie_instance_termination_duration_seconds",
                                           "From terminating to terminated.")),
      m_deletedAfter(metrics.histograms("vigie_volume_deletion_duration_seconds",
                                        "From deleting a volume to its end.")) {
    m_deletions.add({{"result", "deleted"}}, 0);
    m_deletions.add({{"result", "failed"}}, 0);
}

template <typename Id>
std::optional<Duration> LifecycleFigures::sinceBeginning(QHash<Id, MonotonicTime>& begun,
                                                         const Id& id) {
    const auto found = begun.constFind(id);
    if (found == begun.constEnd())
        return std::nullopt;
    const Duration since = m_plane.clock().now() - *found;
    begun.erase(found);
    return since;
}

void LifecycleFigures::entered(const StateChange& change) {
    const MonotonicTime now = m_plane.clock().now();
    const InstanceId& id = change.instanceId;
    m_transitions.add(
        {{"from", toString(change.from).toStdString()}, {"to", toString(change.to).toStdString()}});
    switch (change.to) {
    case InstanceStatus::Provisioning:
        m_created.insert(id, now);
        break;
    case InstanceStatus::Ready:
        if (const auto took = sinceBeginning(m_created, id))
            m_readyAfter.observe({}, *took, now);
        if (const auto took = sinceBeginning(m_dead, id))
            m_recoveredAfter.observe({}, *took, now);
        break;
    case InstanceStatus::WorkerDead:
        m_dead.insert(id, now);
        break;
    case InstanceStatus::Terminating:
        m_terminating.insert(id, now);
        break;
    case InstanceStatus::Terminated:
        if (const auto took = sinceBeginning(m_terminating, id))
            m_terminatedAfter.observe({}, *took, now);
        break;
    default:
        break;
    }
    if (isOver(change.to) || isFailed(change.to) || change.to == InstanceStatus::Terminating) {
        m_created.remove(id);
        m_dead.remove(id);
    }
}

void LifecycleFigures::wrote(const Volume& volume) {
    const std::vector<Volume> known = m_plane.volumesOf(volume.instanceId);
    const auto before = std::ranges::find(known, volume.id, &Volume::id);
    if (before == known.end() || before->status == volume.status)
        return;
    const MonotonicTime now = m_plane.clock().now();
    if (volume.status == VolumeStatus::Deleting)
        m_deleting.insert(volume.id, now);
    if (volume.status != VolumeStatus::Deleted)
        return;
    if (const auto took = sinceBeginning(m_deleting, volume.id))
        m_deletedAfter.observe({}, *took, now);
}

void LifecycleFigures::committed(const ChangeSet& written) {
    for (const StateChange& change : written.history)
        entered(change);
    for (const Volume& volume : written.volumes)
        wrote(volume);
    for (const ActionLog& row : written.logStarts) {
        const bool ofDeletion =
            row.actionType == QStringView(actiontype::providerDeleteVolume) ||
            row.actionType == QStringView(actiontype::volumeReconciliationRetryDelete);
        if (ofDeletion && row.status != ActionLogStatus::InProgress)
            m_deletions.add(
                {{"result", row.status == ActionLogStatus::Failed ? "failed" : "deleted"}});
    }
}

} // namespace vigie
