#include "core/orchestrator/actionlogs.h"

#include "core/model/jsonwriter.h"

namespace vigie {

QByteArray encodeActionMetadata(const ActionMetadata& metadata) {
    const bool empty = metadata.reason.isEmpty() && !metadata.assessment && !metadata.incarnation &&
                       !metadata.attempt && metadata.mode.isEmpty() &&
                       metadata.passedGuards.isEmpty();
    if (empty)
        return {};
    JsonWriter json;
    json.beginObject();
    json.textIfAny("reason", metadata.reason);
    json.textIfAny("mode", metadata.mode);
    json.fieldIfAny("incarnation", metadata.incarnation);
    json.fieldIfAny("attempt", metadata.attempt);
    if (!metadata.passedGuards.isEmpty()) {
        json.key("override").beginArray();
        for (const QString& guard : metadata.passedGuards)
            json.value(guard);
        json.endArray();
    }
    if (metadata.assessment) {
        const Assessment& said = *metadata.assessment;
        json.field("verdict", toString(said.verdict));
        json.field("rule", said.rule);
        json.fieldIfAny("phi", said.phi);
        json.textIfAny("blocked_by", said.blockedBy);
        json.key("evidence").beginArray();
        for (const Evidence& witness : said.evidence) {
            json.beginObject();
            json.field("source", witness.source);
            json.field("says", witness.says);
            json.field("at", witness.at);
            json.endObject();
        }
        json.endArray();
    }
    json.endObject();
    return json.take();
}

ActionLog actionLog(QStringView type, ActionLogStatus status, const Asker& asker,
                    ActionMetadata metadata) {
    if (metadata.reason.isEmpty())
        metadata.reason = asker.reason;
    ActionLog entry;
    entry.id = ActionLogId(newUuid());
    entry.actionType = type.toString();
    entry.component = asker.component;
    entry.status = status;
    entry.userId = asker.actor;
    entry.sourceIp = asker.sourceIp;
    entry.correlationId = asker.correlationId;
    entry.metadata = encodeActionMetadata(metadata);
    return entry;
}

ActionLog failedLog(QStringView type, QStringView errorCode, const QString& message,
                    const Asker& asker, ActionMetadata metadata) {
    ActionLog entry = actionLog(type, ActionLogStatus::Failed, asker, std::move(metadata));
    entry.errorCode = errorCode.toString();
    entry.errorMessage = message;
    return entry;
}

ActionLogFinish finished(const ActionLogId& id) {
    ActionLogFinish finish;
    finish.id = id;
    return finish;
}

ActionLogFinish failed(const ActionLogId& id, QStringView errorCode, const QString& message) {
    ActionLogFinish finish;
    finish.id = id;
    finish.status = ActionLogStatus::Failed;
    finish.errorCode = errorCode.toString();
    finish.errorMessage = message;
    return finish;
}

} // namespace vigie
