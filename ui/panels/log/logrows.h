#pragma once

#include "core/model/fleetsnapshot.h"
#include "ui/models/cell.h"

namespace vigie::panels::log {

/// One entry of the action log.
struct LogRow {
    QString key;
    std::shared_ptr<const FleetSnapshot::SourcedLog> log;
    QString sourceName;
    QString reason; ///< given by a person, or the rule that decided
    WallTime now{};
};

/// Newest first, as the snapshot has them.
std::vector<LogRow> rows(const FleetSnapshot& snapshot);

std::vector<Column<LogRow>> columns();

} // namespace vigie::panels::log
