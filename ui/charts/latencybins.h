#pragma once

#include "core/model/fleetsnapshot.h"

#include <optional>
#include <vector>

namespace vigie {

/// One bar of a latency histogram: (lower, upper] in seconds and how many.
struct LatencyBin {
    double lower = 0, upper = 0;
    double count = 0;
};

/// A histogram as a chart shows it.
struct LatencyShape {
    std::vector<LatencyBin> bins; ///< ascending, without holes inside
    double count = 0;
    std::optional<double> p50, p95, p99; ///< seconds
    /// Observations above the last finite bound of a foreign histogram: no bar can show them.
    double beyond = 0;
};

/// Own histograms are gathered into bins of equal width on the log axis, ten per decade; foreign
/// ones keep the bounds the other side chose. An empty one gives an empty shape.
LatencyShape latencyShape(const LatencySeries& series);

} // namespace vigie
