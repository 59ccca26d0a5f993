#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/model/heartbeat.h"
#include "core/model/transitions.h"
#include "core/orchestrator/replica.h"
#include "core/orchestrator/writequeue.h"
#include "core/store/store.h"
#include "core/watchdog/testimony.h"

#include <QHash>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace vigie {

/// What only memory knows about an instance: receipt times on the watcher's monotonic clock.
struct LiveState {
    std::optional<MonotonicTime> lastBeat; ///< of the current incarnation
    std::vector<Duration> intervals;       ///< of the last beats, newest last, at most 60
    Duration shortestInterval{};           ///< of those; zero without any
    std::optional<Testimony> testimony;    ///< written by the worker-watchdog job
    std::optional<Assessment> told;        ///< by the orchestrator that leads, when it is another

    std::optional<Assessment> assessment() const {
        return testimony ? std::optional(testimony->assessment()) : told;
    }
    std::optional<Verdict> verdict() const {
        if (testimony)
            return testimony->verdict();
        return told ? std::optional(told->verdict) : std::nullopt;
    }
    std::optional<double> phi() const {
        if (testimony)
            return testimony->instance.phi;
        return told ? told->phi : std::nullopt;
    }
};

class SampleBook;

/// One instance in memory. It stays where it is as long as the ControlPlane lives.
struct FleetEntry {
    InstanceRecord record;
    LiveState live;
    quint64 revision = 0;
    std::size_t place = 0;  ///< among all, in the order of their first appearance
    bool beatWaits = false; ///< its newest beat is not in the store yet
    /// Beats that others took before this say nothing about the worker of now.
    std::optional<MonotonicTime> heardFrom{};
    MonotonicTime sampleDue{}; ///< see SampleBook::isDue()

    const InstanceId& id() const { return record.instance.id; }
    InstanceStatus status() const { return record.instance.status; }
};

/// Who asked, from where, and why; goes into the action log.
struct Asker {
    QString actor = QStringLiteral("automation");
    QString sourceIp;
    QString reason;
    QString correlationId;
    QString component = QStringLiteral("orchestrator"); ///< or "api"
};

/// The fleet in memory over its durable store; belongs to the event-loop thread. Every change is
/// one atomic ChangeSet: compare-and-set on the instance, a history row, action-log rows. Memory
/// changes only after the store did.
class ControlPlane {
public:
    ControlPlane(Clock& clock, Store& store);
    ~ControlPlane();
    ControlPlane(const ControlPlane&) = delete;
    ControlPlane& operator=(const ControlPlane&) = delete;

    /// Reads everything from the store. Heartbeat receipt times do not survive a restart.
    Task<Outcome<void>> load();

    const InstanceRecord* find(const InstanceId& id) const;
    const LiveState* live(const InstanceId& id) const;
    const FleetEntry* entry(const InstanceId& id) const;
    std::vector<InstanceId> ids() const;
    /// All, in the order of their first appearance.
    std::vector<const FleetEntry*> entries() const;
    /// Those whose revision is newer than `older`, in the same order.
    std::vector<const FleetEntry*> changedSince(quint64 older) const;
    std::vector<Volume> volumesOf(const InstanceId& id) const;

    /// What a change does to one instance. `cause`: the transition to take, nothing for a change of
    /// fields only. `edit` changes other fields of the record it is given (never `status`).
    struct Change {
        std::optional<TransitionCause> cause;
        QString reason; ///< of the history row
        std::function<void(InstanceRecord&)> edit;
        std::vector<ActionLog> logStarts;
        std::vector<ActionLogFinish> logFinishes;
        std::vector<Volume> volumes;
        /// Asked about the newest version before each try; a sentence refuses with Conflict.
        std::function<std::optional<QString>(const InstanceRecord&)> refuse;
    };
    /// Applies the change to the newest version; when another writer was first it reads again and
    /// retries as long as the transition is still legal. NotFound, Conflict (illegal transition,
    /// with the table's sentence) or Storage.
    Task<Outcome<InstanceRecord>> apply(InstanceId id, Change change);
    Task<Outcome<InstanceRecord>> insert(InstanceRecord record, Change change);

    /// A complete log entry or its start, outside any change of an instance.
    Task<Outcome<void>> writeLog(ActionLog entry);
    /// The end of an entry, outside any change of an instance.
    Task<Outcome<void>> finishLog(ActionLogFinish finish);

    /// The same of what has happened already and nobody waits for: while the store is away it is
    /// kept, and written when it answers again (see WriteQueue). `entry` is complete.
    Task<> note(ActionLog entry);
    Task<> note(ActionLogFinish finish);
    /// What waits in that queue, and what became of it.
    WriteQueue::Figures laterWrites() const;

    /// Puts a command of the whole fleet into the store's queue; those of single instances come
    /// into it with the change that needs them.
    Task<Outcome<void>> order(CommandKind kind, QString correlationId);
    /// Writes events for those who keep the books that belong to no change of an instance.
    Task<Outcome<void>> tell(std::vector<FinopsEvent> events);

    /// Takes a heartbeat of the current incarnation: memory at once, the store with the next batch.
    void beat(const Heartbeat& heartbeat);
    void setTestimony(const FleetEntry& entry, Testimony testimony);
    /// The result of an active check: memory at once, the store with the next change.
    void noteHealthCheck(const InstanceId& id, int failuresInRow);
    /// The provider showed its machine or volume: memory at once but at most once a minute, so that
    /// a quiet fleet stays quiet; the store with the next change.
    void noteReconciled(const FleetEntry& entry);
    void noteReconciled(const InstanceId& id, const VolumeId& volume);
    /// Writes what beats are waiting, and with none asks the store whether it is there; the
    /// JobRunner's ticker calls it every second. Beats that could not be written are kept. Reads
    /// everything anew once a store that was away answers.
    Task<> flushBeats();

    /// Counts every visible change; the /fleet cursor is made of it. An instance's own revision is
    /// the one of its last change.
    quint64 revision() const;
    /// Called after each revision; the returned Subscription ends it.
    using Subscription = std::shared_ptr<void>;
    [[nodiscard]] Subscription onChanged(std::function<void()> listener);

    /// Those of `ids` that no other orchestrator works on: ours until they are given back, and read
    /// anew. With a store of one's own all of them, as they are in memory.
    Task<std::vector<InstanceId>> claim(std::vector<InstanceId> ids);
    Task<> giveBack(std::vector<InstanceId> ids);
    /// Reads these instances from the store, or all from one that nobody shares.
    Task<Outcome<void>> refresh(std::vector<InstanceId> ids);

    /// Of the database, as it was read; empty before load().
    QString storeId() const;
    /// Whether and when the store came out of a backup.
    const std::optional<StoreRestored>& restored() const;
    /// Why nothing may be changed at a provider, as one sentence: the store was restored and nobody
    /// has looked yet. Empty when it may be.
    QString whyUntouched() const;
    /// A person has looked; `entry` is the log's row of it, written together.
    Task<Outcome<void>> releaseRestored(ActionLog entry);

    /// Follows what other orchestrators write to the same store, from now on.
    void follow();
    /// Called for what others wrote, once it is in memory; the returned Subscription ends it.
    [[nodiscard]] Subscription onNews(std::function<void(const StoreNews&)> listener);
    /// This orchestrator among those that share the store.
    Replica& replica() const;
    /// What the beats that were taken here told of GPUs and machines.
    SampleBook& samples() const;

    /// When the store last answered, on the monotonic clock; nothing: never since the start.
    std::optional<MonotonicTime> storeRefreshed() const;
    std::optional<Failure> storeFailure() const; ///< of the newest attempt
    MonotonicTime startedAt() const;
    /// Newest receipt of any worker's beat but this one's.
    std::optional<MonotonicTime> heardExcept(const InstanceId& id) const;

    Clock& clock() const;
    Store& store() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace vigie
