#include "core/model/finopsevent.h"
#include "core/model/jsonwriter.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

constexpr std::array allFinopsKinds{FinopsKind::CostStarted, FinopsKind::CostUpdated,
                                    FinopsKind::CostStopped, FinopsKind::TokensUsed};

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
        .field("requests", event.used ? std::optional(event.used->requests) : std::nullopt)
        .field("input_tokens", event.used ? std::optional(event.used->input) : std::nullopt)
        .field("output_tokens", event.used ? std::optional(event.used->output) : std::nullopt)
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
    case FinopsKind::TokensUsed:
        return QStringLiteral("EVT:TOKENS_USED");
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

QByteArray encodeTokenTotals(const std::optional<TokenTotals>& totals) {
    const TokenCount used = totals ? totals->used : TokenCount{};
    return JsonWriter()
        .beginObject()
        .field("total_requests", used.requests)
        .field("successful_requests", used.requests)
        .key("failed_requests")
        .null()
        .field("total_input_tokens", used.input)
        .field("total_output_tokens", used.output)
        .field("total_tokens", used.input + used.output)
        .field("first_request_at", totals ? std::optional(totals->first) : std::nullopt)
        .field("last_request_at", totals ? std::optional(totals->last) : std::nullopt)
        .endObject()
        .take();
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
