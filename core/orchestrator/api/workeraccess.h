#pragma once

#include "core/base/outcome.h"
#include "core/http/httpserver.h"
#include "core/orchestrator/controlplane.h"

#include <optional>

namespace vigie {

/// What a worker showed to prove that it speaks for its instance.
enum class WorkerProof {
    BootstrapSecret, ///< delivered to its machine at creation or reinstall
    Token,           ///< handed out at register
};

/// Whether the caller may speak for `id`. Secrets of an older incarnation prove nothing. Failures:
/// Unauthorized (no bearer, or one nobody knows), NotFound (no such instance), Forbidden (it
/// belongs to another instance).
Outcome<WorkerProof> proveWorker(const ControlPlane& plane, const InstanceId& id,
                                 const ServerRequest& request);

/// The instance whose current secret or token `plain` is.
std::optional<InstanceId> workerBehind(const ControlPlane& plane, const QString& plain);

} // namespace vigie
