#include "core/orchestrator/api/handlers.h"

#include <array>

namespace vigie {

namespace {

using Trait = Route::Trait;

constexpr std::array routes{
    // Part A of the contract.
    Route{"GET", "/version", Need::Nobody, system_::version},
    Route{"POST", "/auth/login", Need::Nobody, system_::login, Trait::Secret},
    Route{"GET", "/instances", Need::Viewer, instances::list, Trait::OfStore},
    Route{"GET", "/instances/search", Need::Viewer, instances::search, Trait::OfStore},
    Route{"GET", "/instances/{id}", Need::Viewer, instances::one, Trait::OfStore},
    Route{"DELETE", "/instances/{id}", Need::Operator, actions::terminate},
    Route{"POST", "/instances/{id}/reinstall", Need::Operator, actions::reinstall},
    Route{"PUT", "/instances/{id}/archive", Need::Operator, actions::archive},
    Route{"GET", "/instances/{id}/metrics", Need::Viewer, instances::tokenFigures, Trait::OfStore},
    Route{"POST", "/deployments", Need::Operator, deployments::create},
    Route{"GET", "/action_logs", Need::Viewer, audit::list},
    Route{"GET", "/action_logs/search", Need::Viewer, audit::search},
    Route{"GET", "/action_types", Need::Viewer, audit::types},
    Route{"POST", "/reconcile", Need::Operator, catalog::reconcile},
    Route{"GET", "/catalog", Need::Viewer, catalog::show, Trait::OfStore},
    Route{"POST", "/catalog/sync", Need::Operator, catalog::sync},
    Route{"GET", "/gpu/activity", Need::Viewer, activity::gpu},
    Route{"GET", "/system/activity", Need::Viewer, activity::system},
    Route{"GET", "/admin/status", Need::Viewer, catalog::adminStatus, Trait::OfStore},
    Route{"POST", "/internal/worker/register", Need::Worker, workers::enroll},
    Route{"POST", "/internal/worker/heartbeat", Need::Worker, workers::heartbeat},
    // Part B.
    Route{"GET", "/openapi.json", Need::Nobody, system_::openApi},
    Route{"GET", "/livez", Need::Nobody, system_::livez},
    Route{"GET", "/readyz", Need::Nobody, system_::readyz},
    Route{"GET", "/health/components", Need::Viewer, system_::health},
    Route{"GET", "/whoami", Need::Viewer, system_::whoami},
    Route{"GET", "/metrics", Need::Metrics, system_::metrics},
    Route{"GET", "/fleet", Need::Viewer, fleet::snapshot, Trait::OfStore},
    Route{"POST", "/instances/{id}/bootstrap_secret", Need::Admin, actions::bootstrapSecret,
          Trait::Secret},
    Route{"GET", "/volumes", Need::Viewer, volumes_::list, Trait::OfStore},
    Route{"GET", "/events/stream", Need::Viewer, events::stream},
    Route{"GET", "/instances/{id}/logs", Need::Viewer, instances::logs},
    Route{"GET", "/instances/{id}/history", Need::Viewer, instances::history},
    Route{"GET", "/instances/{id}/heartbeats", Need::Viewer, instances::heartbeats},
    Route{"POST", "/actions/plan", Need::Operator, operations::plan, Trait::OfStore},
    Route{"GET", "/actions", Need::Viewer, operations::list, Trait::OfStore},
    Route{"POST", "/actions", Need::Operator, operations::start},
    Route{"GET", "/actions/{id}", Need::Viewer, operations::one, Trait::OfStore},
    Route{"POST", "/actions/{id}/pause", Need::Operator, operations::pause},
    Route{"POST", "/actions/{id}/resume", Need::Operator, operations::resume},
    Route{"POST", "/actions/{id}/abort", Need::Operator, operations::abort},
    Route{"GET", "/jobs", Need::Viewer, system_::jobs},
    Route{"POST", "/jobs/{name}/run", Need::Admin, system_::runJob},
    Route{"GET", "/automation", Need::Viewer, automation_::show},
    Route{"POST", "/automation", Need::Admin, automation_::change},
    Route{"GET", "/policy", Need::Viewer, policy_::show},
    Route{"PUT", "/policy", Need::Admin, policy_::change},
    Route{"GET", "/admin/mock", Need::Admin, mock_::show},
    Route{"POST", "/admin/mock", Need::Admin, mock_::change},
    Route{"GET", "/chaos", Need::Admin, chaos_::show},
    Route{"POST", "/chaos", Need::Admin, chaos_::change},
    Route{"GET", "/scenarios", Need::Viewer, simulations::scenarios},
    Route{"GET", "/simulations", Need::Viewer, simulations::list},
    Route{"POST", "/simulations", Need::Operator, simulations::begin},
    Route{"GET", "/simulations/{id}", Need::Viewer, simulations::one},
    Route{"POST", "/simulations/{id}/abort", Need::Operator, simulations::abort},
    Route{"GET", "/finops/events", Need::Viewer, finops::list},
    Route{"GET", "/orphan_machines", Need::Viewer, machines::orphans, Trait::OfStore},
    Route{"GET", "/circuit_breakers", Need::Viewer, breakers::list},
    Route{"POST", "/circuit_breakers/{name}", Need::Operator, breakers::impose},
    Route{"GET", "/circuit_breakers/{name}/calls", Need::Viewer, breakers::calls},
    Route{"GET", "/alerts", Need::Viewer, alerts::list},
    Route{"GET", "/silences", Need::Viewer, alerts::silences},
    Route{"POST", "/silences", Need::Operator, alerts::silence},
    Route{"DELETE", "/silences/{id}", Need::Operator, alerts::endSilence},
    Route{"GET", "/latency", Need::Viewer, latency::show},
    Route{"GET", "/tasks", Need::Viewer, tasks::list},
    Route{"POST", "/tasks", Need::Operator, tasks::begin, Trait::AnyText},
    Route{"GET", "/tasks/{id}", Need::Viewer, tasks::one},
    Route{"GET", "/dead_letters", Need::Viewer, deadletters::list},
    Route{"PATCH", "/dead_letters/{id}", Need::Operator, deadletters::edit, Trait::AnyText},
    Route{"DELETE", "/dead_letters/{id}", Need::Operator, deadletters::drop},
    Route{"POST", "/dead_letters/{id}/replay", Need::Operator, deadletters::replay},
    Route{"GET", "/checkpoints", Need::Viewer, checkpoints::list},
    Route{"POST", "/checkpoints/{id}/resume", Need::Operator, checkpoints::resume},
};

} // namespace

std::span<const Route> routeTable() {
    return routes;
}

} // namespace vigie
