CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE instances (
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
) STRICT;
CREATE TABLE instance_volumes (
    id TEXT PRIMARY KEY NOT NULL, instance_id TEXT NOT NULL REFERENCES instances (id),
    provider_volume_id TEXT, name TEXT, volume_type TEXT, size_gb INTEGER NOT NULL,
    is_boot INTEGER NOT NULL, status TEXT NOT NULL, delete_on_terminate INTEGER NOT NULL,
    created_at INTEGER, attached_at INTEGER, deleted_at INTEGER, reconciled_at INTEGER,
    last_reconciliation INTEGER, error_message TEXT
) STRICT;
CREATE INDEX instance_volumes_by_instance ON instance_volumes (instance_id);
CREATE TABLE instance_state_history (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    instance_id TEXT NOT NULL REFERENCES instances (id), from_status TEXT NOT NULL,
    to_status TEXT NOT NULL, reason TEXT, metadata TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX history_by_instance ON instance_state_history (instance_id, seq);
CREATE TABLE action_logs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    action_type TEXT NOT NULL, component TEXT, status TEXT NOT NULL, error_code TEXT,
    error_message TEXT, instance_id TEXT, user_id TEXT, request_payload TEXT,
    response_payload TEXT, duration_ms INTEGER, source_ip TEXT,
    created_at INTEGER NOT NULL, completed_at INTEGER, parent_log_id TEXT, metadata TEXT,
    correlation_id TEXT, instance_status_before TEXT, instance_status_after TEXT
) STRICT;
CREATE INDEX action_logs_by_instance ON action_logs (instance_id, seq);
CREATE INDEX action_logs_by_type ON action_logs (action_type, seq);
CREATE INDEX action_logs_by_correlation ON action_logs (correlation_id, seq);
CREATE INDEX action_logs_by_status ON action_logs (status, seq);
CREATE TABLE api_tokens (
    name TEXT PRIMARY KEY NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER
) STRICT;
CREATE TABLE idempotency_keys (
    key BLOB PRIMARY KEY NOT NULL, request_digest BLOB NOT NULL, status INTEGER NOT NULL,
    body BLOB NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
INSERT INTO instances (id, status, version, health_check_failures, storage_count, is_archived, deleted_by_provider, retry_count, incarnation, worker_status, worker_last_heartbeat, created_at, state_since, pool) VALUES ('0f8fad5b-d9cb-469f-a165-70867728950e', 'ready', 3, 0, 0, 0, 0, 0, 2, 'ready', 1760000000000, 1750000000000, 1755000000000, 'mock/mock-a-1/m');
INSERT INTO action_logs (id, action_type, component, status, instance_id, created_at) VALUES ('7c9e6679-7425-40de-944b-e07fc1f90ae7', 'EXECUTE_REINSTALL', 'orchestrator', 'in_progress', '0f8fad5b-d9cb-469f-a165-70867728950e', 1760000000000);
INSERT INTO meta (key, value) VALUES ('store_id', 'a1b2c3d4-0000-4000-8000-000000000001');
INSERT INTO meta (key, value) VALUES ('cluster_id', 'a1b2c3d4-0000-4000-8000-000000000002');
INSERT INTO meta (key, value) VALUES ('epoch', '5');
PRAGMA application_id = 1447642953;
CREATE TABLE replicas (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, lease_until INTEGER NOT NULL) STRICT;
CREATE TABLE claims (name TEXT PRIMARY KEY NOT NULL, replica INTEGER) STRICT;
CREATE INDEX claims_by_replica ON claims (replica);
ALTER TABLE instances ADD COLUMN worker_heard_at INTEGER;
ALTER TABLE action_logs ADD COLUMN replica INTEGER;
CREATE TABLE commands (name TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, instance_id TEXT, correlation_id TEXT, asked_at INTEGER NOT NULL, generation INTEGER NOT NULL, attempts INTEGER NOT NULL, not_before INTEGER, replica INTEGER) STRICT;
CREATE TABLE finops_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    event_type TEXT NOT NULL, created_at INTEGER NOT NULL, instance_id TEXT NOT NULL,
    pool TEXT, instance_type TEXT, status TEXT NOT NULL, correlation_id TEXT,
    cost_per_hour REAL NOT NULL, total_cost REAL NOT NULL,
    requests INTEGER, input_tokens INTEGER, output_tokens INTEGER,
    requests_counter INTEGER, input_counter INTEGER, output_counter INTEGER
) STRICT;
CREATE INDEX finops_events_by_instance ON finops_events (instance_id, seq);
ALTER TABLE instances ADD COLUMN cost_since INTEGER;
UPDATE instances SET cost_since = state_since WHERE provider_instance_id IS NOT NULL AND cost_per_hour IS NOT NULL AND status NOT IN ('terminated', 'archived');
INSERT INTO action_logs (id, action_type, component, status, error_code, instance_id, user_id, created_at, completed_at, duration_ms, correlation_id) VALUES ('7c9e6679-7425-40de-944b-e07fc1f90ae8', 'HEALTH_CHECK', 'health-check', 'failed', 'PROBE_FAILED', '0f8fad5b-d9cb-469f-a165-70867728950e', 'ada', 1760000001000, 1760000003000, 2000, 'c-1');
INSERT INTO finops_events (id, event_type, created_at, instance_id, pool, status, cost_per_hour, total_cost, requests, input_tokens, output_tokens, requests_counter, input_counter, output_counter) VALUES ('f1', 'EVT:TOKENS_USED', 1760000000000, '0f8fad5b-d9cb-469f-a165-70867728950e', 'mock/mock-a-1/m', 'ready', 1.5, 0.5, 3, 300, 30, 13, 1300, 130);
INSERT INTO finops_events (id, event_type, created_at, instance_id, pool, status, cost_per_hour, total_cost) VALUES ('f2', 'EVT:COST_UPDATED', 1760000060000, '0f8fad5b-d9cb-469f-a165-70867728950e', 'mock/mock-a-1/m', 'ready', 1.5, 0.6);
INSERT INTO finops_events (id, event_type, created_at, instance_id, pool, status, cost_per_hour, total_cost, requests, input_tokens, output_tokens, requests_counter, input_counter, output_counter) VALUES ('f3', 'EVT:TOKENS_USED', 1760000120000, '0f8fad5b-d9cb-469f-a165-70867728950e', 'mock/mock-a-1/m', 'ready', 1.5, 0.7, 4, 400, 40, 17, 1700, 170);
PRAGMA user_version = 3;
