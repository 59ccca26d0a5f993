#pragma once

#include "core/model/fleetsnapshot.h"
#include "ui/models/cell.h"

namespace vigie::panels::overview {

/// One thing that is wrong, or many things with one likely cause.
struct Problem {
    QString key;
    Shape shape;
    int rank = 0;     ///< 0 is the worst
    int members = 1;  ///< instances folded into it
    QString sentence; ///< "4 dead in zone fr-par-2"
    QString detail;   ///< what they have in common, or why
    std::optional<Duration> since;
    QString panel, filter;                                   ///< where to look
    std::optional<std::pair<SourceId, InstanceId>> instance; ///< when it is about one
};

/// Sources that don't answer, open breakers, then instances. Dead and suspect instances that share
/// an orchestrator, a zone, a provider or a model are folded when there are at least three of them
/// and they are at least half of what stands there; the narrowest such cause wins. Worst first.
std::vector<Problem> problems(const FleetSnapshot& snapshot);

std::vector<Column<Problem>> problemColumns();

/// Something that changed.
struct ChangeRow {
    QString key;
    ChangeNote note;
    QString sourceName;
    WallTime now{};
};

/// Of the last 15 minutes, newest first.
std::vector<ChangeRow> recentChanges(const FleetSnapshot& snapshot);

std::vector<Column<ChangeRow>> changeColumns();

} // namespace vigie::panels::overview
