#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/breakerorder.h"

namespace vigie {

bool canBeImposed(BreakerMode mode) {
    return mode == BreakerMode::ForcedOpen || mode == BreakerMode::ForcedClosed ||
           mode == BreakerMode::Disabled || mode == BreakerMode::MetricsOnly;
}

bool isBreakerOrder(const ActionLog& row) {
    return row.actionType == actiontype::breakerOverride;
}

QByteArray encodeBreakerOrder(const BreakerOrder& order) {
    JsonWriter json;
    json.beginObject().field("breaker", order.breaker).field("override", toString(order.state));
    json.field("reason", order.reason).fieldIfAny("until", order.until);
    return json.endObject().take();
}

QByteArray encodeBreakerRelease(const QString& breaker, const QString& reason) {
    JsonWriter json;
    json.beginObject().field("breaker", breaker).field("override", QStringLiteral("none"));
    return json.field("reason", reason).endObject().take();
}

std::optional<BreakerOrder> decodeBreakerOrder(const ActionLog& row) {
    if (!isBreakerOrder(row))
        return std::nullopt;
    const auto object = JsonNode::parse(row.requestPayload, QStringLiteral("an override"));
    if (!object)
        return std::nullopt;
    const auto state = breakerModeFromString((*object)["override"].text());
    if (!state || !canBeImposed(*state) || (*object)["breaker"].text().isEmpty())
        return std::nullopt;
    return BreakerOrder{(*object)["breaker"].text(), *state, (*object)["reason"].text(),
                        (*object)["until"].time()};
}

} // namespace vigie
