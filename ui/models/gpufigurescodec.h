#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

namespace vigie {

/// What a worker's metadata says about its GPUs and its machine, as far as it says it.
struct GpuFigures {
    struct Gpu {
        int index = 0;
        std::optional<double> utilizationPct, memUsedMb, memTotalMb, tempC, powerW;
    };
    std::vector<Gpu> gpus;
    std::optional<double> cpuPct, memoryPct, diskPct; ///< 0..100

    /// Used VRAM of all GPUs over all of it, 0..100; nothing unless both are known.
    std::optional<double> memoryPercent() const;
};

/// Reads `worker_metadata`; anything unreadable is simply not known.
GpuFigures gpuFigures(const QByteArray& metadata);

} // namespace vigie
