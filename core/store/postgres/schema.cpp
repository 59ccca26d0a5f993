#include "core/store/postgres/schema.h"

#include "core/base/ids.h"
#include "core/store/postgres/connection.h"
#include "core/store/sql/logchain.h"

#include <span>

namespace vigie::stores::postgres {

namespace {

constexpr int oldestServer = 130000; // pg_current_xact_id and pg_xact_status for 64 bits

/// Times are milliseconds since the Unix epoch, UTC; durations are milliseconds; truths are 0 or 1.
/// The same columns as in SQLite, so that what is read and written is the same too.
constexpr const char* version1[] = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",

    R"(CREATE TABLE instances (
        seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
        id TEXT PRIMARY KEY NOT NULL, status TEXT NOT NULL, version BIGINT NOT NULL,
        provider_id TEXT, zone_id TEXT, instance_type_id TEXT, model_id TEXT, model_name TEXT,
        model_code TEXT, provider_instance_id TEXT, ip_address TEXT, worker_status TEXT,
        worker_last_heartbeat BIGINT, worker_model_id TEXT, worker_queue_depth BIGINT,
        worker_gpu_utilization DOUBLE PRECISION, worker_health_port BIGINT,
        worker_vllm_port BIGINT, worker_metadata TEXT, created_at BIGINT, terminated_at BIGINT,
        last_health_check BIGINT, last_reconciliation BIGINT,
        health_check_failures BIGINT NOT NULL, deletion_reason TEXT, error_code TEXT,
        error_message TEXT, storage_count BIGINT NOT NULL, storage_sizes_gb TEXT,
        provider_name TEXT, region TEXT, zone TEXT, instance_type TEXT, cpu_count BIGINT,
        ram_gb BIGINT, gpu_vram BIGINT, gpu_count BIGINT, cost_per_hour DOUBLE PRECISION,
        total_cost DOUBLE PRECISION, is_archived SMALLINT NOT NULL,
        deleted_by_provider SMALLINT NOT NULL, progress_percent BIGINT, ready_at BIGINT,
        boot_started_at BIGINT, failed_at BIGINT, state_since BIGINT, retry_count BIGINT NOT NULL,
        incarnation BIGINT NOT NULL, correlation_id TEXT, pool TEXT, assessment TEXT,
        held TEXT, bootstrap_secret_hash TEXT, worker_token_hash TEXT, worker_id TEXT,
        work_in_hand TEXT, work_log_id TEXT, next_attempt_at BIGINT, recovery_begun_at BIGINT
    ) WITH (fillfactor = 70))", // room in the page for the next heartbeat's row

    R"(CREATE TABLE instance_volumes (
        seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
        id TEXT PRIMARY KEY NOT NULL, instance_id TEXT NOT NULL REFERENCES instances (id),
        provider_volume_id TEXT, name TEXT, volume_type TEXT, size_gb BIGINT NOT NULL,
        is_boot SMALLINT NOT NULL, status TEXT NOT NULL, delete_on_terminate SMALLINT NOT NULL,
        created_at BIGINT, attached_at BIGINT, deleted_at BIGINT, reconciled_at BIGINT,
        last_reconciliation BIGINT, error_message TEXT
    ))",
    "CREATE INDEX instance_volumes_by_instance ON instance_volumes (instance_id)",

    R"(CREATE TABLE instance_state_history (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        instance_id TEXT NOT NULL REFERENCES instances (id), from_status TEXT NOT NULL,
        to_status TEXT NOT NULL, reason TEXT, metadata TEXT, created_at BIGINT NOT NULL
    ))",
    "CREATE INDEX history_by_instance ON instance_state_history (instance_id, seq)",

    // No reference to instances: an attempt on an id that never existed is logged too.
    R"(CREATE TABLE action_logs (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        action_type TEXT NOT NULL, component TEXT, status TEXT NOT NULL, error_code TEXT,
        error_message TEXT, instance_id TEXT, user_id TEXT, request_payload TEXT,
        response_payload TEXT, duration_ms BIGINT, source_ip TEXT,
        created_at BIGINT NOT NULL, completed_at BIGINT, parent_log_id TEXT, metadata TEXT,
        correlation_id TEXT, instance_status_before TEXT, instance_status_after TEXT
    ))",
    "CREATE INDEX action_logs_by_instance ON action_logs (instance_id, seq)",
    "CREATE INDEX action_logs_by_type ON action_logs (action_type, seq)",
    "CREATE INDEX action_logs_by_correlation ON action_logs (correlation_id, seq)",
    "CREATE INDEX action_logs_by_status ON action_logs (status, seq)",

    R"(CREATE TABLE api_tokens (
        name TEXT PRIMARY KEY NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
        created_at BIGINT NOT NULL, expires_at BIGINT
    ))",

    R"(CREATE TABLE idempotency_keys (
        key BYTEA PRIMARY KEY NOT NULL, request_digest BYTEA NOT NULL, status BIGINT NOT NULL,
        body BYTEA NOT NULL, created_at BIGINT NOT NULL
    ))",
    "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)",
};

/// Several orchestrators: their leases, what each works on, and when a worker was last heard.
constexpr const char* version2[] = {
    "CREATE TABLE replicas (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    "name TEXT NOT NULL, lease_until BIGINT NOT NULL)",
    "CREATE TABLE claims (name TEXT PRIMARY KEY NOT NULL, replica BIGINT) "
    "WITH (fillfactor = 70)",
    "CREATE INDEX claims_by_replica ON claims (replica)",
    "ALTER TABLE instances ADD COLUMN worker_heard_at BIGINT",
    "ALTER TABLE action_logs ADD COLUMN replica BIGINT",
};

/// The queue of commands; what machines cost, and since when.
constexpr const char* version3[] = {
    "CREATE TABLE commands (name TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, instance_id TEXT, "
    "correlation_id TEXT, asked_at BIGINT NOT NULL, generation BIGINT NOT NULL, "
    "attempts BIGINT NOT NULL, not_before BIGINT, replica BIGINT)",
    R"(CREATE TABLE finops_events (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        event_type TEXT NOT NULL, created_at BIGINT NOT NULL, instance_id TEXT NOT NULL,
        pool TEXT, instance_type TEXT, status TEXT NOT NULL, correlation_id TEXT,
        cost_per_hour DOUBLE PRECISION NOT NULL, total_cost DOUBLE PRECISION NOT NULL,
        requests BIGINT, input_tokens BIGINT, output_tokens BIGINT,
        requests_counter BIGINT, input_counter BIGINT, output_counter BIGINT
    ))",
    "CREATE INDEX finops_events_by_instance ON finops_events (instance_id, seq)",
    "ALTER TABLE instances ADD COLUMN cost_since BIGINT",
    "UPDATE instances SET cost_since = state_since WHERE provider_instance_id IS NOT NULL "
    "AND cost_per_hour IS NOT NULL AND status NOT IN ('terminated', 'archived')",
};

/// What GPUs and machines did, for a while. No reference to instances: nothing hangs on a row.
constexpr const char* version4[] = {
    "CREATE TABLE samples (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, instance_id TEXT "
    "NOT NULL, "
    "at BIGINT NOT NULL, figures TEXT NOT NULL)",
    "CREATE INDEX samples_by_age ON samples (at)",
    "CREATE INDEX samples_by_instance ON samples (instance_id, at)",
};

/// The action log's chain of events, and its head (one row). Times as above.
constexpr const char* version5[] = {
    "CREATE TABLE action_events (number BIGINT PRIMARY KEY NOT NULL, action_id TEXT, "
    "at BIGINT NOT NULL, words TEXT NOT NULL, hash TEXT NOT NULL)",
    "CREATE INDEX action_events_by_action ON action_events (action_id)",
    "CREATE TABLE action_log_head (id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1), "
    "anchor_number BIGINT NOT NULL, anchor_hash TEXT NOT NULL, "
    "number BIGINT NOT NULL, hash TEXT NOT NULL) WITH (fillfactor = 50)",
};

/// What retention needs: indexes by age, and what model servers used in all, which outlives the
/// events.
constexpr const char* version6[] = {
    "CREATE TABLE token_totals (instance_id TEXT PRIMARY KEY NOT NULL, requests BIGINT NOT NULL, "
    "input_tokens BIGINT NOT NULL, output_tokens BIGINT NOT NULL, requests_counter BIGINT, "
    "input_counter BIGINT, output_counter BIGINT, begun BIGINT NOT NULL, ended BIGINT NOT NULL)",
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
    "ALTER TABLE instances ADD COLUMN retiring SMALLINT NOT NULL DEFAULT 0",
};

/// Whether a worker was heard when the limit of its start-up passed.
constexpr const char* version8[] = {
    "ALTER TABLE instances ADD COLUMN heard_at_limit SMALLINT NOT NULL DEFAULT 0",
};

/// Whether it is to go once it is drained. What drains now was asked to.
constexpr const char* version9[] = {
    "ALTER TABLE instances ADD COLUMN drain_asked SMALLINT NOT NULL DEFAULT 0",
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

Outcome<void> changed(const Outcome<int>& rows) {
    if (!rows)
        return fail(rows.error());
    return {};
}

Outcome<void> setMeta(Connection& connection, const char* key, const QString& value) {
    return changed(
        connection.change(QStringLiteral("INSERT INTO meta (key, value) VALUES (?, ?) "
                                         "ON CONFLICT (key) DO UPDATE SET value = excluded.value"),
                          {QLatin1String(key), value}));
}

tl::unexpected<Failure> refused(Connection& connection, const QString& why) {
    return fail(FailureKind::Storage, QStringLiteral("The database %1 can't be used: %2.")
                                          .arg(connection.address().display(), why));
}

/// Replicas of the program before may run: what they would write is not what this schema needs.
Outcome<void> endLeases(Connection& connection, int version) {
    QStringList ends;
    if (version >= 2)
        ends = QStringList{QStringLiteral("DELETE FROM claims"),
                           QStringLiteral("DELETE FROM replicas")};
    if (version >= 3)
        ends += QStringLiteral("UPDATE commands SET replica = NULL");
    for (const QString& end : ends) {
        if (const auto done = connection.execute(end); !done)
            return done;
    }
    return {};
}

Outcome<void> apply(Connection& connection, int version) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        if (const auto ended = endLeases(connection, version); !ended)
            return ended;
        for (const char* statement : versions[version].statements) {
            if (const auto done = connection.execute(QString::fromUtf8(statement)); !done)
                return done;
        }
        if (const auto run = versions[version].then.run) {
            if (const auto done = run(connection); !done)
                return done;
        }
        if (version == 0) {
            for (const char* key : {"store_id", "cluster_id"}) {
                if (const auto named = setMeta(connection, key, newUuid()); !named)
                    return named;
            }
        }
        return setMeta(connection, "schema_version", QString::number(version + 1));
    });
}

constexpr int lockClass = 0x56494749; // "VIGI"
constexpr int migrationLock = 1;

} // namespace

int newestVersion() {
    return newest;
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

QByteArray migrationLockKey() {
    return QByteArray::number(lockClass) + ", " + QByteArray::number(migrationLock);
}

Outcome<int> storedVersion(Connection& connection) {
    const auto meta = connection.single(
        QStringLiteral("SELECT count(*) FROM pg_tables WHERE schemaname = ? AND tablename = ?"),
        {QLatin1String(schemaName), QStringLiteral("meta")});
    if (!meta)
        return fail(meta.error());
    if (meta->toInt() == 0)
        return 0;
    const auto version =
        connection.single(QStringLiteral("SELECT value FROM meta WHERE key = 'schema_version'"));
    if (!version)
        return fail(version.error());
    return version->toInt();
}

Outcome<void> checkNotNewer(Connection& connection) {
    const auto version = storedVersion(connection);
    if (!version)
        return fail(version.error());
    if (*version <= newest)
        return {};
    Failure failure = refused(connection, QStringLiteral("it has schema version %1, but this "
                                                         "program knows versions up to %2; run a "
                                                         "newer vigied")
                                              .arg(*version)
                                              .arg(newest))
                          .value();
    failure.code = QStringLiteral("schema_newer");
    return fail(std::move(failure));
}

Outcome<void> checkServer(Connection& connection) {
    const auto server =
        connection.single(QStringLiteral("SELECT current_setting('server_version_num')::integer"));
    const auto copy = connection.single(QStringLiteral("SELECT pg_is_in_recovery()"));
    const auto encoding =
        connection.single(QStringLiteral("SELECT pg_encoding_to_char(encoding) FROM pg_database "
                                         "WHERE datname = current_database()"));
    const auto tables =
        connection.single(QStringLiteral("SELECT count(*) FROM pg_tables WHERE schemaname = ?"),
                          {QLatin1String(schemaName)});
    for (const auto* asked : {&server, &copy, &encoding, &tables}) {
        if (!*asked)
            return fail(asked->error());
    }
    if (server->toInt() < oldestServer)
        return refused(connection, QStringLiteral("the server is PostgreSQL %1; version 13 or "
                                                  "newer is needed")
                                       .arg(server->toInt() / 10000));
    if (copy->toBool())
        return refused(connection, QStringLiteral("the server is a standby that only reads; name "
                                                  "the primary"));
    if (encoding->toString() != u"UTF8")
        return refused(connection,
                       QStringLiteral("its encoding is %1; make one with: createdb -E UTF8 %2")
                           .arg(encoding->toString(), connection.address().database));
    const auto version = storedVersion(connection);
    if (!version)
        return fail(version.error());
    if (*version == 0 && tables->toInt() > 0)
        return refused(connection, QStringLiteral("its schema \"%1\" belongs to another program; "
                                                  "choose another database")
                                       .arg(QLatin1String(schemaName)));
    return checkNotNewer(connection);
}

Outcome<void> checkVersion(Connection& connection) {
    const auto version = storedVersion(connection);
    if (!version)
        return fail(version.error());
    if (*version == newest)
        return {};
    if (*version == 0)
        return refused(connection, QStringLiteral("there is no store of vigied in it"));
    return refused(connection,
                   QStringLiteral("it has schema version %1, but this program needs version %2: "
                                  "use the vigied that wrote it, or start this one on it, which "
                                  "brings it up to date")
                       .arg(*version)
                       .arg(newest));
}

namespace {

Outcome<void> migrateAlone(Connection& connection) {
    const auto version = storedVersion(connection);
    if (!version)
        return fail(version.error());
    if (*version == 0) {
        const auto there =
            connection.single(QStringLiteral("SELECT count(*) FROM pg_namespace WHERE nspname = ?"),
                              {QLatin1String(schemaName)});
        if (!there)
            return fail(there.error());
        if (there->toInt() == 0) {
            const auto made = connection.execute(
                QStringLiteral("CREATE SCHEMA %1").arg(QLatin1String(schemaName)));
            if (!made)
                return made;
        }
    }
    for (int next = *version; next < newest; ++next) {
        if (const auto done = apply(connection, next); !done)
            return done;
    }
    // Cursors that clients hold name the opening they are from.
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        return changed(connection.change(QStringLiteral(
            "INSERT INTO meta (key, value) VALUES ('epoch', '1') ON CONFLICT (key) DO UPDATE "
            "SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)")));
    });
}

} // namespace

Outcome<void> migrate(Connection& connection) {
    const auto lock = [&connection](const char* function) {
        return connection.execute(
            QStringLiteral("SELECT %1(%2)")
                .arg(QLatin1String(function), QLatin1String(migrationLockKey())));
    };
    if (const auto locked = lock("pg_advisory_lock"); !locked)
        return locked;
    const Outcome<void> migrated = migrateAlone(connection);
    const Outcome<void> unlocked = lock("pg_advisory_unlock");
    return migrated ? unlocked : migrated;
}

} // namespace vigie::stores::postgres
