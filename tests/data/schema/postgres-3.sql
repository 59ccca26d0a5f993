CREATE SCHEMA vigie AUTHORIZATION vigie;
SET ROLE vigie;
SET search_path TO vigie;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE instances (
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
) WITH (fillfactor = 70);
CREATE TABLE instance_volumes (
    seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    id TEXT PRIMARY KEY NOT NULL, instance_id TEXT NOT NULL REFERENCES instances (id),
    provider_volume_id TEXT, name TEXT, volume_type TEXT, size_gb BIGINT NOT NULL,
    is_boot SMALLINT NOT NULL, status TEXT NOT NULL, delete_on_terminate SMALLINT NOT NULL,
    created_at BIGINT, attached_at BIGINT, deleted_at BIGINT, reconciled_at BIGINT,
    last_reconciliation BIGINT, error_message TEXT
);
CREATE INDEX instance_volumes_by_instance ON instance_volumes (instance_id);
CREATE TABLE instance_state_history (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    instance_id TEXT NOT NULL REFERENCES instances (id), from_status TEXT NOT NULL,
    to_status TEXT NOT NULL, reason TEXT, metadata TEXT, created_at BIGINT NOT NULL
);
CREATE INDEX history_by_instance ON instance_state_history (instance_id, seq);
CREATE TABLE action_logs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    action_type TEXT NOT NULL, component TEXT, status TEXT NOT NULL, error_code TEXT,
    error_message TEXT, instance_id TEXT, user_id TEXT, request_payload TEXT,
    response_payload TEXT, duration_ms BIGINT, source_ip TEXT,
    created_at BIGINT NOT NULL, completed_at BIGINT, parent_log_id TEXT, metadata TEXT,
    correlation_id TEXT, instance_status_before TEXT, instance_status_after TEXT
);
CREATE INDEX action_logs_by_instance ON action_logs (instance_id, seq);
CREATE INDEX action_logs_by_type ON action_logs (action_type, seq);
CREATE INDEX action_logs_by_correlation ON action_logs (correlation_id, seq);
CREATE INDEX action_logs_by_status ON action_logs (status, seq);
CREATE TABLE api_tokens (
    name TEXT PRIMARY KEY NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
    created_at BIGINT NOT NULL, expires_at BIGINT
);
CREATE TABLE idempotency_keys (
    key BYTEA PRIMARY KEY NOT NULL, request_digest BYTEA NOT NULL, status BIGINT NOT NULL,
    body BYTEA NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
INSERT INTO instances (id, status, version, health_check_failures, storage_count, is_archived, deleted_by_provider, retry_count, incarnation, worker_status, worker_last_heartbeat, created_at, state_since, pool) VALUES ('0f8fad5b-d9cb-469f-a165-70867728950e', 'ready', 3, 0, 0, 0, 0, 0, 2, 'ready', 1760000000000, 1750000000000, 1755000000000, 'mock/mock-a-1/m');
INSERT INTO action_logs (id, action_type, component, status, instance_id, created_at) VALUES ('7c9e6679-7425-40de-944b-e07fc1f90ae7', 'EXECUTE_REINSTALL', 'orchestrator', 'in_progress', '0f8fad5b-d9cb-469f-a165-70867728950e', 1760000000000);
INSERT INTO meta (key, value) VALUES ('store_id', 'a1b2c3d4-0000-4000-8000-000000000001');
INSERT INTO meta (key, value) VALUES ('cluster_id', 'a1b2c3d4-0000-4000-8000-000000000002');
INSERT INTO meta (key, value) VALUES ('epoch', '5');
INSERT INTO meta (key, value) VALUES ('schema_version', '3');
CREATE TABLE replicas (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL, lease_until BIGINT NOT NULL);
CREATE TABLE claims (name TEXT PRIMARY KEY NOT NULL, replica BIGINT) WITH (fillfactor = 70);
CREATE INDEX claims_by_replica ON claims (replica);
ALTER TABLE instances ADD COLUMN worker_heard_at BIGINT;
ALTER TABLE action_logs ADD COLUMN replica BIGINT;
CREATE TABLE commands (name TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, instance_id TEXT, correlation_id TEXT, asked_at BIGINT NOT NULL, generation BIGINT NOT NULL, attempts BIGINT NOT NULL, not_before BIGINT, replica BIGINT);
CREATE TABLE finops_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    event_type TEXT NOT NULL, created_at BIGINT NOT NULL, instance_id TEXT NOT NULL,
    pool TEXT, instance_type TEXT, status TEXT NOT NULL, correlation_id TEXT,
    cost_per_hour DOUBLE PRECISION NOT NULL, total_cost DOUBLE PRECISION NOT NULL,
    requests BIGINT, input_tokens BIGINT, output_tokens BIGINT,
    requests_counter BIGINT, input_counter BIGINT, output_counter BIGINT
);
CREATE INDEX finops_events_by_instance ON finops_events (instance_id, seq);
ALTER TABLE instances ADD COLUMN cost_since BIGINT;
UPDATE instances SET cost_since = state_since WHERE provider_instance_id IS NOT NULL AND cost_per_hour IS NOT NULL AND status NOT IN ('terminated', 'archived');
INSERT INTO action_logs (id, action_type, component, status, error_code, instance_id, user_id, created_at, completed_at, duration_ms, correlation_id) VALUES ('7c9e6679-7425-40de-944b-e07fc1f90ae8', 'HEALTH_CHECK', 'health-check', 'failed', 'PROBE_FAILED', '0f8fad5b-d9cb-469f-a165-70867728950e', 'ada', 1760000001000, 1760000003000, 2000, 'c-1');
INSERT INTO finops_events (id, event_type, created_at, instance_id, pool, status, cost_per_hour, total_cost, requests, input_tokens, output_tokens, requests_counter, input_counter, output_counter) VALUES ('f1', 'EVT:TOKENS_USED', 1760000000000, '0f8fad5b-d9cb-469f-a165-70867728950e', 'mock/mock-a-1/m', 'ready', 1.5, 0.5, 3, 300, 30, 13, 1300, 130);
INSERT INTO finops_events (id, event_type, created_at, instance_id, pool, status, cost_per_hour, total_cost) VALUES ('f2', 'EVT:COST_UPDATED', 1760000060000, '0f8fad5b-d9cb-469f-a165-70867728950e', 'mock/mock-a-1/m', 'ready', 1.5, 0.6);
INSERT INTO finops_events (id, event_type, created_at, instance_id, pool, status, cost_per_hour, total_cost, requests, input_tokens, output_tokens, requests_counter, input_counter, output_counter) VALUES ('f3', 'EVT:TOKENS_USED', 1760000120000, '0f8fad5b-d9cb-469f-a165-70867728950e', 'mock/mock-a-1/m', 'ready', 1.5, 0.7, 4, 400, 40, 17, 1700, 170);
