#include "core/model/jsonwriter.h"
#include "core/orchestrator/standingorder.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <utility>

namespace vigie {

namespace {

constexpr std::array<std::pair<StandingOrder::Kind, QStringView>, 3> kinds{{
    {StandingOrder::Kind::Pause, actiontype::automationPaused},
    {StandingOrder::Kind::Mode, actiontype::automationMode},
    {StandingOrder::Kind::StormBrake, actiontype::stormBrake},
}};

} // namespace

QStringView actionTypeOf(StandingOrder::Kind kind) {
    for (const auto& [known, type] : kinds) {
        if (known == kind)
            return type;
    }
    return {};
}

bool isSilence(const ActionLog& row) {
    return row.actionType == QStringView(actiontype::silence);
}

bool isStandingOrder(const ActionLog& row) {
    for (const auto& [kind, type] : kinds) {
        if (row.actionType == type)
            return true;
    }
    return false;
}

QByteArray encodeStandingOrder(const StandingOrder& order) {
    JsonWriter json;
    json.beginObject();
    json.textIfAny("scope", order.scope);
    json.textIfAny("reason", order.reason);
    if (order.kind == StandingOrder::Kind::Mode)
        json.field("mode", toString(order.mode));
    return json.endObject().take();
}

std::optional<StandingOrder> decodeStandingOrder(const ActionLog& row) {
    for (const auto& [kind, type] : kinds) {
        if (row.actionType != type)
            continue;
        const QJsonObject object = QJsonDocument::fromJson(row.requestPayload).object();
        StandingOrder order;
        order.kind = kind;
        order.scope = object.value(QLatin1String("scope")).toString();
        order.reason = object.value(QLatin1String("reason")).toString();
        // Of a word that is not known the careful reading is right.
        order.mode = object.value(QLatin1String("mode")).toString() == QLatin1String("act")
                         ? AutomationMode::Act
                         : AutomationMode::Observe;
        return order;
    }
    return std::nullopt;
}

QByteArray encodeRelease(StormBrake::SilentAre silent) {
    return JsonWriter()
        .beginObject()
        .field("silent_are_dead", silent == StormBrake::SilentAre::Dead)
        .endObject()
        .take();
}

StormBrake::SilentAre decodeRelease(const ActionLog& row) {
    const QJsonObject object = QJsonDocument::fromJson(row.requestPayload).object();
    return object.value(QLatin1String("silent_are_dead")).toBool() ? StormBrake::SilentAre::Dead
                                                                   : StormBrake::SilentAre::Unknown;
}

} // namespace vigie
