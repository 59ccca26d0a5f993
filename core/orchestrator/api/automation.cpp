#include "core/orchestrator/automation.h"

#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/automationrequest.h"
#include "core/orchestrator/api/chaosdesk.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/fleetcodec.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/requestcodec.h"

#include <algorithm>

namespace vigie::automation_ {

namespace {

ServerResponse shown(const ApiContext& context) {
    const VolumeBoard* volumes = context.jobs.volumes();
    const MachineBoard* machines = context.jobs.machines();
    const CleanUpBoard* cleanUps = context.jobs.cleanUps();
    std::vector<GuardHold> holds;
    if (volumes && machines && cleanUps)
        holds = guardHolds(context.plane, *volumes, *machines, *cleanUps);
    return answer::json(
        encodeAutomation(context.jobs.automation().view(), context.chaos->active(), &holds));
}

bool hasPool(const ControlPlane& plane, const QString& pool) {
    return std::ranges::any_of(plane.entries(), [&pool](const FleetEntry* entry) {
        return entry->record.instance.pool == pool;
    });
}

QString poolsOf(const ControlPlane& plane) {
    QStringList pools;
    for (const FleetEntry* entry : plane.entries())
        pools.append(entry->record.instance.pool);
    pools.sort();
    pools.removeDuplicates();
    return pools.isEmpty() ? QStringLiteral("none") : pools.join(QLatin1String(", "));
}

} // namespace

Task<ServerResponse> show(ApiContext& context, Call call) {
    Q_UNUSED(call);
    co_return shown(context);
}

Task<ServerResponse> change(ApiContext& context, Call call) {
    const auto request = decodeAutomationRequest(call.request.body);
    if (!request)
        co_return answer::failed(whyNoJsonObject(call.request.body).value_or(request.error()));
    auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    if (!request->pool.isEmpty() && !hasPool(context.plane, request->pool))
        co_return answer::error(404, QStringLiteral("pool_not_found"),
                                QStringLiteral("no instance is in a pool \"%1\"; there are: %2")
                                    .arg(request->pool.left(64), poolsOf(context.plane)));
    Automation& automation = context.jobs.automation();
    Outcome<void> done;
    if (request->mode) {
        done = co_await automation.setMode(*request->mode, request->pool, *asker);
    } else if (!request->pause.isEmpty()) {
        asker->reason = request->pause;
        done = co_await automation.pause(*asker);
    } else {
        asker->reason = request->release;
        done = co_await automation.release(*asker, request->silent);
    }
    if (!done)
        co_return answer::failed(done.error());
    co_return shown(context);
}

} // namespace vigie::automation_
