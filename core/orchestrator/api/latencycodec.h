#pragma once

#include "core/base/clock.h"
#include "core/telemetry/histogram.h"

#include <QByteArray>
#include <QString>

#include <map>

namespace vigie {

/// GET /latency: {window_s, generated_at, latencies: [{name, count, sum_ms, min_ms, max_ms,
/// overflow, buckets: [{gt_ms, le_ms, count}]}]}. Only buckets that hold something, always with the
/// same bounds, so that those of several daemons add up.
QByteArray encodeLatencies(const std::map<QString, Histogram>& all, Duration window, WallTime now);

} // namespace vigie
