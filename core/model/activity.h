#pragma once

#include "core/base/outcome.h"
#include "core/model/heartbeat.h"

#include <array>
#include <span>

namespace vigie {

/// Figures by their names in the HTTP contract; what nobody told is NaN.
inline constexpr std::array gpuFigureNames{"gpu_pct", "vram_pct", "temp_c", "power_w",
                                           "power_limit_w"};
/// Rates are megabits per second.
inline constexpr std::array systemFigureNames{"cpu_pct",  "load1",       "mem_pct",
                                              "disk_pct", "net_rx_mbps", "net_tx_mbps"};

struct GpuActivity {
    int index = 0;
    std::array<float, gpuFigureNames.size()> figures{};
};
using SystemActivity = std::array<float, systemFigureNames.size()>;

/// What the GPUs and the machine of an instance did, at a moment or on average over a while that
/// ended then.
struct ActivitySample {
    WallTime at{};
    std::vector<GpuActivity> gpus; ///< by ascending index
    std::optional<SystemActivity> system;

    bool empty() const { return gpus.empty() && !system; }
};

/// What a beat tells; of two GPUs with one index the first counts.
ActivitySample activityOf(const Heartbeat& beat, WallTime at);

/// Each figure's mean over the samples that know it; the time is the last one's.
ActivitySample meanOf(std::span<const ActivitySample> samples);

/// `samples`, which are in the order of time, with those of one slice of the clock made into their
/// mean. A slice of zero leaves them as they are.
std::vector<ActivitySample> coarsened(std::vector<ActivitySample> samples,
                                      std::chrono::seconds slice);

/// The figures as text for a store: {"gpus":[[index, ...]], "system":[...]}, unknown ones null.
QByteArray encodeActivityFigures(const ActivitySample& sample);
/// Without the time. Invalid when it is no such text.
Outcome<ActivitySample> decodeActivityFigures(const QByteArray& text);

/// A figure as it is told: NaN is null, others with three decimals.
double toldFigure(float figure);

} // namespace vigie
