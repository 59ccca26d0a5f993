#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/orphanmark.h"

namespace vigie {

QString toString(OrphanKind kind) {
    return kind == OrphanKind::Volume ? QStringLiteral("volume") : QStringLiteral("machine");
}

bool isOrphanMark(const ActionLog& row) {
    return row.actionType == actiontype::volumeOrphanMarked ||
           row.actionType == actiontype::machineOrphanMarked ||
           row.actionType == actiontype::volumeReconciliationRetryDelete;
}

QByteArray encodeOrphanMark(const OrphanMark& mark) {
    JsonWriter json;
    return json.beginObject()
        .field("kind", toString(mark.kind))
        .field("resource", mark.resource)
        .textIfAny("instance_id", mark.instance.value())
        .field("why", mark.why)
        .field("marked_at", std::optional(mark.markedAt))
        .field("asked", mark.asked)
        .field("told", mark.told)
        .field("disowned", mark.disowned)
        .field("attempts", mark.attempts)
        .field("used_up", mark.usedUp)
        .field("next_attempt_at", mark.nextAttemptAt)
        .textIfAny("last_error", mark.lastError)
        .endObject()
        .take();
}

std::optional<OrphanMark> decodeOrphanMark(const ActionLog& row) {
    if (!isOrphanMark(row))
        return std::nullopt;
    const auto root =
        JsonNode::parse(row.requestPayload, QStringLiteral("The mark of an orphan"), 64 * 1024);
    if (!root || !root->isObject())
        return std::nullopt;
    OrphanMark mark;
    mark.kind = (*root)["kind"].text() == QLatin1String("machine") ? OrphanKind::Machine
                                                                   : OrphanKind::Volume;
    mark.resource = (*root)["resource"].text();
    const auto markedAt = (*root)["marked_at"].time();
    if (mark.resource.isEmpty() || !markedAt)
        return std::nullopt;
    mark.markedAt = *markedAt;
    mark.instance = InstanceId((*root)["instance_id"].text());
    mark.why = (*root)["why"].text();
    mark.asked = (*root)["asked"].boolean().value_or(false);
    mark.told = (*root)["told"].boolean().value_or(false);
    mark.disowned = (*root)["disowned"].boolean().value_or(false);
    mark.attempts = (*root)["attempts"].smallInteger().value_or(0);
    mark.usedUp = (*root)["used_up"].boolean().value_or(false);
    mark.nextAttemptAt = (*root)["next_attempt_at"].time();
    mark.lastError = (*root)["last_error"].text();
    mark.correlationId = row.correlationId;
    return mark;
}

} // namespace vigie
