#include "core/orchestrator/controlplane.h"

#include "core/base/log.h"
#include "core/orchestrator/controlplanestate.h"
#include "core/orchestrator/lifecycle.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr int maximumTries = 8;
const QString category = QStringLiteral("controlplane");

QueuedCommand commandFor(CommandKind kind, const Instance& instance, WallTime now) {
    QueuedCommand command;
    command.kind = kind;
    command.instanceId = instance.id;
    command.correlationId = instance.correlationId;
    command.askedAt = now;
    return command;
}

/// Also one in the future: the wall clock was set back.
bool isReconciliationOld(const std::optional<WallTime>& last, WallTime now) {
    return !last || now - *last >= std::chrono::minutes(1) || *last > now;
}

Failure unknownInstance(const InstanceId& id) {
    return {FailureKind::NotFound,
            QStringLiteral("There is no instance %1.").arg(id.value()),
            0,
            {},
            QStringLiteral("instance_not_found"),
            {}};
}

} // namespace

Outcome<ControlPlane::Private::Prepared>
ControlPlane::Private::prepare(const InstanceRecord& before, const Change& change) const {
    if (change.refuse) {
        if (const auto sentence = change.refuse(before))
            return fail(FailureKind::Conflict, *sentence);
    }
    const WallTime now = clock.wallNow();
    const InstanceStatus from = before.instance.status;
    InstanceStatus to = from;
    if (change.cause) {
        const Outcome<InstanceStatus> next = transition(from, *change.cause);
        if (!next)
            return fail(next.error());
        to = *next;
        const bool needsMachine =
            std::ranges::any_of(transitionTable(), [&](const Transition& row) {
                return row.from == from && row.cause == *change.cause && row.needsProviderId;
            });
        if (needsMachine && before.instance.providerInstanceId.isEmpty())
            return fail(FailureKind::Conflict,
                        QStringLiteral("Instance %1 has no machine at its provider, which \"%2\" "
                                       "needs.")
                            .arg(before.instance.id.value(), toString(*change.cause)));
    }

    Prepared prepared{before, {}};
    InstanceRecord& after = prepared.after;
    if (to != from)
        enterStatus(after, to, now);
    if (change.edit)
        change.edit(after);
    after.instance.status = to;

    ChangeSet& set = prepared.set;
    if (auto told = settleCost(before, after, now))
        set.finops.push_back(std::move(*told));
    // With the change itself, so that nobody can forget to order what it needs.
    if (to != from && to == InstanceStatus::Terminating)
        set.commands.push_back(commandFor(CommandKind::Terminate, after.instance, now));
    set.updates.push_back(after);
    if (to != from)
        set.history.push_back({newUuid(), after.instance.id, from, to, change.reason, {}, now});
    set.logStarts = change.logStarts;
    for (ActionLog& entry : set.logStarts)
        completeLog(entry, before, after, now);
    set.logFinishes = change.logFinishes;
    for (ActionLogFinish& finish : set.logFinishes) {
        if (finish.completedAt == WallTime{})
            finish.completedAt = now;
        if (finish.instanceStatusAfter.isEmpty())
            finish.instanceStatusAfter = toString(to);
    }
    set.volumes = change.volumes;
    return prepared;
}

void ControlPlane::Private::noteStore(const std::optional<Failure>& failure) {
    if (!failure || failure->kind == FailureKind::Conflict) {
        if (storeFailure)
            logInfo(category, QStringLiteral("the store answers again"));
        storeFailure.reset();
        storeRefreshed = clock.now();
        return;
    }
    rereads = true;
    if (!storeFailure)
        logError(category, QStringLiteral("the store failed: ") + failure->message);
    storeFailure = failure;
}

ControlPlane::ControlPlane(Clock& clock, Store& store)
    : d(std::make_unique<Private>(clock, store)) {}
ControlPlane::~ControlPlane() = default;

Task<Outcome<void>> ControlPlane::load() {
    Outcome<FleetContents> contents = co_await d->store.load();
    if (!contents) {
        d->noteStore(contents.error());
        co_return fail(contents.error());
    }
    d->noteStore(std::nullopt);
    d->storeId = contents->storeId;
    d->restored = contents->restored;
    d->memory.merge(std::move(*contents), d->clock.now(), d->replica.leads());
    co_return Outcome<void>{};
}

Task<Outcome<InstanceRecord>> ControlPlane::apply(InstanceId id, Change change) {
    for (ActionLog& entry : change.logStarts) {
        if (entry.id.isEmpty())
            entry.id = ActionLogId(newUuid());
    }
    for (int tries = 0; tries < maximumTries; ++tries) {
        const FleetMemory::Entry* entry = d->entryOf(id);
        if (!entry)
            co_return fail(unknownInstance(id));
        const InstanceRecord before = entry->record;
        Outcome<Private::Prepared> prepared = d->prepare(before, change);
        if (!prepared)
            co_return fail(prepared.error());
        InstanceRecord after = std::move(prepared->after);
        const Outcome<void> committed = co_await d->store.commit(std::move(prepared->set));
        if (committed) {
            d->noteStore(std::nullopt);
            ++after.version;
            d->memory.adopt(before, after, std::move(change.volumes), d->clock.now());
            co_return after;
        }
        d->noteStore(committed.error());
        if (committed.error().kind != FailureKind::Conflict || isLeaseLost(committed.error()))
            co_return fail(committed.error());
        const FleetMemory::Entry* now = d->entryOf(id);
        if (now && now->record.version == before.version) {
            // Another process was first: read what it wrote.
            const std::vector<InstanceId> only(1, id);
            const Outcome<void> reloaded = co_await refresh(only);
            if (!reloaded)
                co_return fail(reloaded.error());
        }
    }
    co_return fail(FailureKind::Conflict,
                   QStringLiteral("Instance %1 is being changed by others all the time; %2 tries "
                                  "were in vain.")
                       .arg(id.value(), QString::number(maximumTries)));
}

Task<Outcome<InstanceRecord>> ControlPlane::insert(InstanceRecord record, Change change) {
    if (find(record.instance.id))
        co_return fail(
            FailureKind::Conflict,
            QStringLiteral("Instance %1 exists already.").arg(record.instance.id.value()));
    const WallTime now = d->clock.wallNow();
    enterStatus(record, record.instance.status, now);
    if (!record.instance.createdAt)
        record.instance.createdAt = now;
    change.cause.reset();
    Outcome<Private::Prepared> prepared = d->prepare(record, change);
    if (!prepared)
        co_return fail(prepared.error());
    InstanceRecord after = std::move(prepared->after);
    ChangeSet set = std::move(prepared->set);
    if (after.instance.status == InstanceStatus::Provisioning)
        set.commands.push_back(commandFor(CommandKind::Provision, after.instance, now));
    set.inserts = std::move(set.updates);
    set.updates.clear();
    set.history.push_back({newUuid(),
                           after.instance.id,
                           InstanceStatus::Unknown,
                           after.instance.status,
                           change.reason,
                           {},
                           now});
    const Outcome<void> committed = co_await d->store.commit(std::move(set));
    d->noteStore(committed ? std::nullopt : std::optional(committed.error()));
    if (!committed)
        co_return fail(committed.error());
    ++after.version; // as the store did
    d->memory.adopt(after, after, std::move(change.volumes), d->clock.now());
    co_return after;
}

Task<Outcome<void>> ControlPlane::releaseRestored(ActionLog entry) {
    completeLog(entry, InstanceRecord(), InstanceRecord(), d->clock.wallNow());
    ChangeSet set;
    set.logStarts.push_back(std::move(entry));
    set.releasesRestored = true;
    const Outcome<void> committed = co_await d->store.commit(std::move(set));
    d->noteStore(committed ? std::nullopt : std::optional(committed.error()));
    if (committed && d->restored)
        d->restored->held = false;
    co_return committed;
}

Task<Outcome<void>> ControlPlane::order(CommandKind kind, QString correlationId) {
    QueuedCommand command;
    command.kind = kind;
    command.correlationId = std::move(correlationId);
    command.askedAt = d->clock.wallNow();
    ChangeSet set;
    set.commands.push_back(std::move(command));
    const Outcome<void> committed = co_await d->store.commit(std::move(set));
    d->noteStore(committed ? std::nullopt : std::optional(committed.error()));
    co_return committed;
}

Task<Outcome<void>> ControlPlane::tell(std::vector<FinopsEvent> events) {
    if (events.empty())
        co_return Outcome<void>{};
    ChangeSet set;
    set.finops = std::move(events);
    const Outcome<void> committed = co_await d->store.commit(std::move(set));
    d->noteStore(committed ? std::nullopt : std::optional(committed.error()));
    co_return committed;
}

Task<> ControlPlane::flushBeats() {
    if (d->flushing)
        co_return;
    d->flushing = true;
    if (!d->memory.beatsWait()) {
        // A quiet fleet must not make the store look lost.
        const auto answer = co_await d->store.recallAnswer(QByteArrayLiteral("are-you-there"));
        d->noteStore(answer ? std::nullopt : std::optional(answer.error()));
    } else {
        std::vector<HeartbeatStamp> stamps = d->memory.takeWaitingBeats(d->clock.now());
        std::vector<InstanceId> ids;
        for (const HeartbeatStamp& stamp : stamps)
            ids.push_back(stamp.instanceId);
        const Outcome<void> saved = co_await d->store.saveHeartbeats(std::move(stamps));
        d->noteStore(saved ? std::nullopt : std::optional(saved.error()));
        if (!saved) {
            for (const InstanceId& id : ids)
                d->memory.beatWaits(id);
        }
    }
    co_await d->flushAssessments();
    if (!d->storeFailure)
        co_await d->later.flush();
    if (d->rereads && !d->storeFailure) {
        d->rereads = false;
        co_await load(); // a failure is noted, and leads here again
    }
    d->flushing = false;
}

void ControlPlane::beat(const Heartbeat& heartbeat) {
    const MonotonicTime now = d->clock.now();
    FleetMemory::Entry* entry = d->memory.beat(heartbeat, now, d->clock.wallNow());
    if (entry && SampleBook::isDue(entry->sampleDue, now))
        d->samples.note(entry->id(), heartbeat);
}

void ControlPlane::setTestimony(const FleetEntry& entry, Testimony testimony) {
    d->memory.setTestimony(*d->memory.entries[entry.place], std::move(testimony));
}

void ControlPlane::noteHealthCheck(const InstanceId& id, int failuresInRow) {
    FleetMemory::Entry* entry = d->memory.find(id);
    if (!entry)
        return;
    entry->record.instance.lastHealthCheck = d->clock.wallNow();
    entry->record.instance.healthCheckFailures = failuresInRow;
    d->memory.touch(*entry);
}

void ControlPlane::noteReconciled(const FleetEntry& entry) {
    const WallTime now = d->clock.wallNow();
    if (!isReconciliationOld(entry.record.instance.lastReconciliation, now))
        return;
    FleetMemory::Entry& known = *d->memory.entries[entry.place];
    known.record.instance.lastReconciliation = now;
    d->memory.touch(known);
}

void ControlPlane::noteReconciled(const InstanceId& id, const VolumeId& volume) {
    FleetMemory::Entry* entry = d->memory.find(id);
    const auto list = d->memory.volumes.find(id);
    if (!entry || list == d->memory.volumes.end())
        return;
    const auto found = std::ranges::find(*list, volume, &Volume::id);
    const WallTime now = d->clock.wallNow();
    if (found == list->end() || !isReconciliationOld(found->lastReconciliation, now))
        return;
    found->lastReconciliation = now;
    d->memory.touch(*entry);
}

const InstanceRecord* ControlPlane::find(const InstanceId& id) const {
    const FleetMemory::Entry* entry = d->entryOf(id);
    return entry ? &entry->record : nullptr;
}

const LiveState* ControlPlane::live(const InstanceId& id) const {
    const FleetMemory::Entry* entry = d->entryOf(id);
    return entry ? &entry->live : nullptr;
}

const FleetEntry* ControlPlane::entry(const InstanceId& id) const {
    return d->entryOf(id);
}

std::vector<InstanceId> ControlPlane::ids() const {
    std::vector<InstanceId> ids;
    ids.reserve(d->memory.entries.size());
    for (const auto& entry : d->memory.entries)
        ids.push_back(entry->id());
    return ids;
}

std::vector<const FleetEntry*> ControlPlane::entries() const {
    std::vector<const FleetEntry*> entries;
    entries.reserve(d->memory.entries.size());
    for (const auto& entry : d->memory.entries)
        entries.push_back(entry.get());
    return entries;
}

std::vector<const FleetEntry*> ControlPlane::changedSince(quint64 older) const {
    return d->memory.changedSince(older);
}

std::vector<Volume> ControlPlane::volumesOf(const InstanceId& id) const {
    return d->memory.volumes.value(id);
}

quint64 ControlPlane::revision() const {
    return d->memory.revision;
}

ControlPlane::Subscription ControlPlane::onChanged(std::function<void()> listener) {
    auto kept = std::make_shared<std::function<void()>>(std::move(listener));
    d->memory.listen(kept);
    return kept;
}

std::optional<MonotonicTime> ControlPlane::storeRefreshed() const {
    return d->storeRefreshed;
}

std::optional<Failure> ControlPlane::storeFailure() const {
    return d->storeFailure;
}

MonotonicTime ControlPlane::startedAt() const {
    return d->startedAt;
}

std::optional<MonotonicTime> ControlPlane::heardExcept(const InstanceId& id) const {
    return d->memory.newest.first == id ? d->memory.secondNewest.second : d->memory.newest.second;
}

Clock& ControlPlane::clock() const {
    return d->clock;
}

SampleBook& ControlPlane::samples() const {
    return d->samples;
}

Store& ControlPlane::store() const {
    return d->store;
}

} // namespace vigie
