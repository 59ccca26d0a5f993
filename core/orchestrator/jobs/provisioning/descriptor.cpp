#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/jobs/provisioning/provisioning.h"

namespace vigie::jobs::provisioning {

namespace {

const QString section = QStringLiteral("jobs.provisioning");

ProvisioningOptions read(const Settings& settings) {
    const auto path = [](QStringView key) { return jobPath(section, key); };
    ProvisioningOptions options;
    options.maxAttempts = settings.integer(path(u"max_attempts"));
    options.firstDelay = settings.seconds(path(u"first_delay_seconds"));
    options.maxDelay = settings.seconds(path(u"max_delay_seconds"));
    options.callLimit = settings.seconds(path(u"call_limit_seconds"));
    options.settle = settings.seconds(path(u"settle_seconds"));
    options.parallel = settings.integer(path(u"parallel"));
    return options;
}

} // namespace

JobDescriptor descriptor() {
    using enum SettingType;
    JobDescriptor job;
    job.shares = true;
    job.name = QStringLiteral("provisioning");
    job.settings = {
        jobSpec(section, u"max_attempts", Integer, 5,
                u"Calls to create a machine before the instance is provisioning_failed.", u"", 1.0,
                100.0),
        jobSpec(section, u"first_delay_seconds", Seconds, 5.0,
                u"Seconds before the second attempt; each further one waits twice as long.", u"",
                0.0, 3600.0),
        jobSpec(section, u"max_delay_seconds", Seconds, 300.0,
                u"Longest seconds between two attempts.", u"", 0.0, 86400.0),
        jobSpec(section, u"call_limit_seconds", Seconds, 300.0,
                u"Seconds after which a call to the provider is given up.", u"", 0.1, 3600.0),
        jobSpec(section, u"settle_seconds", Seconds, 30.0,
                u"Least seconds before another attempt when it is unknown whether a machine was "
                u"made: as long as the provider's lists may lag behind.",
                u"", 0.0, 3600.0),
        jobSpec(section, u"parallel", Integer, 4, u"Machines made at once.", u"", 1.0, 100.0),
    };
    job.create = [](JobContext& context) -> std::unique_ptr<Job> {
        return std::make_unique<ProvisioningJob>(context, read(context.settings));
    };
    return job;
}

} // namespace vigie::jobs::provisioning
