#include "core/model/holding.h"
#include "core/orchestrator/jobs/jobspec.h"
#include "core/orchestrator/jobs/workerwatchdog/workerwatchdog.h"

namespace vigie::jobs::workerwatchdog {

namespace {

const QString section = QStringLiteral("jobs.worker-watchdog");

EvidenceOptions read(const Settings& settings) {
    const auto path = [](QStringView key) { return jobPath(section, key); };
    EvidenceOptions options;
    options.callLimit = settings.seconds(path(u"call_limit_seconds"));
    options.parallel = settings.integer(path(u"parallel"));
    return options;
}

// Silent instances are probed in each cycle of the health check; three missed are too many.
Duration probeFreshness(const Settings& settings) {
    const QString healthCheck = QStringLiteral("jobs.health-check");
    return 3 * settings.seconds(jobPath(healthCheck, u"interval_seconds")) +
           2 * settings.seconds(jobPath(healthCheck, u"probe_deadline_seconds"));
}

} // namespace

JobDescriptor descriptor() {
    using enum SettingType;
    JobDescriptor job;
    job.name = QStringLiteral("worker-watchdog");
    job.settings = {
        jobSpec(section, u"call_limit_seconds", Seconds, 30.0,
                u"Seconds after which a question to the provider is given up.", u"", 0.1, 3600.0),
        jobSpec(section, u"parallel", Integer, 8, u"Questions to the provider at once.", u"", 1.0,
                100.0),
    };
    job.create = [](JobContext& context) -> std::unique_ptr<Job> {
        context.probes.freshFor = probeFreshness(context.settings);
        context.reinstaller.askBeforeEachTry([&context](const InstanceId& id) {
            const InstanceRecord* record = context.plane.find(id);
            if (record && isHeld(record->instance.held, context.clock.wallNow()))
                return QStringLiteral("%1 holds it (%2)")
                    .arg(record->instance.held->actor, record->instance.held->reason);
            return context.probes.serves(id, context.clock.now())
                       ? QStringLiteral("its model answers its probe")
                       : QString();
        });
        return std::make_unique<WorkerWatchdogJob>(context, read(context.settings),
                                                   readWatchdogSettings(context.settings));
    };
    return job;
}

} // namespace vigie::jobs::workerwatchdog
