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

/// Whether what was heard before a change says nothing about the worker after it: of another
/// incarnation, of before a remedy began, or with a token that is no longer good.
bool isAnotherWorker(const InstanceRecord& before, const InstanceRecord& after) {
    if (after.instance.incarnation != before.instance.incarnation)
        return true;
    if (isStarting(after.instance.status) && !before.workerTokenHash.isEmpty() &&
        after.workerTokenHash.isEmpty())
        return true;
    // The end of a remedy stamps that time too, and its worker may have been heard before it.
    const bool ended = !before.workInHand.isEmpty() && after.workInHand.isEmpty();
    return after.recoveryBegunAt && after.recoveryBegunAt != before.recoveryBegunAt && !ended;
}

/// The shortest is kept beside them: each look at a healthy instance asks for it.
void addInterval(LiveState& live, Duration interval) {
    std::vector<Duration>& all = live.intervals;
    Duration gone = Duration::max();
    if (all.size() == keptIntervals) {
        gone = all.front();
        all.erase(all.begin());
    }
    all.push_back(interval);
    if (all.size() == 1 || interval <= live.shortestInterval)
        live.shortestInterval = interval;
    else if (gone == live.shortestInterval)
        live.shortestInterval = std::ranges::min(all);
}

} // namespace

FleetMemory::Entry* FleetMemory::find(const InstanceId& id) {
    return m_byId.value(id, nullptr);
}

FleetMemory::Entry& FleetMemory::add(const InstanceId& id) {
    entries.push_back(std::make_unique<Entry>());
    Entry& entry = *entries.back();
    entry.place = entries.size() - 1;
    m_revisions.push_back(0);
    m_byId.insert(id, &entry);
    return entry;
}

// Ten thousand instances have a dozen types, zones and models between them: read one by one, each
// would hold copies of its own of their names, about half a kilobyte.
void FleetMemory::keep(Entry& entry, InstanceRecord record) {
    Instance& instance = record.instance;
    for (QString* name :
         {&instance.providerId, &instance.zoneId, &instance.instanceTypeId, &instance.modelId,
          &instance.modelName, &instance.modelCode, &instance.statusText, &instance.providerName,
          &instance.region, &instance.zone, &instance.instanceType, &instance.pool}) {
        if (!name->isEmpty())
            *name = *m_words.insert(*name);
    }
    if (instance.workerModelId == instance.modelId)
        instance.workerModelId = instance.modelId;
    entry.record = std::move(record);
}

void FleetMemory::forgetBeat(Entry& entry) {
    if (std::exchange(entry.beatWaits, false))
        std::erase(m_waiting, &entry);
}

std::vector<HeartbeatStamp> FleetMemory::takeWaitingBeats(MonotonicTime now) {
    std::vector<HeartbeatStamp> stamps;
    stamps.reserve(m_waiting.size());
    for (Entry* entry : m_waiting) {
        stamps.push_back(heartbeatStamp(entry->record.instance));
        if (entry->live.lastBeat)
            stamps.back().age =
                std::chrono::duration_cast<std::chrono::milliseconds>(now - *entry->live.lastBeat);
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

FleetMemory::Entry* FleetMemory::beat(const Heartbeat& heartbeat, MonotonicTime now,
                                      WallTime wallNow) {
    Entry* entry = find(heartbeat.instanceId);
    if (!entry)
        return nullptr;
    noteHeard(heartbeat.instanceId, entry->live, now);
    takeBeat(entry->record.instance, heartbeat, wallNow);
    if (!std::exchange(entry->beatWaits, true))
        m_waiting.push_back(entry);
    touch(*entry);
    return entry;
}

void FleetMemory::noteHeard(const InstanceId& id, LiveState& live, MonotonicTime at) {
    if (live.lastBeat)
        addInterval(live, at - *live.lastBeat);
    live.lastBeat = at;
    if (newest.first == id) {
        newest.second = std::max(newest.second, std::optional(at));
    } else if (!newest.second || at >= *newest.second) {
        secondNewest = newest;
        newest = {id, at};
    } else if (!secondNewest.second || at > *secondNewest.second) {
        secondNewest = {id, at};
    }
}

void FleetMemory::setTestimony(Entry& entry, Testimony testimony) {
    const bool same = entry.live.testimony && entry.live.testimony->saysTheSame(testimony);
    entry.live.testimony = std::move(testimony);
    if (same)
        return;
    waitingAssessments.insert(entry.id());
    touch(entry);
}

void FleetMemory::adopt(const InstanceRecord& before, InstanceRecord after,
                        std::vector<Volume> changed, MonotonicTime now) {
    Entry* known = find(after.instance.id);
    Entry& entry = known ? *known : add(after.instance.id);
    if (entry.record.version > after.version)
        return; // something newer was read from the store meanwhile
    const Instance& current = entry.record.instance;
    if (isAnotherWorker(before, after)) {
        entry.live = {};
        entry.heardFrom = now;
        forgetBeat(entry);
    } else {
        // What came while the store was busy is newer than what the change was built on.
        if (current.workerLastHeartbeat != before.instance.workerLastHeartbeat)
            copyBeatFields(current, after.instance);
        if (current.lastHealthCheck != before.instance.lastHealthCheck) {
            after.instance.lastHealthCheck = current.lastHealthCheck;
            after.instance.healthCheckFailures = current.healthCheckFailures;
        }
        after.instance.lastReconciliation =
            std::max(after.instance.lastReconciliation, current.lastReconciliation);
    }
    if (!isWatched(after.instance.status)) { // nobody renews them any more
        entry.live.testimony.reset();
        entry.live.told.reset();
    }
    keep(entry, std::move(after));
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

void FleetMemory::merge(FleetContents contents, MonotonicTime now, bool judging) {
    QHash<InstanceId, std::vector<Volume>> stored;
    for (Volume& volume : contents.volumes)
        stored[volume.instanceId].push_back(std::move(volume));
    for (InstanceRecord& record : contents.instances) {
        const InstanceId id = record.instance.id;
        Entry* known = find(id);
        Entry& entry = known ? *known : add(id);
        if (mergeOne(entry, known != nullptr, std::move(record), now, judging)) {
            volumes[id] = stored.value(id);
            touch(entry);
        }
    }
}

/// Whether anything of it was new.
bool FleetMemory::mergeOne(Entry& entry, bool known, InstanceRecord record, MonotonicTime now,
                           bool judging) {
    const Instance& before = entry.record.instance;
    const bool newer = !known || record.version > entry.record.version;
    const bool sameWorker = known && before.incarnation == record.instance.incarnation;
    if (!newer && !sameWorker)
        return false;
    const bool begunAnew = known && newer && isAnotherWorker(entry.record, record);
    if (begunAnew) {
        entry.live = {};
        entry.heardFrom = now;
        forgetBeat(entry);
    }
    // The store's clock says how long ago it was; of which moment of ours that is, we know.
    std::optional<MonotonicTime> heard;
    if (record.heardAgo)
        heard = now - *record.heardAgo;
    const bool anotherBeat =
        !known || record.instance.workerLastHeartbeat != before.workerLastHeartbeat;
    const bool fresh = heard && anotherBeat && (!entry.heardFrom || *heard > *entry.heardFrom) &&
                       (!entry.live.lastBeat || *heard > *entry.live.lastBeat);
    if (fresh)
        noteHeard(record.instance.id, entry.live, *heard);
    else if (known && !begunAnew)
        copyBeatFields(before, record.instance);
    if (known && !begunAnew && before.lastHealthCheck > record.instance.lastHealthCheck) {
        record.instance.lastHealthCheck = before.lastHealthCheck;
        record.instance.healthCheckFailures = before.healthCheckFailures;
    }
    record.instance.lastReconciliation =
        std::max(record.instance.lastReconciliation, before.lastReconciliation);
    const bool watched = isWatched(record.instance.status);
    if (!judging || !watched)
        entry.live.testimony.reset();
    const std::optional<Assessment> told =
        watched && !judging ? record.instance.assessment : std::nullopt;
    const bool said = told != entry.live.told;
    entry.live.told = told;
    if (newer)
        keep(entry, std::move(record));
    else if (fresh)
        copyBeatFields(record.instance, entry.record.instance);
    return newer || fresh || said;
}

void FleetMemory::touch(Entry& entry) {
    entry.revision = ++revision;
    m_revisions[entry.place] = entry.revision;
    notify();
}

std::vector<const FleetMemory::Entry*> FleetMemory::changedSince(quint64 older) const {
    std::vector<const Entry*> changed;
    for (std::size_t place = 0; place < m_revisions.size(); ++place) {
        if (m_revisions[place] > older)
            changed.push_back(entries[place].get());
    }
    return changed;
}

void FleetMemory::notify() {
    // By place, and no place is ever given up: a listener may subscribe or unsubscribe.
    const std::size_t known = m_listeners.size();
    for (std::size_t i = 0; i < known; ++i) {
        if (const auto listener = m_listeners[i].lock())
            (*listener)();
    }
}

void FleetMemory::listen(std::weak_ptr<std::function<void()>> listener) {
    const auto free = std::ranges::find_if(m_listeners, [](auto& each) { return each.expired(); });
    if (free == m_listeners.end())
        m_listeners.push_back(std::move(listener));
    else
        *free = std::move(listener);
}

} // namespace vigie
