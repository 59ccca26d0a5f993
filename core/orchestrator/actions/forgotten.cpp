#include "core/orchestrator/actions/forgotten.h"

#include "core/base/log.h"
#include "core/orchestrator/actions/operationjournal.h"
#include "core/orchestrator/breakerorder.h"
#include "core/orchestrator/orphanmark.h"
#include "core/orchestrator/policy.h"
#include "core/orchestrator/standingorder.h"

namespace vigie {

namespace {

const QString forgottenLog = QStringLiteral("forgotten");

} // namespace

Task<> failForgottenActions(ControlPlane& plane) {
    const auto open = co_await plane.store().forgottenActions();
    if (!open) {
        logWarning(forgottenLog, open.error().message);
        co_return;
    }
    for (const ActionLog& entry : *open) {
        if (isStandingOrder(entry) || isBreakerOrder(entry) || isJournalRow(entry) ||
            isSilence(entry) || isOrphanMark(entry) || policyOrderOf(entry))
            continue; // in force until it is taken back; gone on with
        const InstanceRecord* record = plane.find(entry.instanceId);
        if (record && record->workLogId == entry.id)
            continue;
        // Its machine may still show up: provisioning ends it.
        if (record && record->workInHand == u"provision" &&
            entry.actionType == actiontype::providerCreate)
            continue;
        ActionLogFinish finish;
        finish.id = entry.id;
        finish.status = ActionLogStatus::Failed;
        finish.errorCode = QString::fromUtf16(errorcode::recoveryTimeout);
        finish.errorMessage =
            QStringLiteral("the daemon ended before this did; what it was for was begun anew or "
                           "given up");
        if (record)
            finish.instanceStatusAfter = toString(record->instance.status);
        const auto finished = co_await plane.finishLog(std::move(finish));
        if (!finished)
            logWarning(forgottenLog, finished.error().message);
    }
}

} // namespace vigie
