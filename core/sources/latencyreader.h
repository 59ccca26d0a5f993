#pragma once

#include "core/base/outcome.h"
#include "core/http/httpclient.h"
#include "core/model/fleetsnapshot.h"

#include <QStringList>

#include <vector>

namespace vigie {

/// What of a text exposition becomes latency series.
struct LatencyWish {
    QString prefix;         ///< only metrics whose name starts so; empty: all
    size_t maxSeries = 200; ///< more are cut off, with a notice
};

struct LatencyRead {
    std::vector<LatencySeries> series; ///< in seconds; request durations first, then by name
    QStringList notices;
    size_t samples = 0; ///< of the whole exposition
};

/// The histograms of time in a Prometheus text exposition: those whose unit is seconds or
/// milliseconds (or finer) by their name. Malformed when the body is no exposition or only the
/// beginning of one, TooLarge when it passes a limit.
Outcome<LatencyRead> readLatencies(const HttpReply& reply, const LatencyWish& wish);

} // namespace vigie
