#pragma once

#include "core/model/fleetsnapshot.h"

#include <QString>

namespace vigie {

/// Why a list is empty, and the one thing to do about it.
struct Emptiness {
    enum class Step { None, OpenSources, ClearFilter, PollNow };
    QString sentence;
    Step step = Step::None;
    QString stepText;
};

/// `total`: rows before the filter; `nothing`: what it means when every source has answered and
/// there is nothing. `snapshot` is null before the first one.
Emptiness emptiness(const FleetSnapshot* snapshot, int total, const QString& filter,
                    const QString& nothing);

} // namespace vigie
