#include "core/orchestrator/fleetmemory.h"

#include "core/orchestrator/lifecycle.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr std::size_t keptIntervals = 60;

/// Whether two assessments look the same to a person: times and growing ages apart.
bool saysTheSame(const Assessment& a, const Assessment& b) {
    return a.verdict == b.verdict && a.rule == b.rule && a.blockedBy == b.blockedBy &&
           std::ranges::equal(a.evidence, b.evidence, {}, &Evidence::says, &Evidence::says);
}

/// Whether the worker watchdog assesses instances in this state.
bool isWatched(InstanceStatus status) {
    return isStarting(status) || status == InstanceStatus::Ready ||
           status == InstanceStatus::Unavailable || status == InstanceStatus::Draining ||
           status == InstanceStatus::WorkerDead;
}

} // namespace

FleetMemory::Entry* FleetMemory::find(const InstanceId& id) {
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? nullptr : &*found;
}

void FleetMemory::beat(const Heartbeat& heartbeat, MonotonicTime now, WallTime wallNow) {
    Entry* entry = find(heartbeat.instanceId);
    if (!entry)
        return;
    LiveState& live = entry->live;
    if (live.lastBeat) {
        if (live.intervals.size() == keptIntervals)
            live.intervals.erase(live.intervals.begin());
        live.intervals.push_back(now - *live.lastBeat);
    }
    live.lastBeat = now;
    takeBeat(entry->record.instance, heartbeat, wallNow);
    waitingBeats.insert(heartbeat.instanceId, heartbeatStamp(entry->record.instance));
    if (newest.first != heartbeat.instanceId)
        secondNewest = newest;
    newest = {heartbeat.instanceId, now};
    touch(*entry);
}

void FleetMemory::setAssessment(Entry& entry, Assessment assessment) {
    const bool same = entry.live.assessment && saysTheSame(*entry.live.assessment, assessment);
    entry.live.assessment = std::move(assessment);
    if (!same)
        touch(entry);
}

void FleetMemory::adopt(const InstanceRecord& before, InstanceRecord after,
                        std::vector<Volume> changed) {
    const bool known = m_entries.contains(after.instance.id);
    Entry& entry = m_entries[after.instance.id];
    if (!known)
        order.push_back(after.instance.id);
    if (entry.record.version > after.version)
        return; // something newer was read from the store meanwhile
    const Instance& current = entry.record.instance;
    const bool begunAnew = after.recoveryBegunAt && after.recoveryBegunAt != before.recoveryBegunAt;
    if (begunAnew || after.instance.incarnation != before.instance.incarnation) {
        entry.live = {};
        waitingBeats.remove(after.instance.id);
    } else {
        // What came while the store was busy is newer than what the change was built on.
        if (current.workerLastHeartbeat != before.instance.workerLastHeartbeat)
            copyBeatFields(current, after.instance);
        if (current.lastHealthCheck != before.instance.lastHealthCheck) {
            after.instance.lastHealthCheck = current.lastHealthCheck;
            after.instance.healthCheckFailures = current.healthCheckFailures;
        }
    }
    if (!isWatched(after.instance.status))
        entry.live.assessment.reset(); // nobody renews it any more
    entry.record = std::move(after);
    for (Volume& volume : changed) {
        auto& list = volumes[volume.instanceId];
        const auto same = std::ranges::find(list, volume.id, &Volume::id);
        if (same == list.end())
            list.push_back(std::move(volume));
        else
            *same = std::move(volume);
    }
    touch(entry);
}

void FleetMemory::merge(FleetContents contents) {
    QHash<InstanceId, std::vector<Volume>> stored;
    for (Volume& volume : contents.volumes)
        stored[volume.instanceId].push_back(std::move(volume));
    for (InstanceRecord& record : contents.instances) {
        const InstanceId id = record.instance.id;
        Entry* known = find(id);
        if (known && known->record.version >= record.version)
            continue;
        if (!known) {
            order.push_back(id);
            known = &m_entries[id];
        } else if (known->record.instance.incarnation != record.instance.incarnation) {
            known->live = {};
            waitingBeats.remove(id);
        } else {
            copyBeatFields(known->record.instance, record.instance);
        }
        known->record = std::move(record);
        volumes[id] = stored.value(id);
        touch(*known);
    }
}

void FleetMemory::touch(Entry& entry) {
    entry.revision = ++revision;
    notify();
}

void FleetMemory::notify() {
    std::erase_if(listeners, [](const auto& listener) { return listener.expired(); });
    const auto current = listeners; // a listener may subscribe or unsubscribe
    for (const auto& weak : current) {
        if (const auto listener = weak.lock())
            (*listener)();
    }
}

} // namespace vigie
