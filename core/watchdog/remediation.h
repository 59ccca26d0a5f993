#pragma once

#include "core/watchdog/guards.h"

#include <span>

namespace vigie {

/// One remedy to begin now.
struct PlannedStep {
    InstanceId instance;
    QString pool, zone;
    RemedyStep step = RemedyStep::RestartWorker;
    int attempt = 1;
    bool further = false; ///< of a recovery that was begun: it starts no other one
    QString says;         ///< what is done and why this rung, one sentence
};

/// A remedy that a guard holds back.
struct BlockedStep {
    InstanceId instance;
    QString guard; ///< stable name, see guardNames()
    QString says;  ///< with its figures
};

/// What automation does in one tick.
struct RemediationPlan {
    std::vector<PlannedStep> steps;
    std::vector<BlockedStep> blocked;
    std::vector<PlannedStep> wouldHaveDone; ///< in observe mode; nobody has been told yet
};

/// Every guard, in the order in which they are asked.
std::span<const QStringView> guardNames();

/// Pure. Who was found due first comes first; each step that is planned counts against the limits
/// of those after it. `now` and `wallNow` are the same moment on both clocks.
RemediationPlan plan(const std::vector<GuardedInstance>& instances, const GuardState& state,
                     const GuardPolicy& policy, MonotonicTime now, WallTime wallNow);

/// How many of a pool of this size may be in recovery at once.
int blastRadius(int poolSize, const GuardPolicy& policy);

/// The next rung for an instance with this past; nothing: a person is asked. Rungs that its
/// provider can't do are skipped, and `skipped` says which.
std::optional<RemedyStep> nextRung(const RemedyPast& past, const std::vector<RemedyStep>& refused,
                                   const GuardPolicy& policy, QStringList* skipped = nullptr);

} // namespace vigie
