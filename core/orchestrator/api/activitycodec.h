#pragma once

#include "core/model/activity.h"
#include "core/model/instance.h"

#include <vector>

namespace vigie {

/// An instance with what it did in a window; of one that told nothing there is nothing.
struct InstanceActivity {
    const Instance& instance;
    std::vector<ActivitySample> samples; ///< oldest first
};

/// {window_s, generated_at, instances:[{instance_id, instance_name, provider_name, gpu_count,
/// gpus:[{gpu_index, samples:[{ts, gpu_pct, ...}]}]}]}
QByteArray encodeGpuActivity(const std::vector<InstanceActivity>& all, int windowSeconds,
                             WallTime now);
/// {window_s, generated_at, instances:[{..., samples:[{ts, cpu_pct, ...}]}]}
QByteArray encodeSystemActivity(const std::vector<InstanceActivity>& all, int windowSeconds,
                                WallTime now);

} // namespace vigie
