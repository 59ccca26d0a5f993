#pragma once

#include "core/base/outcome.h"
#include "core/http/httpserver.h"
#include "core/orchestrator/controlplane.h"
#include "core/orchestrator/workerproof.h"

#include <optional>

namespace vigie {

/// Whether the caller may speak for `id`. Secrets of an older incarnation prove nothing, but for
/// the one before while its reinstall still waits (workerproof.h). Failures:
/// Unauthorized (no bearer, or one nobody knows), NotFound (no such instance), Forbidden (it
/// belongs to another instance).
Outcome<WorkerProof> proveWorker(const ControlPlane& plane, const InstanceId& id,
                                 const ServerRequest& request);

/// The instance whose current secret or token `plain` is.
std::optional<InstanceId> workerBehind(const ControlPlane& plane, const QString& plain);

} // namespace vigie
