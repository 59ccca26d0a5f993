#include "core/orchestrator/jobs/provisioning/createfailure.h"

#include "core/model/action.h"
#include "core/orchestrator/backoff.h"

namespace vigie::jobs::provisioning {

bool mayHaveHappened(const Failure& failure) {
    return failure.kind == FailureKind::OutcomeUnknown || failure.kind == FailureKind::Timeout ||
           failure.kind == FailureKind::Cancelled;
}

QString codeOf(const Failure& failure) {
    for (const auto* ours : {errorcode::missingZone, errorcode::providerStartFailed,
                             errorcode::providerStartTimeout}) {
        if (failure.code == QStringView(ours))
            return failure.code;
    }
    return QStringView(isOutOfStock(failure) ? errorcode::providerOutOfStock
                                             : errorcode::providerCreateFailed)
        .toString();
}

} // namespace vigie::jobs::provisioning
