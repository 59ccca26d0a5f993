#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/model/action.h"
#include "core/model/instance.h"
#include "core/model/volume.h"

#include <memory>
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
    QString workerId;
    /// The work that was begun and not finished: "provision", "terminate", "reinstall"; empty when
    /// none. A restart finds it here and finishes or fails it.
    QString workInHand;
    ActionLogId workLogId;                 ///< the open action-log entry of that work
    std::optional<WallTime> nextAttemptAt; ///< back-off of that work or of the health check
    std::optional<WallTime> recoveryBegunAt;
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
};

struct HeartbeatStamp {
    InstanceId instanceId;
    WallTime receivedAt{};
    QString workerStatus, workerModelId, ipAddress;
    std::optional<int> queueDepth;
    std::optional<double> gpuUtilization;
    QByteArray metadata;
};

struct FleetContents {
    std::vector<InstanceRecord> instances; ///< all, archived ones too
    std::vector<Volume> volumes;
    QString storeId{};   ///< of this database, made with it
    QString clusterId{}; ///< what our machines are tagged with at a provider
    qint64 epoch = 0;    ///< counts the openings of this database
};

/// The fleet's durable state. A failure is always Storage, Conflict or Cancelled.
class FleetStore {
public:
    virtual ~FleetStore() = default;
    virtual Task<Outcome<FleetContents>> load() = 0;
    virtual Task<Outcome<void>> commit(ChangeSet changes) = 0;
    /// Batched; touches neither version nor status. Rows of unknown instances are skipped.
    virtual Task<Outcome<void>> saveHeartbeats(std::vector<HeartbeatStamp> beats) = 0;
};

struct ActionLogQuery {
    InstanceId instanceId; ///< empty fields do not filter
    QString component, status, actionType, correlationId;
    int offset = 0;
    int limit = 200; ///< 1..1000
};

/// How many action-log entries fit a query, by their status.
struct ActionLogTotals {
    qint64 success = 0;
    qint64 failed = 0;
    qint64 inProgress = 0;
    qint64 all() const { return success + failed + inProgress; }
};

/// What was done and how states changed; append-only.
class AuditStore {
public:
    virtual ~AuditStore() = default;
    /// Newest first.
    virtual Task<Outcome<std::vector<ActionLog>>> actionLogs(ActionLogQuery query) = 0;
    /// Counts what fits the query, whatever its offset and limit. A store that can count by itself
    /// overrides this; here it reads page after page.
    virtual Task<Outcome<ActionLogTotals>> actionLogTotals(ActionLogQuery query);
    /// Entries begun and never finished, oldest first.
    virtual Task<Outcome<std::vector<ActionLog>>> openActions() = 0;
    /// Oldest first, at most `limit` newest ones.
    virtual Task<Outcome<std::vector<StateChange>>> history(InstanceId id, int limit) = 0;
};

struct AccessToken {
    QString name;
    QString role; ///< viewer, operator, admin, metrics, worker
    QString hash;
    WallTime createdAt{};
    std::optional<WallTime> expiresAt;
};

/// API tokens, hashed, and answers remembered for idempotency keys.
class AccessStore {
public:
    struct RememberedAnswer {
        int status = 0;
        QByteArray requestDigest, body;
        WallTime at{};
    };
    virtual ~AccessStore() = default;
    virtual Task<Outcome<std::vector<AccessToken>>> tokens() = 0;
    virtual Task<Outcome<void>> addToken(AccessToken token) = 0;
    /// NotFound when there is no token of that name.
    virtual Task<Outcome<void>> removeToken(QString name) = 0;
    /// Stores `answer` under `key` if none is there yet and returns what is there then.
    virtual Task<Outcome<RememberedAnswer>> rememberAnswer(QByteArray key,
                                                           RememberedAnswer answer) = 0;
    virtual Task<Outcome<std::optional<RememberedAnswer>>> recallAnswer(QByteArray key) = 0;
};

class Store : public FleetStore, public AuditStore, public AccessStore {};

/// Opens "sqlite:/path/fleet.db" (the folder must exist; the file is created and migrated) or
/// "postgresql://user@host:port/database" (the database must exist; its tables are made and
/// migrated). Blocks until it is open. The failure names the place, the reason and what to do. The
/// returned store belongs to this thread.
Outcome<std::unique_ptr<Store>> openStore(const QString& url);

/// The same for short work on API tokens, also while a running vigied has the store open: then it
/// is neither locked nor migrated, and only calls of AccessStore are meant for it. Storage when it
/// is in use and its schema is of another version than this program's.
Outcome<std::unique_ptr<Store>> openStoreBeside(const QString& url);

} // namespace vigie
