#pragma once

#include "core/model/fleetsnapshot.h"
#include "ui/models/cell.h"

#include <QSet>

namespace vigie::panels::alerts {

/// The head of a group, or one alert in it.
struct AlertRow {
    QString key;
    QString group; ///< key of the head
    bool head = false;
    bool folded = false;
    bool alone = false; ///< the only one of its group, which then has no head
    int members = 0;    ///< of a head
    Alert alert;        ///< of a head: the labels all members share, the worst severity and state
    QString labels;     ///< what this row has beyond its group's shared labels
    QString sentence;
    WallTime now{};
};

/// Groups by alert name and source, worst first: firing before pending before resolved, then by
/// severity, then the oldest first. Members of the groups in `folded` are left out.
std::vector<AlertRow> rows(const FleetSnapshot& snapshot, const QSet<QString>& folded);

/// What a built-in alert says, in the operator's language; a foreign one's own summary. `names`:
/// of the sources, by id.
QString sentenceOf(const Alert& alert, const QHash<QString, QString>& names);

std::vector<Column<AlertRow>> columns();

} // namespace vigie::panels::alerts
