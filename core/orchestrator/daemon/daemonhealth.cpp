#include "core/orchestrator/daemon/daemonhealth.h"

#include "core/base/log.h"
#include "core/calls/profiles.h"
#include "core/errors/errorpolicy.h"
#include "core/services/servicesettings.h"
#include "core/tasks/workspace/taskworkspace.h"

#include <algorithm>

namespace vigie {

namespace {

HealthOptions healthOptions(const WorkflowPreset& preset) {
    HealthOptions options;
    options.enabled = preset.enabled;
    options.interval = preset.healthInterval;
    options.timeout = std::min<Duration>(options.timeout, preset.healthInterval);
    options.healthyRate = preset.healthyRate;
    options.degradedRate = preset.degradedRate;
    return options;
}

void tellChange(const ComponentHealth& now, HealthStatus before) {
    const LogLevel level = now.status == HealthStatus::Healthy ? LogLevel::Info : LogLevel::Warning;
    log(level, QStringLiteral("health"),
        QStringLiteral("%1 is %2 (was %3): %4")
            .arg(now.name, toString(now.status), toString(before), now.message));
}

Task<HealthFinding> checkStore(AuditStore& store, std::stop_token) {
    ActionLogQuery one;
    one.limit = 1;
    const auto read = co_await store.actionLogs(one);
    co_return HealthFinding{read.has_value(),
                            read ? QStringLiteral("the store answers") : read.error().message};
}

Task<HealthFinding> checkBreakers(std::function<std::vector<Breaker>()> breakers, std::stop_token) {
    for (const Breaker& breaker : breakers()) {
        if (breaker.effective == BreakerMode::Open || breaker.effective == BreakerMode::ForcedOpen)
            co_return HealthFinding{false, QStringLiteral("the circuit breaker %1 is %2")
                                               .arg(breaker.name, toString(breaker.effective))};
    }
    co_return HealthFinding{true, QStringLiteral("its circuit breaker lets calls pass")};
}

Task<HealthFinding> checkService(Service& service, std::stop_token stop) {
    const auto found = co_await service.check(std::move(stop));
    co_return HealthFinding{found.has_value(), found ? found->summary : found.error().message};
}

/// A check is one attempt: its cause is told before the next is due, and the window of checks is
/// what tells a moment from an outage.
ProfileSet withoutRetries(ProfileSet profiles) {
    for (const std::string& name : profiles.names()) {
        Profile once = *profiles.find(name);
        once.retry.maxAttempts = 1;
        profiles.put(std::move(once));
    }
    return profiles;
}

} // namespace

DaemonHealth::DaemonHealth(Clock& clock, const HealthOptions& options)
    : m_clock(clock), m_monitor(clock, options, tellChange) {}

Outcome<std::unique_ptr<DaemonHealth>>
DaemonHealth::make(Clock& clock, const Settings& settings, AuditStore& store,
                   std::function<std::vector<Breaker>()> breakers, SharedCalls shared) {
    const auto options = read(settings);
    if (!options)
        return fail(options.error());
    std::unique_ptr<DaemonHealth> health(new DaemonHealth(clock, *options));
    health->m_monitor.add(QStringLiteral("store"), true, [&store](std::stop_token stop) {
        return checkStore(store, std::move(stop));
    });
    health->m_monitor.add(QStringLiteral("provider"), true,
                          [breakers = std::move(breakers)](std::stop_token stop) {
                              return checkBreakers(breakers, std::move(stop));
                          });
    if (auto added = health->addServices(settings, shared); !added)
        return fail(added.error());
    return health;
}

/// Only services that the configuration names are watched; a default address is nobody's wish.
Outcome<void> DaemonHealth::addServices(const Settings& settings, SharedCalls calls) {
    const auto classifier = errorClassifierFrom(settings);
    if (!classifier)
        return fail(classifier.error());
    auto profiles = loadProfiles(settings.text(QStringLiteral("resilience.profiles")));
    if (!profiles)
        return fail(profiles.error());
    const auto shared = std::make_shared<const ProfileSet>(withoutRetries(std::move(*profiles)));
    const bool enabled = settings.boolean(QStringLiteral("resilience.enabled"));
    const bool breakersOn = settings.boolean(QStringLiteral("circuit_breaker.enabled"));
    for (const ServiceDescriptor& descriptor : services::registry()) {
        const QString url = servicePath(descriptor.name, "url");
        if (!settings.isSet(url) || settings.text(url).isEmpty())
            continue;
        auto http = serviceHttpClient(descriptor.name, m_clock, settings);
        if (!http)
            return fail(http.error());
        const ServiceContext context{m_clock, **http, settings,   *classifier,
                                     enabled, shared, breakersOn, calls};
        auto service = descriptor.create(context);
        if (!service)
            return fail(service.error());
        m_services.push_back({std::move(*http), std::move(*service)});
        Service& watched = *m_services.back().service;
        m_monitor.add(descriptor.name, false, [&watched](std::stop_token stop) {
            return checkService(watched, std::move(stop));
        });
    }
    return {};
}

Outcome<HealthOptions> DaemonHealth::read(const Settings& settings) {
    const auto preset = presetFrom(settings);
    if (!preset)
        return fail(preset.error());
    return healthOptions(*preset);
}

} // namespace vigie
