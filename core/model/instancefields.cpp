#include "core/model/instancefields.h"

#include <array>

namespace vigie {

std::span<const InstanceField> instanceFields() {
    using I = Instance;
    static const std::array fields{
        InstanceField{"provider_id", &I::providerId},
        InstanceField{"zone_id", &I::zoneId},
        InstanceField{"instance_type_id", &I::instanceTypeId},
        InstanceField{"model_id", &I::modelId},
        InstanceField{"model_name", &I::modelName},
        InstanceField{"model_code", &I::modelCode},
        InstanceField{"provider_instance_id", &I::providerInstanceId, false, true},
        InstanceField{"ip_address", &I::ipAddress, false, true},
        InstanceField{"worker_status", &I::workerStatus},
        InstanceField{"worker_last_heartbeat", &I::workerLastHeartbeat},
        InstanceField{"worker_model_id", &I::workerModelId},
        InstanceField{"worker_queue_depth", &I::workerQueueDepth},
        InstanceField{"worker_gpu_utilization", &I::workerGpuUtilization},
        InstanceField{"worker_health_port", &I::workerHealthPort},
        InstanceField{"worker_vllm_port", &I::workerVllmPort},
        InstanceField{"worker_metadata", &I::workerMetadata},
        InstanceField{"created_at", &I::createdAt},
        InstanceField{"terminated_at", &I::terminatedAt},
        InstanceField{"last_health_check", &I::lastHealthCheck},
        InstanceField{"last_reconciliation", &I::lastReconciliation},
        InstanceField{"health_check_failures", &I::healthCheckFailures},
        InstanceField{"deletion_reason", &I::deletionReason},
        InstanceField{"error_code", &I::errorCode},
        InstanceField{"error_message", &I::errorMessage, false, true},
        InstanceField{"storage_count", &I::storageCount},
        InstanceField{"storage_sizes_gb", &I::storageSizesGb},
        InstanceField{"provider_name", &I::providerName},
        InstanceField{"region", &I::region},
        InstanceField{"zone", &I::zone},
        InstanceField{"instance_type", &I::instanceType},
        InstanceField{"cpu_count", &I::cpuCount},
        InstanceField{"ram_gb", &I::ramGb},
        InstanceField{"gpu_vram", &I::gpuVram},
        InstanceField{"gpu_count", &I::gpuCount},
        InstanceField{"cost_per_hour", &I::costPerHour},
        InstanceField{"total_cost", &I::totalCost},
        InstanceField{"is_archived", &I::isArchived},
        InstanceField{"deleted_by_provider", &I::deletedByProvider},
        InstanceField{"progress_percent", &I::progressPercent},
        InstanceField{"ready_at", &I::readyAt, true},
        InstanceField{"boot_started_at", &I::bootStartedAt, true},
        InstanceField{"failed_at", &I::failedAt, true},
        InstanceField{"state_since", &I::stateSince, true},
        InstanceField{"retry_count", &I::retryCount, true},
        InstanceField{"incarnation", &I::incarnation, true},
        InstanceField{"correlation_id", &I::correlationId, true, true},
        InstanceField{"pool", &I::pool, true},
    };
    return fields;
}

} // namespace vigie
