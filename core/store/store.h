#pragma once

#include "core/store/commandstore.h"
#include "core/store/fleetstore.h"
#include "core/store/logcheck.h"
#include "core/store/replicastore.h"
#include "core/store/retentionstore.h"
#include "core/store/samplestore.h"

#include <memory>
#include <vector>

namespace vigie {

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
    /// Those of them whose orchestrator is gone: nobody will finish them.
    virtual Task<Outcome<std::vector<ActionLog>>> forgottenActions() { return openActions(); }
    /// Oldest first, at most `limit` newest ones.
    virtual Task<Outcome<std::vector<StateChange>>> history(InstanceId id, int limit) = 0;
    /// Holds the log's events against their chain of hashes and against the entries, also while
    /// others write. `known`: a mark noted earlier, which must still be there. A Failure says only
    /// that the store could not be read; Unsupported for one that keeps no chain.
    virtual Task<Outcome<LogCheck>> verifyLog(std::optional<LogMark> known);
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

class CircuitBreaker;

class Store : public FleetStore,
              public AuditStore,
              public AccessStore,
              public ReplicaStore,
              public CommandStore,
              public FinopsStore,
              public SampleStore,
              public RetentionStore {
public:
    /// The one around its server; null for a store without one. Any thread may use it.
    virtual CircuitBreaker* circuit() { return nullptr; }
};

/// Opens "sqlite:/path/fleet.db" (the folder must exist; the file is created and migrated) or
/// "postgresql://user@host:port/database" (the database must exist; its tables are made and
/// migrated). Blocks until it is open. The failure names the place, the reason and what to do. The
/// returned store belongs to this thread.
Outcome<std::unique_ptr<Store>> openStore(const QString& url);

/// The same for short work on API tokens, also while a running vigied has the store open: then it
/// is neither locked nor migrated, and only calls of AccessStore are meant for it. Storage when it
/// is in use and its schema is of another version than this program's.
Outcome<std::unique_ptr<Store>> openStoreBeside(const QString& url);

/// Only for calls that read, also while others have the store open: it is not made, locked,
/// migrated or written. Storage when it is not there or its schema is of another version than this
/// program's.
Outcome<std::unique_ptr<Store>> openStoreToRead(const QString& url);

} // namespace vigie
