#include "core/orchestrator/fleetmemory.h"

#include "core/orchestrator/lifecycle.h"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

constexpr std::size_t keptIntervals = 60;

/// Whether the worker watchdog assesses instances in this state.
bool isWatched(InstanceStatus status) {
    return isStarting(status) || status == InstanceStatus::Ready ||
           status == InstanceStatus::Unavailable || status == InstanceStatus::Draining ||
           status == InstanceStatus::WorkerDead;
}

} // namespace

FleetMemory::Entry* FleetMemory::find(const InstanceId& id) {
    return m_byId.value(id, nullptr);
}

FleetMemory::Entry& FleetMemory::add(const InstanceId& id) {
    entries.push_back(std::make_unique<Entry>());
    Entry& entry = *entries.back();
    entry.place = entries.size() - 1;
    m_byId.insert(id, &entry);
    return entry;
}

void FleetMemory::forgetBeat(Entry& entry) {
    if (std::exchange(entry.beatWaits, false))
        std::erase(m_waiting, &entry);
}

std::vector<HeartbeatStamp> FleetMemory::takeWaitingBeats() {
    std::vector<HeartbeatStamp> stamps;
    stamps.reserve(m_waiting.size());
    for (Entry* entry : m_waiting) {
        stamps.push_back(heartbeatStamp(entry->record.instance));
        entry->beatWaits = false;
    }
    m_waiting.clear();
    return stamps;
}

void FleetMemory::beatWaits(const InstanceId& id) {
    Entry* entry = find(id);
    // A new incarnation may have begun meanwhile, which has not beaten yet.
    const bool beaten = entry && entry->record.instance.workerLastHeartbeat;
    if (beaten && !std::exchange(entry->beatWaits, true))
        m_waiting.push_back(entry);
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
    if (!std::exchange(entry->beatWaits, true))
        m_waiting.push_back(entry);
    if (newest.first != heartbeat.instanceId)
        secondNewest = newest;
    newest = {heartbeat.instanceId, now};
    touch(*entry);
}

void FleetMemory::setTestimony(Entry& entry, Testimony testimony) {
    const bool same = entry.live.testimony && entry.live.testimony->saysTheSame(testimony);
    entry.live.testimony = std::move(testimony);
    if (!same)
        touch(entry);
}

void FleetMemory::adopt(const InstanceRecord& before, InstanceRecord after,
                        std::vector<Volume> changed) {
    Entry* known = find(after.instance.id);
    Entry& entry = known ? *known : add(after.instance.id);
    if (entry.record.version > after.version)
        return; // something newer was read from the store meanwhile
    const Instance& current = entry.record.instance;
    const bool begunAnew = after.recoveryBegunAt && after.recoveryBegunAt != before.recoveryBegunAt;
    if (begunAnew || after.instance.incarnation != before.instance.incarnation) {
        entry.live = {};
        forgetBeat(entry);
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
        entry.live.testimony.reset(); // nobody renews it any more
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
            known = &add(id);
        } else if (known->record.instance.incarnation != record.instance.incarnation) {
            known->live = {};
            forgetBeat(*known);
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
