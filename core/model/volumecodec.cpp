#include "core/model/volumecodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

QByteArray encodeVolumes(std::span<const Volume> volumes) {
    JsonWriter json(64 + static_cast<qsizetype>(volumes.size()) * 512);
    json.beginArray();
    for (const Volume& v : volumes) {
        json.beginObject()
            .field("id", v.id.value())
            .textIfAny("instance_id", v.instanceId.value())
            .textOrNull("provider_volume_id", v.providerVolumeId)
            .textOrNull("name", v.name)
            .textOrNull("volume_type", v.volumeType)
            .field("size_gb", v.sizeGb)
            .field("is_boot", v.isBoot)
            .field("status", toString(v.status))
            .field("delete_on_terminate", v.deleteOnTerminate)
            .field("created_at", v.createdAt)
            .field("attached_at", v.attachedAt)
            .field("deleted_at", v.deletedAt)
            .field("reconciled_at", v.reconciledAt)
            .field("last_reconciliation", v.lastReconciliation)
            .textOrNull("error_message", v.errorMessage)
            .endObject();
    }
    return json.endArray().take();
}

std::vector<Volume> readVolumes(const JsonNode& storages) {
    std::vector<Volume> volumes;
    for (const JsonNode& row : storages.items()) {
        const QString id = row["id"].text();
        if (id.isEmpty())
            continue;
        Volume& v = volumes.emplace_back();
        v.id = VolumeId(id);
        v.instanceId = InstanceId(row["instance_id"].text());
        v.providerVolumeId = row["provider_volume_id"].text();
        v.name = row["name"].text();
        v.volumeType = row["volume_type"].text();
        v.sizeGb = row["size_gb"].smallInteger().value_or(0);
        v.isBoot = row["is_boot"].boolean().value_or(false);
        v.status = volumeStatusFromString(row["status"].text());
        v.deleteOnTerminate = row["delete_on_terminate"].boolean().value_or(true);
        v.createdAt = row["created_at"].time();
        v.attachedAt = row["attached_at"].time();
        v.deletedAt = row["deleted_at"].time();
        v.reconciledAt = row["reconciled_at"].time();
        v.lastReconciliation = row["last_reconciliation"].time();
        v.errorMessage = row["error_message"].text();
    }
    return volumes;
}

Outcome<std::vector<Volume>> decodeVolumes(const QByteArray& body) {
    const QString what = QStringLiteral("The list of volumes");
    const auto root = JsonNode::parse(body, what);
    if (!root)
        return fail(root.error());
    if (!root->isArray())
        return fail(malformed(what, body, QStringLiteral("an array was expected")));
    return readVolumes(*root);
}

} // namespace vigie
