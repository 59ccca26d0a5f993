#pragma once

#include "core/orchestrator/controlplane.h"

#include <QHash>

namespace vigie {

/// Ends the draining of instances: terminates each whose worker said that its queue is empty, whose
/// time is up or whose worker died meanwhile. One that somebody holds is left alone.
class DrainWatch {
public:
    DrainWatch(ControlPlane& plane, Duration deadline) : m_plane(plane), m_deadline(deadline) {}

    /// Returns how many took a step.
    Task<int> tick();

private:
    struct Seen {
        std::optional<WallTime> since; ///< of the state
        MonotonicTime at{};
        Duration before{}; ///< what had passed when it was first seen
    };
    struct Step {
        TransitionCause cause;
        QString why;
    };
    std::optional<Step> nextStep(const InstanceRecord& record);
    std::optional<QString> whyOver(const InstanceRecord& record);
    Task<Outcome<InstanceRecord>> take(InstanceId id, Step step);

    ControlPlane& m_plane;
    Duration m_deadline;
    QHash<InstanceId, Seen> m_seen;
};

} // namespace vigie
