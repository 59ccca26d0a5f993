// The rows of the action log that belong to no change of an instance.

#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/controlplanestate.h"
#include "core/orchestrator/lifecycle.h"

namespace vigie {

Task<Outcome<void>> ControlPlane::writeLog(ActionLog entry) {
    const InstanceRecord* record = find(entry.instanceId);
    const InstanceRecord about = record ? *record : InstanceRecord();
    completeLog(entry, about, about, d->clock.wallNow());
    ChangeSet set;
    set.logStarts.push_back(std::move(entry));
    const Outcome<void> committed = co_await d->store.commit(std::move(set));
    d->noteStore(committed ? std::nullopt : std::optional(committed.error()));
    co_return committed;
}

Task<Outcome<void>> ControlPlane::finishLog(ActionLogFinish finish) {
    if (finish.completedAt == WallTime{})
        finish.completedAt = d->clock.wallNow();
    ChangeSet set;
    set.logFinishes.push_back(std::move(finish));
    const Outcome<void> committed = co_await d->store.commit(std::move(set));
    d->noteStore(committed ? std::nullopt : std::optional(committed.error()));
    co_return committed;
}

Task<> ControlPlane::Private::writeOrKeep(ChangeSet set) {
    const Outcome<void> committed = co_await store.commit(ChangeSet(set));
    noteStore(committed ? std::nullopt : std::optional(committed.error()));
    if (!committed && WriteQueue::mayBeLater(committed.error()))
        later.add(std::move(set));
}

Task<> ControlPlane::note(ActionLog entry) {
    const InstanceRecord* record = find(entry.instanceId);
    const InstanceRecord about = record ? *record : InstanceRecord();
    completeLog(entry, about, about, d->clock.wallNow());
    ChangeSet set;
    set.logStarts.push_back(std::move(entry));
    co_await d->writeOrKeep(std::move(set));
}

Task<> ControlPlane::note(ActionLogFinish finish) {
    if (finish.completedAt == WallTime{})
        finish.completedAt = d->clock.wallNow();
    ChangeSet set;
    set.logFinishes.push_back(std::move(finish));
    co_await d->writeOrKeep(std::move(set));
}

WriteQueue::Figures ControlPlane::laterWrites() const {
    return d->later.figures();
}

} // namespace vigie
