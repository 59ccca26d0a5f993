#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/requestcodec.h"

#include <QStringList>
#include <QUuid>

#include <algorithm>

namespace vigie::deployments {

namespace {

Failure refused(FailureKind kind, const char* code, const QString& message) {
    return Failure{kind, message, 0, {}, QString::fromLatin1(code), {}};
}

/// What a deployment asks for, found at the provider.
struct Offer {
    ProviderZone zone;
    ProviderType type;
};

Outcome<Offer> offerFor(const Provider& provider, const DeploymentRequest& request) {
    if (request.providerCode != provider.code()) {
        return fail(refused(FailureKind::NotFound, "provider_not_found",
                            QStringLiteral("provider \"%1\" is not served here; this daemon "
                                           "starts machines with \"%2\"")
                                .arg(request.providerCode, provider.code())));
    }
    Offer offer;
    QStringList names;
    const auto zones = provider.zones();
    const auto zone = std::ranges::find(zones, request.zone, &ProviderZone::zone);
    if (zone == zones.end()) {
        for (const ProviderZone& each : zones)
            names.append(each.zone);
        return fail(
            refused(FailureKind::Invalid, "unknown_zone",
                    QStringLiteral("zone \"%1\" does not exist at %2; there are: %3")
                        .arg(request.zone, provider.code(), names.join(QLatin1String(", ")))));
    }
    const auto types = provider.types();
    if (types.empty()) // not knowing is no refusal: the same call is right a moment later
        return fail(refused(FailureKind::Overloaded, "catalog_not_read",
                            QStringLiteral("what %1 sells has not been read yet; ask again (the "
                                           "log says why it could not be read)")
                                .arg(provider.code())));
    const auto type = std::ranges::find(types, request.instanceType, &ProviderType::name);
    if (type == types.end()) {
        for (const ProviderType& each : types)
            names.append(each.name);
        return fail(refused(
            FailureKind::Invalid, "unknown_instance_type",
            QStringLiteral("instance type \"%1\" does not exist at %2; there "
                           "are: %3")
                .arg(request.instanceType, provider.code(), names.join(QLatin1String(", ")))));
    }
    return Offer{*zone, *type};
}

// The contract's ids are UUIDs: those of names that never change are made of the names.
QString idOf(const char* kind, const QString& name) {
    static const QUuid space(QStringLiteral("{5c2f0f3e-6f0b-4f51-9d55-1a2d6c0c7b10}"));
    return QUuid::createUuidV5(space, QString::fromLatin1(kind) + QLatin1Char('/') + name)
        .toString(QUuid::WithoutBraces);
}

InstanceRecord newRecord(const InstanceId& id, const DeploymentRequest& request,
                         const Offer& offer) {
    InstanceRecord record;
    Instance& instance = record.instance;
    instance.id = id;
    instance.status = InstanceStatus::Provisioning;
    instance.providerName = request.providerCode;
    instance.providerId = idOf("provider", request.providerCode);
    instance.region = offer.zone.region;
    instance.zone = offer.zone.zone;
    instance.zoneId = idOf("zone", request.providerCode + QLatin1Char('/') + offer.zone.zone);
    instance.instanceType = offer.type.name;
    instance.instanceTypeId =
        idOf("type", request.providerCode + QLatin1Char('/') + offer.type.name);
    instance.modelId = request.modelId;
    instance.modelName = request.modelId;
    instance.modelCode = request.modelId;
    instance.cpuCount = offer.type.cpuCount;
    instance.ramGb = offer.type.ramGb;
    instance.gpuCount = offer.type.gpuCount;
    instance.gpuVram = offer.type.gpuVramGb;
    instance.costPerHour = offer.type.costPerHour;
    instance.pool =
        QStringList{request.providerCode, offer.zone.zone, request.modelId}.join(QLatin1Char('/'));
    return record;
}

ServerResponse accepted(const InstanceId& id) {
    return answer::json(
        encodeAccepted({QStringLiteral("accepted"), id.value(),
                        QStringLiteral("the instance is being provisioned; GET /instances/%1 "
                                       "shows how far it is")
                            .arg(id.value())}),
        202);
}

} // namespace

Task<ServerResponse> create(ApiContext& context, Call call) {
    const auto request = decodeDeployment(call.request.body);
    if (!request)
        co_return answer::failed(request.error());
    const auto asker = askerOf(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const auto offer = offerFor(context.provider, *request);
    if (!offer)
        co_return answer::failed(offer.error());

    InstanceId id(newUuid());
    if (!call.idempotencyKey.isEmpty()) {
        const WallTime now = context.plane.clock().wallNow();
        const auto seeds = idempotencySeeds(call, now);
        for (const QString& seed : seeds) {
            const InstanceRecord* made = context.plane.find(InstanceId(idOf("deployment", seed)));
            if (made && now - made->instance.createdAt.value_or(now) < idempotencyKept)
                co_return accepted(made->instance.id);
        }
        id = InstanceId(idOf("deployment", seeds[0]));
    }

    InstanceRecord record = newRecord(id, *request, *offer);
    record.instance.correlationId = asker->correlationId;
    ControlPlane::Change change;
    change.reason = asker->reason.isEmpty() ? QStringLiteral("deployment asked by ") + asker->actor
                                            : asker->reason;
    ActionLog entry = completedLog(actiontype::requestCreate, *asker);
    entry.requestPayload = call.request.body.trimmed();
    change.logStarts.push_back(std::move(entry));
    const auto inserted = co_await context.plane.insert(std::move(record), std::move(change));
    // Another replica had the same call, with the same key, at the same time.
    const bool twin = !inserted && inserted.error().kind == FailureKind::Conflict;
    if (!inserted && !(twin && !call.idempotencyKey.isEmpty()))
        co_return answer::failed(inserted.error());
    context.jobs.deliverCommands();
    co_return accepted(id);
}

} // namespace vigie::deployments
