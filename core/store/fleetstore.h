#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/model/action.h"
#include "core/model/finopsevent.h"
#include "core/model/instance.h"
#include "core/model/queuedcommand.h"
#include "core/model/volume.h"

#include <chrono>
#include <optional>
#include <vector>

namespace vigie {

/// An instance with what only the control plane knows about it.
struct InstanceRecord {
    Instance instance;
    qint64 version = 0; ///< counts writes; the store compares it on every update
    /// Hashes (libsodium, see core/orchestrator/api) of what a worker of the current incarnation
    /// may present: the bootstrap secret delivered at creation, and the token handed out at
    /// register.
    QString bootstrapSecretHash, workerTokenHash;
    /// Of the bootstrap secret of the incarnation before, until its machine is known to have been
    /// reinstalled: while automation waits for its provider, a worker that comes back is heard.
    QString formerSecretHash;
    QString workerId;
    /// The work that was begun and not finished: "provision", "terminate", "reinstall"; empty when
    /// none. A restart finds it here and finishes or fails it.
    QString workInHand;
    ActionLogId workLogId;                 ///< the open action-log entry of that work
    std::optional<WallTime> nextAttemptAt; ///< back-off of that work or of the health check
    /// Since when the newest step of its recovery runs: its begin, then the moment at which the
    /// provider had carried it out, or at which it was called off.
    std::optional<WallTime> recoveryBegunAt;
    /// It is terminated only because nothing was heard of it, by automation: it is taken back when
    /// its worker is heard before the provider has agreed to delete its machine.
    bool retiring = false;
    /// Its worker was heard when the limit of its start-up passed (STARTUP_TIMEOUT): only that it
    /// is ready takes it back, not that it is heard again.
    bool heardAtLimit = false;
    /// A drain was begun and not taken back: whatever befalls it meanwhile, it goes.
    bool drainAsked = false;
    /// Its machine costs, and `total_cost` is right until then; nothing: nothing costs now.
    std::optional<WallTime> costSince;
    /// How long ago any replica heard its worker, by the clock of a store that several share, when
    /// it was read; nothing from a store of one's own.
    std::optional<std::chrono::milliseconds> heardAgo{};
};

/// The end of an action-log entry that was begun earlier.
struct ActionLogFinish {
    ActionLogId id;
    ActionLogStatus status = ActionLogStatus::Success;
    QString errorCode, errorMessage;
    QByteArray responsePayload;
    WallTime completedAt{};
    QString instanceStatusAfter;
};

/// What is written together or not at all.
struct ChangeSet {
    std::vector<InstanceRecord> inserts;
    /// Compare-and-set: each record's `version` is the one that was read; it must still be the
    /// stored one, else the whole set fails with Conflict. The store writes version + 1.
    std::vector<InstanceRecord> updates;
    std::vector<StateChange> history;
    std::vector<ActionLog> logStarts;
    /// An entry that is unknown or finished already stays as it is.
    std::vector<ActionLogFinish> logFinishes;
    std::vector<Volume> volumes; ///< inserted or replaced by id
    /// Put into the queue; one that is in it already counts as asked once more.
    std::vector<QueuedCommand> commands;
    std::vector<FinopsEvent> finops;
    /// A person says that a restored store may be acted on again.
    bool releasesRestored = false;
};

struct HeartbeatStamp {
    InstanceId instanceId;
    WallTime receivedAt{};
    QString workerStatus, workerModelId, ipAddress;
    std::optional<int> queueDepth;
    std::optional<double> gpuUtilization;
    QByteArray metadata;
    /// The beat's; a record that went on to another one meanwhile stays as it is. Nothing: any.
    std::optional<int> incarnation{};
    /// How long ago it came when it is handed over, on the clock of whoever received it.
    std::chrono::milliseconds age{};
};

/// What the watchdog says about an instance; nothing: it says nothing any more.
struct AssessmentStamp {
    InstanceId instanceId;
    std::optional<Assessment> assessment;
};

/// A store that came out of a backup. What happened between the backup and the restore it knows
/// nothing of: machines of that time may be somebody's although no row tells so.
struct StoreRestored {
    WallTime from{};   ///< of the newest entry in the backup
    WallTime at{};     ///< when it was put in place
    bool held = false; ///< nobody has released it yet: nothing may be changed at a provider
};

struct FleetContents {
    std::vector<InstanceRecord> instances; ///< all, archived ones too
    std::vector<Volume> volumes;
    QString storeId{};   ///< of this database, made with it
    QString clusterId{}; ///< what our machines are tagged with at a provider
    qint64 epoch = 0;    ///< counts the openings of this database
    std::optional<StoreRestored> restored{};
};

/// The fleet's durable state. A failure is always Storage, Conflict or Cancelled.
class FleetStore {
public:
    virtual ~FleetStore() = default;
    virtual Task<Outcome<FleetContents>> load() = 0;
    virtual Task<Outcome<void>> commit(ChangeSet changes) = 0;
    /// Batched; touches neither version nor status. Rows of unknown instances are skipped.
    virtual Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> beats) = 0;
    /// For others that share the store; one that nobody shares keeps none. As saveHeartbeats().
    virtual Task<Outcome<void>> saveAssessments(std::vector<AssessmentStamp> stamps);
};

} // namespace vigie
