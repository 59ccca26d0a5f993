#pragma once

#include "core/model/fleetsnapshot.h"
#include "ui/models/cell.h"

namespace vigie::panels::fleet {

/// One instance in the fleet table.
struct FleetRow {
    QString key;
    std::shared_ptr<const InstanceView> view;
    QString sourceName;
    std::optional<Duration> sourceAge; ///< of its source's last good answer
};

/// One row per instance that is not archived, in the snapshot's order.
std::vector<FleetRow> rows(const FleetSnapshot& snapshot);

/// True when the row's source is not live: all it shows is what was last known.
bool isStale(const FleetRow& row);
/// 0 for what needs a person first (dead) to 4 for what is over.
int urgency(const InstanceView& view);

std::vector<Column<FleetRow>> columns();

} // namespace vigie::panels::fleet
