#pragma once

#include "core/alerts/alertrule.h"
#include "core/orchestrator/automation.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "core/orchestrator/taskhost/taskfigures.h"
#include "core/orchestrator/volumesurvey.h"

#include <functional>
#include <vector>

namespace vigie {

/// What a daemon knows about itself at one moment, beyond the instances.
struct DaemonFacts {
    std::size_t writesWaiting = 0; ///< see WriteQueue
    std::optional<Failure> storeFailure;
    AutomationView automation;
    std::vector<JobStats> jobs;
    std::vector<TaskFigures::Failing> failingTasks;
    std::vector<VolumeFinding> stuckVolumes; ///< whose deletion is given up
    int stuckMachines = 0;                   ///< orphans whose deletion is given up
    QString massAbsence; ///< why machines that are called absent are not believed to be gone
    QStringList chaos;   ///< what is made worse on purpose
    WallTime now{};
};

/// Rules about the daemon itself: its store, its jobs, what keeps its automation still. The facts
/// come from `facts`, which outlives the rules; what AlertFacts holds is not looked at.
std::vector<AlertRule> daemonRules(const std::function<const DaemonFacts&()>& facts);

} // namespace vigie
