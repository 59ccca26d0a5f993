#include "core/model/finopsevent.h"
#include "core/model/jsonwriter.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

constexpr std::array allFinopsKinds{FinopsKind::CostStarted, FinopsKind::CostUpdated,
                                    FinopsKind::CostStopped};

void writeEvent(JsonWriter& json, const FinopsEvent& event) {
    json.beginObject()
        .field("id", event.id)
        .field("number", event.number)
        .field("event_type", toString(event.kind))
        .field("instance_id", event.instanceId.value())
        .textOrNull("pool", event.pool)
        .textOrNull("instance_type", event.instanceType)
        .field("status", event.status)
        .field("cost_per_hour", event.costPerHour)
        .field("total_cost", event.totalCost)
        .field("currency", QStringLiteral("EUR"))
        .textOrNull("correlation_id", event.correlationId)
        .field("created_at", event.at)
        .endObject();
}

} // namespace

QString toString(FinopsKind kind) {
    switch (kind) {
    case FinopsKind::CostStarted:
        return QStringLiteral("EVT:COST_STARTED");
    case FinopsKind::CostStopped:
        return QStringLiteral("EVT:COST_STOPPED");
    case FinopsKind::CostUpdated:
        break;
    }
    return QStringLiteral("EVT:COST_UPDATED");
}

std::optional<FinopsKind> finopsKindFromString(QStringView word) {
    const auto found = std::ranges::find_if(
        allFinopsKinds, [word](FinopsKind kind) { return toString(kind) == word; });
    return found == allFinopsKinds.end() ? std::nullopt : std::optional(*found);
}

QByteArray encodeFinopsEvent(const FinopsEvent& event) {
    JsonWriter json;
    writeEvent(json, event);
    return json.take();
}

QByteArray encodeFinopsEvents(std::span<const FinopsEvent> events) {
    JsonWriter json;
    json.beginArray();
    for (const FinopsEvent& event : events)
        writeEvent(json, event);
    return json.endArray().take();
}

} // namespace vigie
