#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/fleetmemory.h"
#include "core/orchestrator/samplebook.h"
#include "core/orchestrator/writequeue.h"

namespace vigie {

/// What a control plane is made of.
class ControlPlane::Private {
public:
    struct Prepared {
        InstanceRecord after;
        ChangeSet set;
    };

    Private(Clock& c, Store& s)
        : clock(c), store(s), startedAt(c.now()), replica(c, s), samples(c, s), later(s) {}

    Outcome<Prepared> prepare(const InstanceRecord& before, const Change& change) const;
    /// Notes whether the store answered; a lost compare-and-set is an answer too.
    void noteStore(const std::optional<Failure>& failure);
    const FleetMemory::Entry* entryOf(const InstanceId& id) { return memory.find(id); }

    /// Reads what others are known to have written, until nothing more is.
    Task<> catchUp(ControlPlane& plane);
    Task<> flushAssessments();
    /// Writes, or keeps for later what the store can't take now.
    Task<> writeOrKeep(ChangeSet set);

    Clock& clock;
    Store& store;
    MonotonicTime startedAt;
    Replica replica;
    SampleBook samples;
    WriteQueue later;
    QString storeId;
    std::optional<StoreRestored> restored;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);
    StoreNews news; ///< heard of, not read yet
    bool catchingUp = false;
    std::vector<std::weak_ptr<std::function<void(const StoreNews&)>>> newsListeners;
    FleetMemory memory;
    bool flushing = false;
    bool rereads = false; ///< the store was away: what was being written then may be written
    std::optional<MonotonicTime> storeRefreshed;
    std::optional<Failure> storeFailure;
    TaskScope scope; // must be last: what it runs uses the rest
};

} // namespace vigie
