#pragma once

#include "core/config/settings.h"
#include "core/http/httpclient.h"
#include "core/model/breaker.h"
#include "core/services/service.h"
#include "core/store/store.h"
#include "core/tasks/health/healthmonitor.h"

#include <functional>
#include <memory>
#include <vector>

namespace vigie {

/// How well the daemon's own parts are, and what it leans on: the store, the provider's circuit
/// breaker, and each service that the configuration names. Thresholds and interval are those of the
/// preset.
class DaemonHealth {
public:
    /// Invalid for a preset that does not exist or a service whose settings are wrong. All
    /// references outlive it, and so does what its calls share with others.
    static Outcome<std::unique_ptr<DaemonHealth>>
    make(Clock& clock, const Settings& settings, AuditStore& store,
         std::function<std::vector<Breaker>()> breakers, SharedCalls shared = {});

    void start() { m_monitor.start(); }
    HealthReport report() const { return m_monitor.report(); }
    /// What the preset of these settings says of checks; Invalid when there is none such.
    static Outcome<HealthOptions> read(const Settings& settings);
    /// Checks like this from now on; what was found so far stays. Services stay as they are.
    void configure(const HealthOptions& options) { m_monitor.configure(options); }

private:
    DaemonHealth(Clock& clock, const HealthOptions& options);
    Outcome<void> addServices(const Settings& settings, SharedCalls calls);

    struct Watched {
        std::unique_ptr<HttpClient> http;
        std::unique_ptr<Service> service;
    };

    Clock& m_clock;
    std::vector<Watched> m_services;
    HealthMonitor m_monitor; ///< last: its checks use the services
};

} // namespace vigie
