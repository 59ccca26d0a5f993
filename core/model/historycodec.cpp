#include "core/model/historycodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

QByteArray encodeHistory(std::span<const StateChange> history) {
    JsonWriter json(64 + static_cast<qsizetype>(history.size()) * 320);
    json.beginArray();
    for (const StateChange& change : history) {
        json.beginObject()
            .field("id", change.id)
            .field("instance_id", change.instanceId.value())
            .field("from_status", toString(change.from))
            .field("to_status", toString(change.to))
            .textOrNull("reason", change.reason)
            .key("metadata")
            .raw(change.metadata)
            .field("created_at", change.at)
            .endObject();
    }
    return json.endArray().take();
}

Outcome<std::vector<StateChange>> decodeHistory(const QByteArray& body) {
    const QString what = QStringLiteral("The state history");
    const auto root = JsonNode::parse(body, what);
    if (!root)
        return fail(root.error());
    if (!root->isArray())
        return fail(malformed(what, body, QStringLiteral("an array was expected")));
    std::vector<StateChange> history;
    for (const JsonNode& row : root->items()) {
        const auto at = row["created_at"].time();
        if (!at)
            continue;
        history.push_back({row["id"].text(), InstanceId(row["instance_id"].text()),
                           instanceStatusFromString(row["from_status"].text()),
                           instanceStatusFromString(row["to_status"].text()), row["reason"].text(),
                           row["metadata"].compactObject(), *at});
    }
    return history;
}

} // namespace vigie
