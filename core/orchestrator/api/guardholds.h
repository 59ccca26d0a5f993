#pragma once

#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/jobs/job.h"

#include <span>

namespace vigie {

/// A guard of judgement.md and what it is for, in one sentence.
struct GuardSentence {
    QStringView name, says;
};
/// All that can keep automation from something: those of remedies in the order of guardNames(),
/// then what keeps a verdict back, then the clean-up's own.
std::span<const GuardSentence> guardSentences();

/// What a guard keeps automation from now.
struct GuardHold {
    QString guard;
    QString job;
    QString id;   ///< of the instance, or the provider's of a machine or volume
    QString says; ///< why, with its figures
};
/// All of it, as the newest cycle of each job left it.
std::vector<GuardHold> guardHolds(const ControlPlane& plane, const VolumeBoard& volumes,
                                  const MachineBoard& machines, const CleanUpBoard& cleanUps);

} // namespace vigie
