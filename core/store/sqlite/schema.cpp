#include "core/store/sqlite/schema.h"

#include "core/base/ids.h"
#include "core/store/sql/logchain.h"
#include "core/store/sqlite/connection.h"

#include <span>

namespace vigie::stores::sqlite {

namespace {

constexpr int applicationId = 0x56494749; // "VIGI", in the header of the file

/// Times are milliseconds since the Unix epoch, UTC; durations are milliseconds.
constexpr const char* version1[] = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",

    R"(CREATE TABLE instances (
        id TEXT PRIMARY KEY NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL,
        provider_id TEXT, zone_id TEXT, instance_type_id TEXT, model_id TEXT, model_name TEXT,
        model_code TEXT, provider_instance_id TEXT, ip_address TEXT, worker_status TEXT,
        worker_last_heartbeat INTEGER, worker_model_id TEXT, worker_queue_depth INTEGER,
        worker_gpu_utilization REAL, worker_health_port INTEGER, worker_vllm_port INTEGER,
        worker_metadata TEXT, created_at INTEGER, terminated_at INTEGER,
        last_health_check INTEGER, last_reconciliation INTEGER,
        health_check_failures INTEGER NOT NULL, deletion_reason TEXT, error_code TEXT,
        error_message TEXT, storage_count INTEGER NOT NULL, storage_sizes_gb TEXT,
        provider_name TEXT, region TEXT, zone TEXT, instance_type TEXT, cpu_count INTEGER,
        ram_gb INTEGER, gpu_vram INTEGER, gpu_count INTEGER, cost_per_hour REAL,
        total_cost REAL, is_archived INTEGER NOT NULL, deleted_by_provider INTEGER NOT NULL,
        progress_percent INTEGER, ready_at INTEGER, boot_started_at INTEGER,
        failed_at INTEGER, state_since INTEGER, retry_count INTEGER NOT NULL,
        incarnation INTEGER NOT NULL, correlation_id TEXT, pool TEXT, assessment TEXT,
        held TEXT, bootstrap_secret_hash TEXT, worker_token_hash TEXT, worker_id TEXT,
        work_in_hand TEXT, work_log_id TEXT, next_attempt_at INTEGER,
        recovery_begun_at INTEGER
    ) STRICT)",

    R"(CREATE TABLE instance_volumes (
        id TEXT PRIMARY KEY NOT NULL, instance_id TEXT NOT NULL REFERENCES instances (id),
        provider_volume_id TEXT, name TEXT, volume_type TEXT, size_gb INTEGER NOT NULL,
        is_boot INTEGER NOT NULL, status TEXT NOT NULL, delete_on_terminate INTEGER NOT NULL,
        created_at INTEGER, attached_at INTEGER, deleted_at INTEGER, reconciled_at INTEGER,
        last_reconciliation INTEGER, error_message TEXT
    ) STRICT)",
    "CREATE INDEX instance_volumes_by_instance ON instance_volumes (instance_id)",

    R"(CREATE TABLE instance_state_history (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        instance_id TEXT NOT NULL REFERENCES instances (id), from_status TEXT NOT NULL,
        to_status TEXT NOT NULL, reason TEXT, metadata TEXT, created_at INTEGER NOT NULL
    ) STRICT)",
    "CREATE INDEX history_by_instance ON instance_state_history (instance_id, seq)",

    // No reference to instances: an attempt on an id that never existed is logged too.
    R"(CREATE TABLE action_logs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        action_type TEXT NOT NULL, component TEXT, status TEXT NOT NULL, error_code TEXT,
        error_message TEXT, instance_id TEXT, user_id TEXT, request_payload TEXT,
        response_payload TEXT, duration_ms INTEGER, source_ip TEXT,
        created_at INTEGER NOT NULL, completed_at INTEGER, parent_log_id TEXT, metadata TEXT,
        correlation_id TEXT, instance_status_before TEXT, instance_status_after TEXT
    ) STRICT)",
    "CREATE INDEX action_logs_by_instance ON action_logs (instance_id, seq)",
    "CREATE INDEX action_logs_by_type ON action_logs (action_type, seq)",
    "CREATE INDEX action_logs_by_correlation ON action_logs (correlation_id, seq)",
    "CREATE INDEX action_logs_by_status ON action_logs (status, seq)",

    R"(CREATE TABLE api_tokens (
        name TEXT PRIMARY KEY NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
        created_at INTEGER NOT NULL, expires_at INTEGER
    ) STRICT)",

    R"(CREATE TABLE idempotency_keys (
        key BLOB PRIMARY KEY NOT NULL, request_digest BLOB NOT NULL, status INTEGER NOT NULL,
        body BLOB NOT NULL, created_at INTEGER NOT NULL
    ) STRICT)",
    "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)",
};

/// Several orchestrators: their leases, what each works on, and when a worker was last heard.
constexpr const char* version2[] = {
    "CREATE TABLE replicas (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, "
    "lease_until INTEGER NOT NULL) STRICT",
    "CREATE TABLE claims (name TEXT PRIMARY KEY NOT NULL, replica INTEGER) STRICT",
    "CREATE INDEX claims_by_replica ON claims (replica)",
    "ALTER TABLE instances ADD COLUMN worker_heard_at INTEGER",
    "ALTER TABLE action_logs ADD COLUMN replica INTEGER",
};

/// The queue of commands; what machines cost, and since when.
constexpr const char* version3[] = {
    "CREATE TABLE commands (name TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, instance_id TEXT, "
    "correlation_id TEXT, asked_at INTEGER NOT NULL, generation INTEGER NOT NULL, "
    "attempts INTEGER NOT NULL, not_before INTEGER, replica INTEGER) STRICT",
    R"(CREATE TABLE finops_events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        event_type TEXT NOT NULL, created_at INTEGER NOT NULL, instance_id TEXT NOT NULL,
        pool TEXT, instance_type TEXT, status TEXT NOT NULL, correlation_id TEXT,
        cost_per_hour REAL NOT NULL, total_cost REAL NOT NULL,
        requests INTEGER, input_tokens INTEGER, output_tokens INTEGER,
        requests_counter INTEGER, input_counter INTEGER, output_counter INTEGER
    ) STRICT)",
    "CREATE INDEX finops_events_by_instance ON finops_events (instance_id, seq)",
    "ALTER TABLE instances ADD COLUMN cost_since INTEGER",
    "UPDATE instances SET cost_since = state_since WHERE provider_instance_id IS NOT NULL "
    "AND cost_per_hour IS NOT NULL AND status NOT IN ('terminated', 'archived')",
};

/// What GPUs and machines did, for a while. No reference to instances: nothing hangs on a row.
constexpr const char* version4[] = {
    "CREATE TABLE samples (seq INTEGER PRIMARY KEY, instance_id TEXT NOT NULL, "
    "at INTEGER NOT NULL, figures TEXT NOT NULL) STRICT",
    "CREATE INDEX samples_by_age ON samples (at)",
    "CREATE INDEX samples_by_instance ON samples (instance_id, at)",
};

/// The action log's chain of events, and its head (one row). Times as above.
constexpr const char* version5[] = {
    "CREATE TABLE action_events (number INTEGER PRIMARY KEY NOT NULL, action_id TEXT, "
    "at INTEGER NOT NULL, words TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
    "CREATE INDEX action_events_by_action ON action_events (action_id)",
    "CREATE TABLE action_log_head (id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), "
    "anchor_number INTEGER NOT NULL, anchor_hash TEXT NOT NULL, "
    "number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT",
};

/// What retention needs: indexes by age, and what model servers used in all, which outlives the
/// events.
constexpr const char* version6[] = {
    "CREATE TABLE token_totals (instance_id TEXT PRIMARY KEY NOT NULL, requests INTEGER NOT NULL, "
    "input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, requests_counter INTEGER, "
    "input_counter INTEGER, output_counter INTEGER, begun INTEGER NOT NULL, ended INTEGER NOT "
    "NULL) STRICT",
    "INSERT INTO token_totals SELECT e.instance_id, s.requests, s.input, s.output, "
    "e.requests_counter, e.input_counter, e.output_counter, s.begun, s.ended FROM finops_events e "
    "JOIN (SELECT max(seq) AS newest, CAST(sum(requests) AS BIGINT) AS requests, "
    "CAST(sum(input_tokens) AS BIGINT) AS input, CAST(sum(output_tokens) AS BIGINT) AS output, "
    "min(created_at) AS begun, max(created_at) AS ended FROM finops_events "
    "WHERE event_type = 'EVT:TOKENS_USED' GROUP BY instance_id) s ON s.newest = e.seq",
    "CREATE INDEX history_by_age ON instance_state_history (created_at)",
    "CREATE INDEX finops_events_by_age ON finops_events (created_at)",
};

/// What lets a worker that was given up come back: its former secret, and whether its termination
/// rests on its silence.
constexpr const char* version7[] = {
    "ALTER TABLE instances ADD COLUMN former_secret_hash TEXT",
    "ALTER TABLE instances ADD COLUMN retiring INTEGER NOT NULL DEFAULT 0",
};

/// Whether a worker was heard when the limit of its start-up passed.
constexpr const char* version8[] = {
    "ALTER TABLE instances ADD COLUMN heard_at_limit INTEGER NOT NULL DEFAULT 0",
};

/// Whether it is to go once it is drained. What drains now was asked to.
constexpr const char* version9[] = {
    "ALTER TABLE instances ADD COLUMN drain_asked INTEGER NOT NULL DEFAULT 0",
    "UPDATE instances SET drain_asked = 1 WHERE status = 'draining'",
};

struct Version {
    std::span<const char* const> statements;
    Migration::Then then{}; ///< in the same transaction
};

const Migration::Then takeIntoChain{sql::beginLogChain,
                                    "take the entries of action_logs into action_events"};

/// The n-th entry leads from version n to n + 1. Never edit one that was released; add another.
const Version versions[] = {
    {version1}, {version2}, {version3}, {version4}, {version5, takeIntoChain},
    {version6}, {version7}, {version8}, {version9}};
constexpr int newest = static_cast<int>(std::size(versions));

Outcome<void> pragma(Connection& connection, const char* name, int value) {
    const auto set =
        connection.change(QStringLiteral("PRAGMA %1 = %2").arg(QLatin1String(name)).arg(value));
    if (!set)
        return fail(set.error());
    return {};
}

Outcome<void> apply(Connection& connection, int version) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        for (const char* statement : versions[version].statements) {
            if (const auto done = connection.change(QString::fromUtf8(statement)); !done)
                return fail(done.error());
        }
        if (const auto run = versions[version].then.run) {
            if (const auto done = run(connection); !done)
                return done;
        }
        if (version == 0) {
            for (const char* key : {"store_id", "cluster_id"}) {
                const auto named =
                    connection.change(QStringLiteral("INSERT INTO meta (key, value) VALUES (?, ?)"),
                                      {QLatin1String(key), newUuid()});
                if (!named)
                    return fail(named.error());
            }
            if (const auto marked = pragma(connection, "application_id", applicationId); !marked)
                return marked;
        }
        return pragma(connection, "user_version", version + 1);
    });
}

} // namespace

int newestVersion() {
    return newest;
}

Outcome<int> storedVersion(Connection& connection) {
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return fail(version.error());
    return version->toInt();
}

Migration migrationFrom(int version) {
    Migration way{version, newest, {}};
    for (int next = version; next < newest; ++next) {
        Migration::Step& step = way.steps.emplace_back();
        step.version = next + 1;
        step.then = versions[next].then;
        for (const char* statement : versions[next].statements)
            step.statements.append(QString::fromUtf8(statement).simplified());
    }
    return way;
}

Outcome<void> checkOwner(Connection& connection, const QString& path) {
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    const auto owner = connection.single(QStringLiteral("PRAGMA application_id"));
    const auto tables = connection.single(QStringLiteral("SELECT count(*) FROM sqlite_schema"));
    for (const auto* asked : {&version, &owner, &tables}) {
        if (!*asked)
            return fail(asked->error());
    }
    if (owner->toInt() != applicationId && tables->toInt() > 0)
        return fail(FailureKind::Storage,
                    QStringLiteral("The database %1 belongs to another program; choose another "
                                   "file.")
                        .arg(path));
    if (version->toInt() > newest)
        return fail(FailureKind::Storage,
                    QStringLiteral("The database %1 has schema version %2, but this program knows "
                                   "versions up to %3; run a newer vigied.")
                        .arg(path)
                        .arg(version->toInt())
                        .arg(newest));
    return {};
}

Outcome<void> checkVersion(Connection& connection, const QString& path, SchemaUse use) {
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return fail(version.error());
    if (version->toInt() == newest)
        return {};
    const QString advice =
        use == SchemaUse::Beside
            ? QStringLiteral("it is in use; use the vigied that has it open")
            : QStringLiteral("use the vigied that wrote it, or start this one on it, which brings "
                             "it up to date");
    return fail(FailureKind::Storage,
                QStringLiteral("The database %1 has schema version %2, but this program needs "
                               "version %3: %4.")
                    .arg(path)
                    .arg(version->toInt())
                    .arg(newest)
                    .arg(advice));
}

Outcome<void> migrate(Connection& connection) {
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return fail(version.error());
    for (int next = version->toInt(); next < newest; ++next) {
        if (const auto done = apply(connection, next); !done)
            return done;
    }
    // Cursors that clients hold name the opening they are from.
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        const auto counted = connection.change(
            QStringLiteral("INSERT INTO meta (key, value) VALUES ('epoch', '1') ON CONFLICT (key) "
                           "DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"));
        if (!counted)
            return fail(counted.error());
        return {};
    });
}

} // namespace vigie::stores::sqlite
