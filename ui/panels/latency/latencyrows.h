#pragma once

#include "ui/charts/latencybins.h"
#include "ui/models/cell.h"

namespace vigie::panels::latency {

/// One series in the list beside the chart.
struct LatencyRow {
    QString key;
    LatencySeries series;
    QString sourceName;
    QString title;  ///< what is measured, in words for our own series
    QString labels; ///< "handler=/api/v1/query"
    LatencyShape shape;
    Freshness freshness = Freshness::Waiting;
    std::optional<Duration> age; ///< of its source's last answer
};

std::vector<LatencyRow> rows(const FleetSnapshot& snapshot);
bool isStale(const LatencyRow& row);
std::vector<Column<LatencyRow>> columns();

} // namespace vigie::panels::latency
