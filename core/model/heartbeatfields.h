#pragma once

#include "core/model/heartbeat.h"

#include <array>
#include <string_view>
#include <variant>

namespace vigie {

/// The fields of a GPU's and a machine's figures under their names on the wire, for both
/// directions.
struct GpuField {
    std::string_view name;
    std::optional<double> GpuSample::*member;
};
inline constexpr std::array gpuFields{
    GpuField{"gpu_utilization", &GpuSample::utilizationPct},
    GpuField{"gpu_mem_used_mb", &GpuSample::memUsedMb},
    GpuField{"gpu_mem_total_mb", &GpuSample::memTotalMb},
    GpuField{"gpu_temp_c", &GpuSample::tempC},
    GpuField{"gpu_power_w", &GpuSample::powerW},
    GpuField{"gpu_power_limit_w", &GpuSample::powerLimitW},
};

struct SystemField {
    std::string_view name;
    std::variant<std::optional<double> SystemSample::*, std::optional<qint64> SystemSample::*>
        member;
};
inline constexpr std::array systemFields{
    SystemField{"cpu_usage_pct", &SystemSample::cpuUsagePct},
    SystemField{"load1", &SystemSample::load1},
    SystemField{"load5", &SystemSample::load5},
    SystemField{"load15", &SystemSample::load15},
    SystemField{"mem_total_bytes", &SystemSample::memTotalBytes},
    SystemField{"mem_available_bytes", &SystemSample::memAvailableBytes},
    SystemField{"mem_used_bytes", &SystemSample::memUsedBytes},
    SystemField{"mem_used_pct", &SystemSample::memUsedPct},
    SystemField{"disk_total_bytes", &SystemSample::diskTotalBytes},
    SystemField{"disk_used_bytes", &SystemSample::diskUsedBytes},
    SystemField{"disk_free_bytes", &SystemSample::diskFreeBytes},
    SystemField{"disk_used_pct", &SystemSample::diskUsedPct},
    SystemField{"net_rx_bps", &SystemSample::netRxBps},
    SystemField{"net_tx_bps", &SystemSample::netTxBps},
    SystemField{"net_rx_bytes_total", &SystemSample::netRxBytesTotal},
    SystemField{"net_tx_bytes_total", &SystemSample::netTxBytesTotal},
};

struct QueueField {
    std::string_view name;
    std::optional<int> QueueSample::*member;
};
inline constexpr std::array queueFields{
    QueueField{"requests_waiting", &QueueSample::requestsWaiting},
    QueueField{"requests_running", &QueueSample::requestsRunning},
    QueueField{"queue_depth", &QueueSample::queueDepth},
};

} // namespace vigie
