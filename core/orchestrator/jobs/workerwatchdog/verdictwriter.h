#pragma once

#include "core/orchestrator/jobs/job.h"
#include "core/watchdog/assess.h"

namespace vigie::jobs::workerwatchdog {

/// What was known when an instance was judged; a verdict is written only while that still holds.
struct Judged {
    InstanceId id;
    InstanceStatus status = InstanceStatus::Unknown;
    int incarnation = 0;
    QString machine;
    std::optional<MonotonicTime> lastBeat;
};
Judged judgedNow(const FleetEntry& entry);

/// A sentence when the instance changed or was heard since it was judged.
std::optional<QString> whyOutdated(const ControlPlane& plane, const Judged& judged,
                                   const InstanceRecord& record);

/// The transition that a judgement asks of an instance; nothing when its status stays.
std::optional<TransitionCause> causeOf(const InstanceRecord& record, const Testimony& said);

/// Writes the status that a verdict asks for, with rule and evidence in the action log.
Task<Outcome<void>> writeVerdict(ControlPlane& plane, Judged judged, TransitionCause cause,
                                 Assessment assessment);

} // namespace vigie::jobs::workerwatchdog
