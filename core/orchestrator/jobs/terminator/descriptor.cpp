#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/jobs/terminator/terminator.h"

namespace vigie::jobs::terminator {

namespace {

const QString section = QStringLiteral("jobs.terminator");

TerminatorOptions read(const Settings& settings) {
    const auto path = [](QStringView key) { return jobPath(section, key); };
    TerminatorOptions options;
    options.maxAttempts = settings.integer(path(u"max_attempts"));
    options.firstDelay = settings.seconds(path(u"first_delay_seconds"));
    options.maxDelay = settings.seconds(path(u"max_delay_seconds"));
    options.slowRetry = settings.seconds(path(u"slow_retry_seconds"));
    options.callLimit = settings.seconds(path(u"call_limit_seconds"));
    options.parallel = settings.integer(path(u"parallel"));
    // One setting for all deletions of volumes, whichever job asks for them.
    const QString volumes = QStringLiteral("jobs.volume-reconciliation");
    options.volumeAttempts = settings.integer(jobPath(volumes, u"retry_max_attempts"));
    options.volumeFirstDelay = settings.seconds(jobPath(volumes, u"retry_backoff_seconds"));
    return options;
}

} // namespace

JobDescriptor descriptor() {
    using enum SettingType;
    JobDescriptor job;
    job.shares = true;
    job.name = QStringLiteral("terminator");
    job.settings = {
        jobSpec(section, u"max_attempts", Integer, 20,
                u"Failures in a row before an instance that can't be deleted is failed.", u"", 1.0,
                1000.0),
        jobSpec(section, u"first_delay_seconds", Seconds, 5.0,
                u"Seconds before the second attempt; each further one waits twice as long.", u"",
                0.0, 3600.0),
        jobSpec(section, u"max_delay_seconds", Seconds, 300.0,
                u"Longest seconds between two attempts.", u"", 0.0, 86400.0),
        jobSpec(section, u"slow_retry_seconds", Seconds, 900.0,
                u"Seconds after which a deletion that failed for good is tried again.", u"", 1.0,
                604800.0),
        jobSpec(section, u"call_limit_seconds", Seconds, 300.0,
                u"Seconds after which the calls to the provider are given up.", u"", 0.1, 3600.0),
        jobSpec(section, u"parallel", Integer, 4, u"Machines deleted at once.", u"", 1.0, 100.0),
    };
    job.create = [](JobContext& context) -> std::unique_ptr<Job> {
        return std::make_unique<TerminatorJob>(context, read(context.settings));
    };
    return job;
}

} // namespace vigie::jobs::terminator
