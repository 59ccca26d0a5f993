#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/jobs/recovery/recoveryjob.h"

namespace vigie::jobs::recovery {

namespace {

const QString section = QStringLiteral("jobs.recovery");

RecoveryOptions read(const Settings& settings) {
    const auto path = [](QStringView key) { return jobPath(section, key); };
    RecoveryOptions options;
    options.provisioningLimit = settings.seconds(path(u"provisioning_timeout_seconds"));
    options.terminatingLimit = settings.seconds(path(u"terminating_timeout_seconds"));
    options.cleanUpAfter = settings.seconds(path(u"clean_up_after_seconds"));
    return options;
}

} // namespace

JobDescriptor descriptor() {
    using enum SettingType;
    constexpr double month = 30 * 86400.0;
    JobDescriptor job;
    job.name = QStringLiteral("recovery");
    job.defaultInterval = std::chrono::seconds(30);
    job.settings = {
        jobSpec(section, u"provisioning_timeout_seconds", Seconds, 3600.0,
                u"Seconds in provisioning after which that is said to take too long.", u"", 0.1,
                month),
        jobSpec(section, u"terminating_timeout_seconds", Seconds, 120.0,
                u"Seconds in terminating after which that is said to take too long.", u"", 0.1,
                month),
        jobSpec(section, u"clean_up_after_seconds", Seconds, 0.0,
                u"Seconds after which a failed start-up or provisioning is terminated; 0: a "
                u"person does that.",
                u"", 0.0, 12 * month),
    };
    job.create = [](JobContext& context) -> std::unique_ptr<Job> {
        return std::make_unique<RecoveryJob>(context, read(context.settings),
                                             readWatchdogSettings(context.settings));
    };
    return job;
}

} // namespace vigie::jobs::recovery
