#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/jobs/volumereconciliation/volumereconciliation.h"
#include "core/orchestrator/orphansettings.h"

namespace vigie::jobs::volumereconciliation {

namespace {

const QString section = QStringLiteral("jobs.volume-reconciliation");

VolumeReconciliationOptions read(const Settings& settings) {
    const auto path = [](QStringView key) { return jobPath(section, key); };
    VolumeReconciliationOptions options;
    options.enabled = settings.boolean(path(u"enabled"));
    options.limits = readOrphanLimits(settings, section);
    options.callLimit = settings.seconds(path(u"call_limit_seconds"));
    return options;
}

} // namespace

JobDescriptor descriptor() {
    using enum SettingType;
    JobDescriptor job;
    job.name = QStringLiteral("volume-reconciliation");
    job.defaultInterval = std::chrono::seconds(60);
    job.settings = {
        jobSpec(section, u"enabled", Boolean, true,
                u"Whether volumes at the provider are compared with the store at all.",
                u"VOLUME_RECONCILIATION_ENABLED"),
        jobSpec(section, u"call_limit_seconds", Seconds, 300.0,
                u"Seconds after which a call to the provider is given up.", u"", 0.1, 3600.0),
    };
    const std::vector<SettingSpec> limits = orphanSpecs(
        section, {u"VOLUME_DELETE_RETRY_MAX_ATTEMPTS", u"VOLUME_DELETE_RETRY_BACKOFF_SECONDS"});
    job.settings.insert(job.settings.end(), limits.begin(), limits.end());
    job.create = [](JobContext& context) -> std::unique_ptr<Job> {
        return std::make_unique<VolumeReconciliationJob>(context, read(context.settings));
    };
    return job;
}

} // namespace vigie::jobs::volumereconciliation
