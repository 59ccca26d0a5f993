#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
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

} // namespace

Task<ServerResponse> show(ApiContext& context, Call call) {
    Q_UNUSED(call);
    co_return answer::json(encodeCatalog(catalogOf(context)));
}

// Nothing is kept between calls: each one asks the provider.
Task<ServerResponse> sync(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const Catalog catalog = catalogOf(context);
    co_return answer::json(
        encodeAccepted({QStringLiteral("synced"),
                        {},
                        QStringLiteral("provider %1 offers %2 instance types in %3 zones")
                            .arg(catalog.provider)
                            .arg(catalog.types.size())
                            .arg(catalog.zones.size())}));
}

Task<ServerResponse> reconcile(ApiContext& context, Call call) {
    Q_UNUSED(call);
    QStringList begun;
    bool elsewhere = false;
    for (const char* job : {"watch-dog", "worker-watchdog", "recovery", "volume-reconciliation"}) {
        const JobRunner::Run run = context.jobs.runNow(QLatin1String(job));
        if (run == JobRunner::Run::Accepted)
            begun.append(QLatin1String(job));
        elsewhere = elsewhere || run == JobRunner::Run::LedElsewhere;
    }
    if (begun.isEmpty() && elsewhere)
        co_return answer::ledElsewhere(QStringLiteral("the reconciliation"),
                                       context.plane.replica().leader());
    co_return answer::json(
        encodeAccepted({QStringLiteral("accepted"),
                        {},
                        QStringLiteral("these jobs run now: ") + begun.join(QLatin1String(", "))}),
        202);
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
