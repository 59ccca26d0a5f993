#include "core/calls/callrunner.h"
#include "core/orchestrator/jobs/healthcheck/healthcheck.h"
#include "core/orchestrator/jobs/jobspec.h"

namespace vigie::jobs::healthcheck {

namespace {

const QString section = QStringLiteral("jobs.health-check");

HealthCheckOptions read(const Settings& settings) {
    const auto path = [](QStringView key) { return jobPath(section, key); };
    HealthCheckOptions options;
    options.interval = settings.seconds(path(u"interval_seconds"));
    options.backoffEnabled = settings.boolean(path(u"backoff_enabled"));
    options.backoffMax = settings.seconds(path(u"backoff_max_interval_seconds"));
    options.cacheTtl = settings.seconds(path(u"cache_ttl_seconds"));
    options.deadline = settings.seconds(path(u"probe_deadline_seconds"));
    options.addressTtl = settings.seconds(path(u"address_ttl_seconds"));
    options.parallel = settings.integer(path(u"parallel"));
    options.tokens.enabled = settings.boolean(path(u"synthetic_probe"));
    options.tokens.interval = settings.seconds(path(u"synthetic_interval_seconds"));
    options.tokens.deadline = settings.seconds(path(u"synthetic_deadline_seconds"));
    options.tokens.maxTokens = settings.integer(path(u"synthetic_max_tokens"));
    options.tokens.prompt = settings.text(path(u"synthetic_prompt"));
    return options;
}

/// Through the daemon's engine, which counts it. The request keeps its own deadline.
Task<Outcome<HttpReply>> sendThrough(CallRunner& calls, HttpClient& http, HttpRequest request,
                                     std::stop_token stop) {
    CallOptions options;
    options.stop = std::move(stop);
    options.idempotent = true;
    options.callTimeout = Duration::zero();
    CallFunction<HttpReply> once = [&http, request = std::move(request)](CallContext context) {
        return http.send(request, std::move(context.stop));
    };
    return calls.run<HttpReply>(std::move(once), std::move(options));
}

} // namespace

JobDescriptor descriptor() {
    using enum SettingType;
    JobDescriptor job;
    job.name = QStringLiteral("health-check");
    job.settings = {
        jobSpec(section, u"backoff_enabled", Boolean, true,
                u"Whether an instance that keeps failing is probed less and less often.",
                u"HEALTH_CHECK_BACKOFF_ENABLED"),
        jobSpec(section, u"backoff_max_interval_seconds", Seconds, 300.0,
                u"Longest seconds between two probes of a failing instance.",
                u"HEALTH_CHECK_BACKOFF_MAX_INTERVAL_SECONDS", 0.0, 86400.0),
        jobSpec(section, u"cache_ttl_seconds", Seconds, 30.0,
                u"Seconds for which a good result stands without a new probe.",
                u"HEALTH_CHECK_CACHE_TTL_SECONDS", 0.0, 86400.0),
        jobSpec(section, u"probe_deadline_seconds", Seconds, 5.0,
                u"Seconds after which a request of a probe has failed.", u"", 0.01, 300.0),
        jobSpec(section, u"address_ttl_seconds", Seconds, 60.0,
                u"Seconds for which the address that the provider told is used without asking "
                u"again.",
                u"", 0.0, 86400.0),
        jobSpec(section, u"parallel", Integer, 64, u"Probes at once.", u"", 1.0, 1000.0),
        jobSpec(section, u"synthetic_probe", Boolean, false,
                u"Whether the model is asked for a few real tokens as well."),
        jobSpec(section, u"synthetic_interval_seconds", Seconds, 300.0,
                u"Seconds between two such questions to an instance that answers them.", u"", 0.0,
                86400.0),
        jobSpec(section, u"synthetic_deadline_seconds", Seconds, 30.0,
                u"Seconds after which such a question has failed.", u"", 0.01, 600.0),
        jobSpec(section, u"synthetic_max_tokens", Integer, 4, u"Tokens asked for.", u"", 1.0,
                1000.0),
        jobSpec(section, u"synthetic_prompt", Text, QStringLiteral("Say OK."),
                u"What the model is asked."),
    };
    job.create = [](JobContext& context) -> std::unique_ptr<Job> {
        const auto send = [&http = context.http, calls = context.probeCalls](HttpRequest request,
                                                                             std::stop_token stop) {
            return calls ? sendThrough(*calls, http, std::move(request), std::move(stop))
                         : http.send(std::move(request), std::move(stop));
        };
        return std::make_unique<HealthCheckJob>(context, read(context.settings),
                                                readWatchdogSettings(context.settings), send);
    };
    return job;
}

} // namespace vigie::jobs::healthcheck
