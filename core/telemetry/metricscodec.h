#pragma once

#include "core/telemetry/metrics.h"

namespace vigie {

/// The figures of /metrics as JSON:
/// [{name, type, help, samples: [{labels, value}]}]; a histogram's sample has count, sum, p50, p90,
/// p95, p99, p999, buckets [{le, count}] and windows {"1m": {count, p50, ...}} instead of value.
/// Times are in seconds; percentiles of nothing are null, numbers that JSON lacks are "NaN", "+Inf"
/// and "-Inf".
std::string encodeMetrics(const std::vector<MetricFamilyReading>& families);

} // namespace vigie
