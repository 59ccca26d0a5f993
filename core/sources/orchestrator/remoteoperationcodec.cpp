#include "core/sources/orchestrator/remoteoperationcodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

ItemState stateFrom(const QString& word) {
    if (word == QLatin1String("pending"))
        return ItemState::Waiting;
    if (word == QLatin1String("running"))
        return ItemState::Running;
    if (word == QLatin1String("done"))
        return ItemState::Done;
    if (word == QLatin1String("failed"))
        return ItemState::Failed;
    return word == QLatin1String("skipped") ? ItemState::Skipped : ItemState::OutcomeUnknown;
}

} // namespace

QByteArray encodeRemoteAction(Action action, const std::vector<InstanceId>& ids,
                              const QString& reason) {
    JsonWriter json;
    json.beginObject();
    json.field("action", toString(action));
    json.textIfAny("reason", reason);
    json.key("ids").beginArray();
    for (const InstanceId& id : ids)
        json.value(id.value());
    json.endArray();
    return json.endObject().take();
}

Outcome<ActionPreview> decodeRemotePlan(const QByteArray& body) {
    const QString what = QStringLiteral("the plan of an action");
    const auto json = JsonNode::parse(body, what);
    if (!json)
        return fail(json.error());
    if (!(*json)["items"].isArray())
        return fail(malformed(what, body, QStringLiteral("it has no list \"items\"")));
    ActionPreview plan;
    for (const JsonNode& node : (*json)["items"].items()) {
        ActionPreview::Item item;
        item.instance = InstanceId(node["id"].text());
        item.allowed = node["allowed"].boolean().value_or(false);
        item.guard = node["blocked_by"].text();
        item.waits = !node["waits_for"].isAbsent();
        if (item.waits)
            item.guard = node["waits_for"].text();
        item.message = node["message"].text();
        plan.items.push_back(std::move(item));
    }
    ActionPreview::Capacity capacity;
    const JsonNode before = (*json)["capacity_before"];
    const JsonNode after = (*json)["capacity_after"];
    capacity.ready = before["ready"].smallInteger().value_or(0);
    capacity.readyAfter = after["ready"].smallInteger().value_or(0);
    capacity.lowestReady = (*json)["lowest_ready"].smallInteger().value_or(capacity.readyAfter);
    capacity.costPerHour = before["cost_per_hour"].number().value_or(0);
    capacity.costPerHourAfter = after["cost_per_hour"].number().value_or(0);
    plan.capacities.push_back(capacity);
    return plan;
}

Outcome<QString> decodeOperationId(const QByteArray& body) {
    const QString what = QStringLiteral("the answer to an action");
    const auto json = JsonNode::parse(body, what);
    if (!json)
        return fail(json.error());
    QString id = (*json)["operation_id"].text();
    if (id.isEmpty())
        return fail(malformed(what, body, QStringLiteral("it has no \"operation_id\"")));
    return id;
}

Outcome<RemoteOperation> decodeRemoteOperation(const QByteArray& body) {
    const QString what = QStringLiteral("an operation");
    const auto json = JsonNode::parse(body, what);
    if (!json)
        return fail(json.error());
    RemoteOperation operation;
    operation.id = (*json)["operation_id"].text();
    if (operation.id.isEmpty() || !(*json)["items"].isArray())
        return fail(malformed(what, body,
                              QStringLiteral("it has no \"operation_id\" or no list \"items\"")));
    const QString state = (*json)["state"].text();
    operation.aborted = state == QLatin1String("aborting") || state == QLatin1String("aborted");
    operation.finished = state == QLatin1String("finished") || state == QLatin1String("aborted");
    operation.paused = state == QLatin1String("paused");
    operation.pausedBecause = (*json)["paused"]["reason"].text();
    for (const JsonNode& node : (*json)["items"].items()) {
        RemoteOperation::Item item;
        item.instance = InstanceId(node["id"].text());
        item.state = stateFrom(node["state"].text());
        item.message = node["message"].text();
        operation.items.push_back(std::move(item));
    }
    return operation;
}

} // namespace vigie
