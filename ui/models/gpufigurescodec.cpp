#include "ui/models/gpufigurescodec.h"

#include "core/model/jsonreader.h"

namespace vigie {

std::optional<double> GpuFigures::memoryPercent() const {
    double used = 0, total = 0;
    for (const Gpu& gpu : gpus) {
        used += gpu.memUsedMb.value_or(0);
        total += gpu.memUsedMb ? gpu.memTotalMb.value_or(0) : 0;
    }
    return total > 0 ? std::optional(100 * used / total) : std::nullopt;
}

GpuFigures gpuFigures(const QByteArray& metadata) {
    GpuFigures figures;
    if (metadata.isEmpty())
        return figures;
    const auto root = JsonNode::parse(metadata, QStringLiteral("worker_metadata"));
    if (!root)
        return figures;
    const JsonNode node = *root;
    for (const JsonNode& each : node["gpus"].items())
        figures.gpus.push_back(
            {each["index"].smallInteger().value_or(static_cast<int>(figures.gpus.size())),
             each["gpu_utilization"].number(), each["gpu_mem_used_mb"].number(),
             each["gpu_mem_total_mb"].number(), each["gpu_temp_c"].number(),
             each["gpu_power_w"].number()});
    const JsonNode system = node["system"];
    figures.cpuPct = system["cpu_usage_pct"].number();
    figures.memoryPct = system["mem_used_pct"].number();
    figures.diskPct = system["disk_used_pct"].number();
    return figures;
}

} // namespace vigie
