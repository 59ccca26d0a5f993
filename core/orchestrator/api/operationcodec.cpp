#include "core/orchestrator/api/operationcodec.h"

#include "core/model/jsonwriter.h"

#include <algorithm>
#include <map>

namespace vigie {

namespace {

void writeCapacity(JsonWriter& json, const char* name, const Capacity& capacity) {
    json.key(name).beginObject();
    json.field("instances", capacity.instances);
    json.field("ready", capacity.ready);
    json.field("cost_per_hour", capacity.costPerHour);
    json.key("pools").beginArray();
    std::map<QString, PoolFacts> pools;
    for (auto pool = capacity.pools.begin(); pool != capacity.pools.end(); ++pool)
        pools[pool.key()] = *pool;
    for (const auto& [pool, facts] : pools) {
        json.beginObject();
        json.field("pool", pool);
        json.field("instances", facts.instances);
        json.field("ready", facts.ready);
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

void writeItem(JsonWriter& json, const ActionItem& item, int wave) {
    json.beginObject();
    json.field("id", item.id);
    json.textOrNull("instance_id", item.instance.value());
    json.field("state", toString(item.stage));
    json.field("wave", wave + 1);
    json.textOrNull("code", item.code);
    json.textOrNull("message", item.message);
    json.field("started_at", item.startedAt);
    json.field("ended_at", item.endedAt);
    json.endObject();
}

void writePause(JsonWriter& json, const char* name,
                const std::optional<ActionOperation::Pause>& pause) {
    json.key(name);
    if (!pause) {
        json.null();
        return;
    }
    json.beginObject();
    json.field("reason", pause->reason);
    json.field("actor", pause->actor);
    json.field("at", pause->at);
    json.endObject();
}

} // namespace

QByteArray encodePlan(const OperationDesk::Plan& plan) {
    JsonWriter json(static_cast<qsizetype>(1024 + plan.plan.items.size() * 300));
    json.beginObject();
    json.field("plan_id", plan.id);
    json.field("action", toString(plan.plan.action));
    json.field("expires_at", plan.expiresAt);
    json.key("items").beginArray();
    for (const PlannedItem& item : plan.plan.items) {
        const ItemVerdict& verdict = item.verdict;
        const bool allowed = verdict.allowed || verdict.waits;
        json.beginObject();
        json.field("id", item.target.id);
        json.textOrNull("instance_id", item.target.instance.value());
        json.textOrNull("status", item.target.known ? toString(item.target.status) : QString());
        json.field("allowed", allowed);
        json.textOrNull("blocked_by", allowed ? QString() : verdict.guard);
        json.textOrNull("waits_for", verdict.waits ? verdict.guard : QString());
        json.textOrNull("message", verdict.says);
        json.field("effect", verdict.effect);
        json.key("overridden").beginArray();
        for (const QString& guard : verdict.passed)
            json.value(guard);
        json.endArray();
        json.endObject();
    }
    json.endArray();
    writeCapacity(json, "capacity_before", plan.plan.before);
    writeCapacity(json, "capacity_after", plan.plan.after);
    json.field("lowest_ready", plan.plan.lowestReady);
    json.key("guards").beginArray();
    for (const PlanGuard& guard : plan.plan.guards) {
        if (!guard.applies)
            continue;
        json.beginObject();
        json.field("name", guard.name);
        json.field("may_be_overridden", guard.mayBePassed);
        json.field("holds_back", guard.holdsBack);
        json.endObject();
    }
    json.endArray();
    return json.endObject().take();
}

QByteArray encodeOperation(const ActionOperation& operation, bool withItems) {
    JsonWriter json(static_cast<qsizetype>(1024 + operation.items.size() * 300));
    json.beginObject();
    json.field("operation_id", operation.id.value());
    json.field("action", toString(operation.action));
    json.field("state", stateOf(operation));
    json.field("reason", operation.asker.reason);
    json.field("actor", operation.asker.actor);
    json.field("override", operation.override);
    json.field("correlation_id", operation.asker.correlationId);
    json.field("started_at", operation.startedAt);
    json.field("finished_at", operation.finishedAt);
    writePause(json, "paused", operation.paused);
    writePause(json, "aborted", operation.aborted);
    json.key("waves").beginObject();
    json.field("count", waveCount(operation));
    json.field("canary", operation.waves.canary);
    json.field("size", operation.waves.size);
    json.field("pause_s", std::chrono::duration<double>(operation.waves.pause).count());
    json.field("max_failed_share", operation.waves.maxFailedShare);
    json.endObject();
    json.key("counts").beginObject();
    for (const ItemStage stage : {ItemStage::Pending, ItemStage::Running, ItemStage::Done,
                                  ItemStage::Failed, ItemStage::Skipped}) {
        json.field(toString(stage).toStdString(), static_cast<qint64>(std::ranges::count(
                                                      operation.items, stage, &ActionItem::stage)));
    }
    json.endObject();
    if (withItems) {
        json.key("items").beginArray();
        for (std::size_t i = 0; i < operation.items.size(); ++i)
            writeItem(json, operation.items[i], waveOf(i, operation.waves));
        json.endArray();
    }
    return json.endObject().take();
}

QByteArray encodeStarted(const ActionOperation& operation) {
    JsonWriter json;
    json.beginObject();
    json.field("operation_id", operation.id.value());
    json.field("status", QStringLiteral("accepted"));
    json.field("message",
               QStringLiteral("%1 items in %2 waves; GET /actions/%3 shows how far it is")
                   .arg(operation.items.size())
                   .arg(waveCount(operation))
                   .arg(operation.id.value()));
    return json.endObject().take();
}

QByteArray encodeGuardBlocked(const QString& guard, const QString& message) {
    JsonWriter json;
    json.beginObject();
    json.field("error", QStringLiteral("guard_blocked"));
    json.field("guard", guard);
    json.field("message", message);
    return json.endObject().take();
}

} // namespace vigie
