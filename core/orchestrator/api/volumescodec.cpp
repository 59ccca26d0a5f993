#include "core/orchestrator/api/volumescodec.h"

#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

void writeSides(JsonWriter& json, const VolumeFinding& one, const ControlPlane& plane) {
    const InstanceRecord* owner = plane.find(one.instance);
    json.key("store");
    if (one.row)
        json.beginObject()
            .field("status", toString(one.row->status))
            .textOrNull("instance_status", owner ? toString(owner->instance.status) : QString())
            .endObject();
    else
        json.raw("null");
    json.key("provider");
    if (!one.listed) {
        json.raw("null");
        return;
    }
    json.beginObject()
        .textOrNull("attached_to", one.listed->attachedTo.value())
        .field("created_at", one.listed->createdAt);
    json.key("tags").beginArray();
    for (const QString& tag : one.listed->tags)
        json.value(tag);
    json.endArray().endObject();
}

} // namespace

QByteArray encodeVolumeFindings(const std::vector<VolumeFinding>& findings,
                                const std::optional<WallTime>& listedAt,
                                const ControlPlane& plane) {
    JsonWriter json(64 + static_cast<qsizetype>(findings.size()) * 768);
    json.beginArray();
    for (const VolumeFinding& one : findings) {
        const Volume row = one.row.value_or(Volume{});
        const MachineVolume listed = one.listed.value_or(MachineVolume{});
        json.beginObject()
            .textOrNull("id", row.id.value())
            .textOrNull("instance_id", one.instance.value())
            .textOrNull("provider_volume_id", one.resource())
            .textOrNull("name", one.row ? row.name : listed.name)
            .textOrNull("volume_type", one.row ? row.volumeType : listed.type)
            .field("size_gb", one.row ? row.sizeGb : listed.sizeGb)
            .field("is_boot", one.row ? row.isBoot : listed.boot)
            .field("status", toString(row.status))
            .field("delete_on_terminate", row.deleteOnTerminate)
            .field("created_at", one.row ? row.createdAt : listed.createdAt)
            .field("attached_at", row.attachedAt)
            .field("deleted_at", row.deletedAt)
            .field("reconciled_at", row.reconciledAt)
            .field("last_reconciliation", row.lastReconciliation)
            .textOrNull("error_message", one.lastError.isEmpty() ? row.errorMessage : one.lastError)
            .field("finding", toString(one.word))
            .field("says", one.says)
            .field("orphan", one.word == VolumeWord::Orphan)
            .field("disowned", one.disowned)
            .field("orphan_since", one.orphanSince)
            .field("marked_at", one.markedAt)
            .field("delete_after", one.deleteAfter)
            .field("attempts", one.attempts)
            .field("retries_used_up", one.retriesUsedUp)
            .textOrNull("blocked_by", one.blockedBy)
            .field("provider_listed_at", listedAt);
        writeSides(json, one, plane);
        json.endObject();
    }
    return json.endArray().take();
}

} // namespace vigie
