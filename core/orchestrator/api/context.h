#pragma once

#include "core/config/settings.h"
#include "core/model/breaker.h"
#include "core/orchestrator/api/access.h"
#include "core/orchestrator/api/fleetfeed.h"
#include "core/orchestrator/api/idempotency.h"
#include "core/orchestrator/api/instanceteller.h"
#include "core/orchestrator/breakeroverrides.h"
#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "core/orchestrator/taskhost/taskhost.h"
#include "core/providers/provider.h"
#include "core/tasks/health/healthmonitor.h"

#include <functional>
#include <vector>

namespace vigie {

class AlertDesk;
class ApiMetrics;
class CallRunner;
class CallerLimits;
class ChaosDesk;
class EventFeed;
class SimulationDesk;

/// What the handlers of one daemon work with; all outlive the API.
struct ApiContext {
    ControlPlane& plane;
    Provider& provider;
    JobRunner& jobs;
    AccessControl& access;
    IdempotencyGate& idempotency;
    InstanceTeller& teller;
    FleetFeed& feed;
    ApiMetrics& metrics;
    std::function<std::vector<Breaker>()> breakers;
    /// The calls in the window of a breaker; nothing for a name that does not exist.
    std::function<std::optional<std::vector<BreakerCall>>(const QString&)> breakerCalls;
    BreakerOverrides& overrides;
    TaskHost& tasks;
    QString daemonName;                     ///< who holds the leases
    QStringList allowedOrigins;             ///< besides the address that was called
    Duration beatInterval;                  ///< what workers are expected to keep
    std::function<HealthReport()> health{}; ///< of the daemon's parts; empty: not watched
    EventFeed* events = nullptr;            ///< always there
    HttpClient* http = nullptr;             ///< always there; for what is proxied from workers
    CallRunner* workerCalls = nullptr;      ///< what such calls go through; null: nothing
    AlertDesk* alerts = nullptr;            ///< always there
    ChaosDesk* chaos = nullptr;             ///< always there
    SimulationDesk* simulations = nullptr;  ///< always there
    CallerLimits* limits = nullptr;         ///< null: none
};

} // namespace vigie
