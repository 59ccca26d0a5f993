#include "core/orchestrator/workerproof.h"

#include "core/orchestrator/remedywork.h"
#include "core/orchestrator/secrets.h"

namespace vigie {

std::optional<WorkerProof> proofOf(const InstanceRecord& record, const QString& plain) {
    if (secretMatches(plain, record.workerTokenHash))
        return WorkerProof::Token;
    if (secretMatches(plain, record.bootstrapSecretHash))
        return WorkerProof::BootstrapSecret;
    if (secretMatches(plain, record.formerSecretHash))
        return WorkerProof::FormerSecret;
    return std::nullopt;
}

bool awaitsReinstall(const InstanceRecord& record) {
    return record.workInHand == reinstallWork && record.workerId.isEmpty();
}

void enroll(InstanceRecord& record, WorkerProof proof, const QString& workerId,
            const QString& tokenHash) {
    const bool former = awaitsReinstall(record) && proof != WorkerProof::BootstrapSecret;
    if (!former)
        record.workerId = workerId;
    if (!tokenHash.isEmpty())
        record.workerTokenHash = tokenHash;
    if (proof == WorkerProof::BootstrapSecret)
        record.formerSecretHash.clear();
}

void lockOut(InstanceRecord& record) {
    record.bootstrapSecretHash.clear();
    record.formerSecretHash.clear();
    record.workerTokenHash.clear();
}

} // namespace vigie
