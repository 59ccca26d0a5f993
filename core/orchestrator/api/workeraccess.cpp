#include "core/orchestrator/api/workeraccess.h"

#include "core/orchestrator/api/access.h"
#include "core/orchestrator/secrets.h"

namespace vigie {

namespace {

Failure refused(FailureKind kind, const char* code, const QString& message) {
    return Failure{kind, message, 0, {}, QString::fromLatin1(code), {}};
}

} // namespace

std::optional<InstanceId> workerBehind(const ControlPlane& plane, const QString& plain) {
    const QString hash = hashSecret(plain);
    for (const InstanceId& id : plane.ids()) {
        const InstanceRecord* record = plane.find(id);
        if (record->workerTokenHash == hash || record->bootstrapSecretHash == hash ||
            record->formerSecretHash == hash)
            return id;
    }
    return std::nullopt;
}

Outcome<WorkerProof> proveWorker(const ControlPlane& plane, const InstanceId& id,
                                 const ServerRequest& request) {
    const QString bearer = QString::fromUtf8(bearerOf(request));
    if (bearer.isEmpty()) {
        return fail(refused(FailureKind::Unauthorized, "unauthorized",
                            QStringLiteral("a worker shows its bootstrap secret or its token: "
                                           "\"Authorization: Bearer <WORKER_AUTH_TOKEN>\"")));
    }
    const InstanceRecord* record = plane.find(id);
    if (!record) {
        return fail(refused(FailureKind::NotFound, "instance_not_found",
                            QStringLiteral("there is no instance %1 here; check INSTANCE_ID and "
                                           "CONTROL_PLANE_URL of the worker")
                                .arg(id.value().left(64))));
    }
    if (const auto proof = proofOf(*record, bearer))
        return *proof;
    if (const auto other = workerBehind(plane, bearer)) {
        return fail(refused(FailureKind::Forbidden, "forbidden",
                            QStringLiteral("this secret belongs to instance %1, not to %2")
                                .arg(other->value(), id.value())));
    }
    return fail(refused(
        FailureKind::Unauthorized, "unauthorized",
        QStringLiteral("this is neither the bootstrap secret nor the token of instance %1; after "
                       "a reinstall only those of the new incarnation are good")
            .arg(id.value())));
}

} // namespace vigie
