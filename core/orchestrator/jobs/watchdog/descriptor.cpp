#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/jobs/watchdog/watchdog.h"
#include "core/orchestrator/orphansettings.h"

namespace vigie::jobs::watchdog {

namespace {

const QString section = QStringLiteral("jobs.watch-dog");

WatchDogOptions read(const Settings& settings) {
    const auto path = [](QStringView key) { return jobPath(section, key); };
    WatchDogOptions options;
    options.limits = readOrphanLimits(settings, section);
    options.absentCycles = settings.integer(path(u"absent_cycles"));
    options.callLimit = settings.seconds(path(u"call_limit_seconds"));
    options.parallel = settings.integer(path(u"parallel"));
    return options;
}

} // namespace

JobDescriptor descriptor() {
    using enum SettingType;
    JobDescriptor job;
    job.name = QStringLiteral("watch-dog");
    job.settings = {
        jobSpec(section, u"absent_cycles", Integer, 2,
                u"Cycles in which the provider must call a machine absent before that is believed.",
                u"", 2.0, 1000.0),
        jobSpec(section, u"call_limit_seconds", Seconds, 60.0,
                u"Seconds after which a call to the provider is given up.", u"", 0.1, 3600.0),
        jobSpec(section, u"parallel", Integer, 8, u"Questions to the provider at once.", u"", 1.0,
                100.0),
    };
    const std::vector<SettingSpec> limits = orphanSpecs(section);
    job.settings.insert(job.settings.end(), limits.begin(), limits.end());
    job.create = [](JobContext& context) -> std::unique_ptr<Job> {
        return std::make_unique<WatchDogJob>(context, read(context.settings),
                                             readWatchdogSettings(context.settings));
    };
    return job;
}

} // namespace vigie::jobs::watchdog
