#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/actionlogs.h"
#include "core/orchestrator/actions/operationjournal.h"

#include <algorithm>

namespace vigie {

namespace {

QByteArray encodeBegin(const ActionOperation& operation) {
    JsonWriter json(static_cast<qsizetype>(256 + operation.items.size() * 160));
    json.beginObject();
    json.field("action", toString(operation.action));
    json.field("reason", operation.asker.reason);
    json.field("override", operation.override);
    json.fieldIfAny("until", operation.holdUntil);
    json.key("waves").beginObject();
    json.field("canary", operation.waves.canary);
    json.field("size", operation.waves.size);
    json.field("pause_s", std::chrono::duration<double>(operation.waves.pause).count());
    json.field("max_failed_share", operation.waves.maxFailedShare);
    json.endObject();
    json.key("items").beginArray();
    for (const ActionItem& item : operation.items) {
        json.beginObject();
        json.field("id", item.id);
        json.field("instance_id", item.instance.value());
        json.field("status", toString(item.plannedStatus));
        json.field("incarnation", item.plannedIncarnation);
        json.endObject();
    }
    json.endArray();
    return json.endObject().take();
}

QByteArray encodeEnd(const ActionOperation& operation) {
    JsonWriter json(static_cast<qsizetype>(64 + operation.items.size() * 200));
    json.beginObject();
    json.field("aborted", operation.aborted.has_value());
    json.key("items").beginArray();
    for (const ActionItem& item : operation.items) {
        json.beginObject();
        json.field("id", item.id);
        json.field("state", toString(item.stage));
        json.textIfAny("code", item.code);
        json.textIfAny("message", item.message);
        json.fieldIfAny("started_at", item.startedAt);
        json.fieldIfAny("ended_at", item.endedAt);
        json.endObject();
    }
    json.endArray();
    return json.endObject().take();
}

std::optional<ItemStage> stageFrom(const QString& word) {
    for (const ItemStage stage : {ItemStage::Pending, ItemStage::Running, ItemStage::Done,
                                  ItemStage::Failed, ItemStage::Skipped}) {
        if (toString(stage) == word)
            return stage;
    }
    return std::nullopt;
}

void readEnd(ActionOperation& operation, const ActionLog& row) {
    operation.finishedAt = row.completedAt.value_or(row.createdAt);
    const auto end = JsonNode::parse(row.responsePayload, QStringLiteral("the operation's end"));
    if (!end)
        return;
    if ((*end)["aborted"].boolean().value_or(false))
        operation.aborted = ActionOperation::Pause{{}, {}, {}, *operation.finishedAt, {}};
    QHash<QString, JsonNode> byId;
    for (const JsonNode& node : (*end)["items"].items())
        byId.insert(node["id"].text(), node);
    for (ActionItem& item : operation.items) {
        const JsonNode node = byId.value(item.id);
        item.stage = stageFrom(node["state"].text()).value_or(ItemStage::Skipped);
        item.code = node["code"].text();
        item.message = node["message"].text();
        item.startedAt = node["started_at"].time();
        item.endedAt = node["ended_at"].time();
    }
}

void readItem(ActionItem& item, const ActionLog& row) {
    const bool skipped = row.status == ActionLogStatus::Failed &&
                         (row.errorCode == QStringView(errorcode::changed) ||
                          row.errorCode == QStringView(errorcode::guardBlocked) ||
                          row.errorCode == QStringView(errorcode::operationAborted));
    item.stage = row.status == ActionLogStatus::InProgress ? ItemStage::Running
                 : row.status == ActionLogStatus::Success  ? ItemStage::Done
                 : skipped                                 ? ItemStage::Skipped
                                                           : ItemStage::Failed;
    item.message = row.errorMessage;
    item.startedAt = skipped ? std::optional<WallTime>() : row.createdAt;
    item.endedAt = row.completedAt;
    const auto payload = JsonNode::parse(row.requestPayload, QStringLiteral("the item"));
    if (payload && !(*payload)["code"].isAbsent())
        item.code = (*payload)["code"].text();
    else if (item.stage == ItemStage::Failed)
        item.code = row.errorCode;
}

ActionOperation::Pause pauseOf(const ActionLog& row) {
    ActionOperation::Pause pause;
    pause.row = row.id;
    pause.actor = row.userId;
    pause.at = row.createdAt;
    const auto payload = JsonNode::parse(row.requestPayload, QStringLiteral("the pause"));
    if (payload) {
        pause.reason = (*payload)["reason"].text();
        pause.wave = (*payload)["wave"].smallInteger();
    }
    return pause;
}

} // namespace

ActionLog operationRow(const ActionOperation& operation) {
    ActionLog row = actionLog(actiontype::operation, ActionLogStatus::InProgress, operation.asker);
    row.id = operation.id;
    row.createdAt = operation.startedAt;
    row.requestPayload = encodeBegin(operation);
    return row;
}

ActionLogFinish operationEnd(const ActionOperation& operation) {
    const auto failures =
        std::ranges::count(operation.items, ItemStage::Failed, &ActionItem::stage);
    ActionLogFinish finish = finished(operation.id);
    if (operation.aborted)
        finish = failed(operation.id, errorcode::operationAborted,
                        QStringLiteral("Aborted by %1: %2")
                            .arg(operation.aborted->actor, operation.aborted->reason));
    else if (failures > 0)
        finish = failed(
            operation.id, errorcode::operationFailed,
            QStringLiteral("%1 of %2 items failed.").arg(failures).arg(operation.items.size()));
    finish.responsePayload = encodeEnd(operation);
    return finish;
}

ActionLog itemRow(const ActionOperation& operation, const ActionItem& item,
                  const QStringList& passedGuards) {
    ActionMetadata metadata;
    metadata.passedGuards = passedGuards;
    ActionLog row = actionLog(actiontype::operationItem, ActionLogStatus::InProgress,
                              operation.asker, std::move(metadata));
    row.component = QStringLiteral("orchestrator");
    row.id = itemRowId(operation.id, item.id);
    row.parentLogId = operation.id.value();
    row.instanceId = item.instance;
    if (item.stage == ItemStage::Done) {
        row.status = ActionLogStatus::Success;
    } else if (item.stage == ItemStage::Skipped || item.stage == ItemStage::Failed) {
        row.status = ActionLogStatus::Failed;
        row.errorCode = item.stage == ItemStage::Failed ? item.code
                        : item.code == u"changed"       ? QString::fromUtf16(errorcode::changed)
                        : item.code == u"aborted" ? QString::fromUtf16(errorcode::operationAborted)
                                                  : QString::fromUtf16(errorcode::guardBlocked);
        row.errorMessage = item.message;
    }
    JsonWriter json;
    json.beginObject();
    json.field("item", item.id);
    json.field("action", toString(operation.action));
    json.textIfAny("code", item.code);
    row.requestPayload = json.endObject().take();
    return row;
}

ActionLogFinish itemEnd(const ActionOperation& operation, const ActionItem& item) {
    const ActionLogId row = itemRowId(operation.id, item.id);
    if (item.stage == ItemStage::Done)
        return finished(row);
    return failed(row, errorcode::operationFailed, item.message);
}

ActionLog pauseRow(const ActionOperation& operation, const ActionOperation::Pause& pause,
                   const Asker& asker, bool aborted) {
    ActionLog row =
        actionLog(aborted ? actiontype::operationAborted : actiontype::operationPaused,
                  aborted ? ActionLogStatus::Success : ActionLogStatus::InProgress, asker);
    row.id = pause.row;
    row.parentLogId = operation.id.value();
    row.correlationId = operation.asker.correlationId;
    row.userId = pause.actor;
    JsonWriter json;
    json.beginObject();
    json.field("reason", pause.reason);
    json.fieldIfAny("wave", pause.wave);
    row.requestPayload = json.endObject().take();
    return row;
}

bool isJournalRow(const ActionLog& row) {
    return row.actionType == QStringView(actiontype::operation) ||
           row.actionType == QStringView(actiontype::operationItem) ||
           row.actionType == QStringView(actiontype::operationPaused);
}

std::optional<ActionOperation> readOperation(const ActionLog& row) {
    if (row.actionType != QStringView(actiontype::operation))
        return std::nullopt;
    const auto begin = JsonNode::parse(row.requestPayload, QStringLiteral("the operation"));
    if (!begin)
        return std::nullopt;
    const auto action = actionFromString((*begin)["action"].text());
    if (!action)
        return std::nullopt;
    ActionOperation operation;
    operation.id = row.id;
    operation.action = *action;
    operation.override = (*begin)["override"].boolean().value_or(false);
    operation.holdUntil = (*begin)["until"].time();
    operation.startedAt = row.createdAt;
    operation.asker.actor = row.userId;
    operation.asker.sourceIp = row.sourceIp;
    operation.asker.reason = (*begin)["reason"].text();
    operation.asker.correlationId = row.correlationId;
    operation.asker.component = QStringLiteral("api");
    const JsonNode waves = (*begin)["waves"];
    operation.waves.canary = std::max(waves["canary"].smallInteger().value_or(1), 0);
    operation.waves.size = std::max(waves["size"].smallInteger().value_or(1), 1);
    operation.waves.pause = std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(waves["pause_s"].number().value_or(0)));
    operation.waves.maxFailedShare = waves["max_failed_share"].number().value_or(0);
    for (const JsonNode& node : (*begin)["items"].items()) {
        ActionItem item;
        item.id = node["id"].text();
        item.instance = InstanceId(node["instance_id"].text());
        item.plannedStatus = instanceStatusFromString(node["status"].text());
        item.plannedIncarnation = node["incarnation"].smallInteger().value_or(0);
        operation.items.push_back(std::move(item));
    }
    if (row.status != ActionLogStatus::InProgress)
        readEnd(operation, row);
    return operation;
}

void readJournal(ActionOperation& operation, const std::vector<ActionLog>& rows) {
    QHash<ActionLogId, std::size_t> places;
    for (std::size_t i = 0; i < operation.items.size(); ++i)
        places.insert(itemRowId(operation.id, operation.items[i].id), i);
    operation.paused.reset();
    operation.acceptedWaves.clear();
    for (const ActionLog& row : rows) {
        if (row.parentLogId != operation.id.value())
            continue;
        const auto place = places.constFind(row.id);
        if (place != places.constEnd()) {
            readItem(operation.items[*place], row);
        } else if (row.actionType == QStringView(actiontype::operationAborted)) {
            operation.aborted = pauseOf(row);
        } else if (row.actionType == QStringView(actiontype::operationPaused)) {
            ActionOperation::Pause pause = pauseOf(row);
            if (row.status == ActionLogStatus::InProgress)
                operation.paused = std::move(pause);
            else if (pause.wave)
                operation.acceptedWaves.push_back(*pause.wave);
        }
    }
}

} // namespace vigie
