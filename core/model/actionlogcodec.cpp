#include "core/model/actionlogcodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

namespace vigie {

namespace {

/// A payload as JSON; one that is none as text, so that a single bad row cannot spoil the list.
void writePayload(JsonWriter& json, std::string_view name, const QByteArray& payload) {
    json.key(name);
    if (payload.isEmpty() || JsonNode::parse(payload, QString()))
        json.raw(payload);
    else
        json.value(QString::fromUtf8(payload));
}

void write(JsonWriter& json, const ActionLog& log) {
    json.beginObject()
        .field("id", log.id.value())
        .field("action_type", log.actionType)
        .textOrNull("component", log.component)
        .field("status", toString(log.status))
        .textOrNull("error_code", log.errorCode)
        .textOrNull("error_message", log.errorMessage)
        .textOrNull("instance_id", log.instanceId.value())
        .textOrNull("user_id", log.userId);
    writePayload(json, "request_payload", log.requestPayload);
    writePayload(json, "response_payload", log.responsePayload);
    json.field("duration_ms", log.durationMs)
        .textOrNull("source_ip", log.sourceIp)
        .field("created_at", log.createdAt)
        .field("completed_at", log.completedAt)
        .textOrNull("parent_log_id", log.parentLogId);
    writePayload(json, "metadata", log.metadata);
    json.textOrNull("instance_status_before", log.instanceStatusBefore)
        .textOrNull("instance_status_after", log.instanceStatusAfter)
        .textIfAny("correlation_id", log.correlationId)
        .endObject();
}

void writeRows(JsonWriter& json, std::span<const ActionLog> logs) {
    json.beginArray();
    for (const ActionLog& log : logs)
        write(json, log);
    json.endArray();
}

ActionLog read(const JsonNode& row, const QString& id) {
    ActionLog log;
    log.id = ActionLogId(id);
    log.actionType = row["action_type"].text();
    log.component = row["component"].text();
    log.status =
        actionLogStatusFromString(row["status"].text()).value_or(ActionLogStatus::InProgress);
    log.errorCode = row["error_code"].text();
    log.errorMessage = row["error_message"].text();
    log.instanceId = InstanceId(row["instance_id"].text());
    log.userId = row["user_id"].text();
    log.requestPayload = row["request_payload"].compact();
    log.responsePayload = row["response_payload"].compact();
    log.durationMs = row["duration_ms"].integer();
    log.sourceIp = row["source_ip"].text();
    log.createdAt = row["created_at"].time().value_or(WallTime{});
    log.completedAt = row["completed_at"].time();
    log.parentLogId = row["parent_log_id"].text();
    log.metadata = row["metadata"].compact();
    log.instanceStatusBefore = row["instance_status_before"].text();
    log.instanceStatusAfter = row["instance_status_after"].text();
    log.correlationId = row["correlation_id"].text();
    if (log.correlationId.isEmpty())
        log.correlationId = row["metadata"]["correlation_id"].text();
    return log;
}

} // namespace

QByteArray encodeActionLogs(std::span<const ActionLog> logs) {
    JsonWriter json(64 + static_cast<qsizetype>(logs.size()) * 768);
    writeRows(json, logs);
    return json.take();
}

QByteArray encodeActionLogPage(const ActionLogCounts& counts, std::span<const ActionLog> logs) {
    JsonWriter json(256 + static_cast<qsizetype>(logs.size()) * 768);
    json.beginObject().field("offset", counts.offset).field("limit", counts.limit);
    json.field("total_count", counts.totalCount).field("filtered_count", counts.filteredCount);
    json.key("rows");
    writeRows(json, logs);
    if (counts.byStatus)
        json.key("status_counts")
            .beginObject()
            .field("success", counts.byStatus->success)
            .field("failed", counts.byStatus->failed)
            .field("in_progress", counts.byStatus->inProgress)
            .endObject();
    return json.endObject().take();
}

Outcome<ActionLogList> decodeActionLogs(const QByteArray& body) {
    const QString what = QStringLiteral("The action log");
    const auto root = JsonNode::parse(body, what, 64 * 1024 * 1024);
    if (!root)
        return fail(root.error());
    const JsonNode rows = root->isArray() ? *root : (*root)["rows"];
    if (!rows.isArray())
        return fail(malformed(what, body,
                              QStringLiteral("neither an array nor an object with an array "
                                             "\"rows\"")));
    ActionLogList list;
    for (const JsonNode& row : rows.items()) {
        if (const QString id = row["id"].text(); !id.isEmpty())
            list.logs.push_back(read(row, id));
    }
    if (root->isObject()) {
        const auto count = [&root](std::string_view name) {
            return (*root)[name].smallInteger().value_or(0);
        };
        list.counts = ActionLogCounts{count("offset"), count("limit"), count("total_count"),
                                      count("filtered_count"), std::nullopt};
        const JsonNode by = (*root)["status_counts"];
        if (by.isObject())
            list.counts->byStatus = ActionLogCounts::ByStatus{
                by["success"].smallInteger().value_or(0), by["failed"].smallInteger().value_or(0),
                by["in_progress"].smallInteger().value_or(0)};
    }
    return list;
}

} // namespace vigie
