#include "core/orchestrator/api/answercodec.h"

#include "core/base/timeformat.h"
#include "core/model/jsonwriter.h"

namespace vigie {

QByteArray encodeArray(const std::vector<QByteArray>& items) {
    qsizetype size = 2;
    for (const QByteArray& item : items)
        size += item.size() + 1;
    QByteArray out;
    out.reserve(size);
    out += '[';
    for (const QByteArray& item : items) {
        if (out.size() > 1)
            out += ',';
        out += item;
    }
    out += ']';
    return out;
}

QByteArray encodePage(const PageInfo& page, const std::vector<QByteArray>& rows) {
    JsonWriter json;
    json.beginObject();
    json.field("offset", page.offset);
    json.field("limit", page.limit);
    json.field("total_count", page.totalCount);
    json.field("filtered_count", page.filteredCount);
    json.key("rows").raw(encodeArray(rows));
    return json.endObject().take();
}

QByteArray encodeAccepted(const Accepted& accepted) {
    return JsonWriter()
        .beginObject()
        .field("status", accepted.status)
        .textIfAny("instance_id", accepted.instanceId)
        .field("message", accepted.message)
        .endObject()
        .take();
}

QByteArray encodeReadiness(const Readiness& readiness) {
    JsonWriter json;
    json.beginObject();
    json.field("code", readiness.code);
    json.field("message", readiness.message);
    json.key("details").beginObject();
    for (const auto& [name, says] : readiness.details)
        json.field(name.toStdString(), says);
    json.endObject();
    json.field("correlation_id", readiness.correlationId);
    return json.endObject().take();
}

QByteArray encodeWhoami(const QString& actor, const QString& role,
                        const QStringList& allowedActions) {
    JsonWriter json;
    json.beginObject();
    json.field("actor", actor);
    json.field("role", role);
    json.key("allowed_actions").beginArray();
    for (const QString& action : allowedActions)
        json.value(action);
    return json.endArray().endObject().take();
}

QByteArray encodeSecret(const QString& secret) {
    return JsonWriter().beginObject().field("secret", secret).endObject().take();
}

QByteArray encodeSession(const QString& token, const QString& actor, const QString& role) {
    return JsonWriter()
        .beginObject()
        .field("token", token)
        .field("actor", actor)
        .field("role", role)
        .endObject()
        .take();
}

QByteArray encodeCatalog(const Catalog& catalog) {
    JsonWriter json(2048);
    json.beginObject().field("provider_code", catalog.provider);
    json.key("zones").beginArray();
    for (const ProviderZone& zone : catalog.zones)
        json.beginObject().field("zone", zone.zone).field("region", zone.region).endObject();
    json.endArray().key("instance_types").beginArray();
    for (const ProviderType& type : catalog.types) {
        json.beginObject()
            .field("name", type.name)
            .field("cost_per_hour", type.costPerHour)
            .field("currency", QStringLiteral("EUR"))
            .field("cpu_count", type.cpuCount)
            .field("ram_gb", type.ramGb)
            .field("gpu_count", type.gpuCount)
            .field("gpu_vram_gb", type.gpuVramGb);
        json.key("stock").beginObject();
        QStringList zones = type.stock.keys();
        zones.sort();
        for (const QString& zone : std::as_const(zones))
            json.keyText(zone).value(type.stock.value(zone));
        json.endObject().endObject();
    }
    json.endArray().key("models").beginArray();
    for (const QString& model : catalog.models)
        json.value(model);
    return json.endArray().endObject().take();
}

QByteArray encodeOrphanMachines(const MachineBoard& board) {
    JsonWriter json(1024);
    json.beginObject()
        .field("listed_at", board.listedAt)
        .textOrNull("failure", board.failure)
        .textOrNull("mass_absence", board.massAbsence)
        .field("marked", board.marked)
        .field("retries_used_up", board.retriesUsedUp)
        .field("deleted", static_cast<qint64>(board.deleted));
    json.key("machines").beginArray();
    for (const OrphanMachine& each : board.orphans) {
        json.beginObject()
            .field("machine_id", each.machine.value())
            .textOrNull("instance_id", each.instance.value())
            .field("why", each.why)
            .field("marked_at", each.markedAt)
            .field("attempts", each.attempts)
            .field("disowned", each.disowned)
            .textOrNull("blocked_by", each.blockedBy)
            .endObject();
    }
    return json.endArray().endObject().take();
}

QByteArray encodeAdminStatus(int machines, const QString& message) {
    return JsonWriter()
        .beginObject()
        .field("cloud_instances_count", machines)
        .field("message", message)
        .endObject()
        .take();
}

QByteArray encodeHeartbeatFigures(const HeartbeatFigures& figures) {
    const auto milliseconds = [](Duration d) { return toSeconds(d) * 1000; };
    JsonWriter json;
    json.beginObject();
    json.field("instance_id", figures.instanceId);
    json.field("last_heartbeat", figures.last);
    json.field("heartbeat_age_ms",
               figures.age ? std::optional(milliseconds(*figures.age)) : std::nullopt);
    json.field("phi", figures.phi);
    json.key("intervals_ms").beginArray();
    for (const Duration interval : figures.intervals)
        json.value(milliseconds(interval));
    return json.endArray().endObject().take();
}

} // namespace vigie
