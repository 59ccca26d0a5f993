#pragma once

#include "core/store/fleetstore.h"

#include <optional>

namespace vigie {

/// What a worker showed to prove that it speaks for its instance.
enum class WorkerProof {
    BootstrapSecret, ///< delivered to its machine at creation or reinstall
    FormerSecret,    ///< that of the incarnation before, see InstanceRecord::formerSecretHash
    Token,           ///< handed out at register
};

/// What `plain` proves about the instance; nothing: it is none of its secrets.
std::optional<WorkerProof> proofOf(const InstanceRecord& record, const QString& plain);

/// Whether its machine is to be reinstalled and no worker of the new incarnation was seen yet. Who
/// beats meanwhile is the worker of before: that speaks against the reinstall and for nothing else.
bool awaitsReinstall(const InstanceRecord& record);

/// What a registration changes in the record. `tokenHash`: of the token that is handed out, empty
/// for a worker that keeps the one it has.
void enroll(InstanceRecord& record, WorkerProof proof, const QString& workerId,
            const QString& tokenHash);

/// No secret or token is good any more.
void lockOut(InstanceRecord& record);

} // namespace vigie
