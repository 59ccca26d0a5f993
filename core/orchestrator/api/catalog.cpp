#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"

namespace vigie::catalog {

namespace {

Catalog catalogOf(const ApiContext& context) {
    Catalog catalog{
        context.provider.code(), context.provider.zones(), context.provider.types(), {}};
    for (const InstanceId& id : context.plane.ids()) {
        const QString& model = context.plane.find(id)->instance.modelId;
        if (!model.isEmpty() && !catalog.models.contains(model))
            catalog.models.append(model);
    }
    catalog.models.sort();
    return catalog;
}

// Into the queue, so that an order that was taken is carried out whatever dies meanwhile.
Task<ServerResponse> order(ApiContext& context, CommandKind kind, Call call, QString message) {
    const auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const auto ordered = co_await context.plane.order(kind, call.correlationId);
    if (!ordered)
        co_return answer::failed(ordered.error());
    co_await noteAsked(context.plane,
                       kind == CommandKind::Reconcile ? actiontype::reconcile
                                                      : actiontype::syncCatalog,
                       *asker, {});
    context.jobs.deliverCommands();
    co_return answer::json(encodeAccepted({QStringLiteral("accepted"), {}, message}), 202);
}

} // namespace

Task<ServerResponse> show(ApiContext& context, Call call) {
    Q_UNUSED(call);
    co_return answer::json(encodeCatalog(catalogOf(context)));
}

Task<ServerResponse> sync(ApiContext& context, Call call) {
    return order(context, CommandKind::SyncCatalog, std::move(call),
                 QStringLiteral("zones, types, prices and stock are read anew from provider %1; "
                                "GET /catalog shows them")
                     .arg(context.provider.code()));
}

Task<ServerResponse> reconcile(ApiContext& context, Call call) {
    QString what = QStringLiteral("the jobs watch-dog, worker-watchdog, recovery and "
                                  "volume-reconciliation run now; GET /jobs shows their cycles");
    for (const JobStats& job : context.jobs.stats()) {
        if (!job.switchedOffBy.isEmpty())
            what += QStringLiteral("; %1 does nothing: %2").arg(job.name, job.switchedOffBy);
    }
    return order(context, CommandKind::Reconcile, std::move(call), std::move(what));
}

Task<ServerResponse> adminStatus(ApiContext& context, Call call) {
    Q_UNUSED(call);
    int machines = 0;
    for (const InstanceId& id : context.plane.ids()) {
        const Instance& instance = context.plane.find(id)->instance;
        machines += !isOver(instance.status) && !instance.providerInstanceId.isEmpty() ? 1 : 0;
    }
    co_return answer::json(
        encodeAdminStatus(machines, QStringLiteral("%1 instances have a machine at provider %2")
                                        .arg(machines)
                                        .arg(context.provider.code())));
}

} // namespace vigie::catalog
