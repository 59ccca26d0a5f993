#include "core/orchestrator/jobs/jobrunner.h"
#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/watchdogsettings.h"

namespace vigie {

namespace {

SettingSpec intervalSpec(const JobDescriptor& job) {
    return jobs::jobSpec(QStringLiteral("jobs.") + job.name, u"interval_seconds",
                         SettingType::Seconds,
                         std::chrono::duration<double>(job.defaultInterval).count(),
                         u"Seconds between two cycles of this job.", u"", 0.01, 86400.0);
}

} // namespace

std::vector<SettingSpec> jobSettings() {
    std::vector<SettingSpec> all = watchdogSettingSpecs();
    for (const JobDescriptor& job : jobs::registry()) {
        all.push_back(intervalSpec(job));
        all.insert(all.end(), job.settings.begin(), job.settings.end());
    }
    const std::vector<SettingSpec> actions = actionSettingSpecs();
    all.insert(all.end(), actions.begin(), actions.end());
    return all;
}

} // namespace vigie
