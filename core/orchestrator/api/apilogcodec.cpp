#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/apilog.h"

namespace vigie {

ActionLog completedLog(const char16_t* actionType, const Asker& asker) {
    ActionLog entry;
    entry.actionType = QString::fromUtf16(actionType);
    entry.component = asker.component;
    entry.status = ActionLogStatus::Success;
    entry.userId = asker.actor;
    entry.sourceIp = asker.sourceIp;
    entry.correlationId = asker.correlationId;
    entry.metadata = JsonWriter()
                         .beginObject()
                         .textIfAny("reason", asker.reason)
                         .textIfAny("correlation_id", asker.correlationId)
                         .endObject()
                         .take();
    return entry;
}

QByteArray encodeSubject(const char* kind, const QString& name, const QStringList& changed) {
    JsonWriter json;
    json.beginObject().field(kind, name);
    if (!changed.isEmpty()) {
        json.key("changed").beginArray();
        for (const QString& field : changed)
            json.value(field);
        json.endArray();
    }
    return json.endObject().take();
}

Task<> noteAsked(ControlPlane& plane, const char16_t* actionType, Asker asker, QByteArray asked,
                 QByteArray got) {
    ActionLog row = completedLog(actionType, asker);
    row.requestPayload = std::move(asked);
    row.responsePayload = std::move(got);
    co_await plane.note(std::move(row));
}

} // namespace vigie
