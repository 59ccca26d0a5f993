#pragma once

#include "core/model/fleetsnapshot.h"

#include <QStringList>

namespace vigie::panels::inspector {

/// What one witness says, and whether it stands against the others.
struct Witness {
    QString who, says, when;
    bool disagrees = false;
};

/// A named figure with its unit.
struct Figure {
    QString name, value;
};

/// One state on the time axis.
struct Span {
    WallTime from{}, to{};
    InstanceStatus status = InstanceStatus::Unknown;
};
/// A moment on it: something done, or a change of verdict.
struct Moment {
    WallTime at{};
    QString what;
    bool failed = false;
};
struct Timeline {
    WallTime from{}, to{};
    std::vector<Span> spans;
    std::vector<Moment> moments;
};

std::vector<Witness> witnesses(const InstanceView& view, WallTime now);
std::vector<Figure> figures(const InstanceView& view, WallTime now);
/// From the history when the source serves one, else only the state now, as far as it is known.
Timeline timeline(const InstanceView& view, const Inspection* inspection, WallTime now);
/// What could not be shown of this instance and why, in the operator's language.
QStringList notices(const SourceStatus& source, const Inspection* inspection);

} // namespace vigie::panels::inspector
