#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/automationrequest.h"
#include "core/orchestrator/api/fleetcodec.h"
#include "core/orchestrator/api/requestcodec.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace vigie {

namespace {

constexpr qsizetype longestReason = 500;
constexpr int mostTold = 100; // of one guard; a storm holds back thousands

Failure badAutomation(const QString& message) {
    return {FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_request"), {}};
}

/// {reason}, which must be there: who comes next has to know why.
Outcome<QString> reasonIn(const QJsonObject& object, QLatin1String field) {
    const QJsonValue inner = object.value(field);
    const QString reason = inner.toObject().value(QLatin1String("reason")).toString().trimmed();
    if (!inner.isObject() || reason.isEmpty() || reason.size() > longestReason)
        return fail(badAutomation(QStringLiteral("field \"%1\" must be an object with a "
                                                 "\"reason\" of 1 to %2 characters")
                                      .arg(field)
                                      .arg(longestReason)));
    return reason;
}

std::optional<Failure> unknownIn(const QJsonObject& object) {
    const QString pause = QStringLiteral("pause"), release = QStringLiteral("release");
    const QString reason = QStringLiteral("reason"), pool = QStringLiteral("pool");
    const QString mode = QStringLiteral("mode");
    if (auto unknown = whyUnknownField(object, {mode, pool, pause, release, reason}))
        return unknown;
    if (object.contains(pool) && !object.contains(mode))
        return badAutomation(QStringLiteral("field \"pool\" goes with \"mode\" only: a pause and a "
                                            "release are of all pools"));
    if (auto unknown =
            whyUnknownField(object.value(pause).toObject(), {reason}, QStringLiteral("pause.")))
        return unknown;
    return whyUnknownField(object.value(release).toObject(),
                           {reason, QStringLiteral("silent_are_dead")}, QStringLiteral("release."));
}

void writeBrakes(JsonWriter& json, const AutomationView& automation) {
    json.key("storm").beginArray();
    for (const StormBrake::On& on : automation.brakes) {
        json.beginObject();
        json.field("scope", on.scope.isEmpty() ? QStringLiteral("fleet") : on.scope);
        json.field("cause", on.cause);
        json.field("says", automation.brakeSays.value(on.scope));
        json.field("cooling_down", on.calmSince.has_value());
        json.field("expected", static_cast<qint64>(on.expected.size()));
        json.field("back", on.back);
        json.endObject();
    }
    json.endArray();
}

void writePools(JsonWriter& json, const AutomationView& automation) {
    json.key("budget").beginObject();
    const auto& tick = automation.tick;
    json.field("in_recovery", tick ? std::optional(tick->inRecovery) : std::nullopt);
    json.field("in_flight_limit", automation.inFlight);
    if (!tick) {
        json.key("pools").null().endObject();
        return;
    }
    json.key("pools").beginArray();
    for (const PoolBudget& pool : tick->pools) {
        json.beginObject();
        json.field("pool", pool.pool);
        json.field("mode", toString(pool.mode));
        json.field("size", pool.size);
        json.field("in_recovery", pool.inRecovery);
        json.field("blast_radius", pool.blastRadius);
        json.field("left", std::max(0, pool.blastRadius - pool.inRecovery));
        json.endObject();
    }
    json.endArray().endObject();
}

void writeSilentAfterRelease(JsonWriter& json, const AutomationView& automation) {
    json.key("silent_after_release");
    if (!automation.tick) {
        json.null();
        return;
    }
    json.beginArray();
    const QMap<QString, int>& pools = automation.tick->silentAfterRelease;
    for (auto pool = pools.begin(); pool != pools.end(); ++pool)
        json.beginObject().field("pool", pool.key()).field("instances", *pool).endObject();
    json.endArray();
}

/// What holds back remedies is counted by those who ask it; the others by what they block now.
/// Where nobody has asked yet, and where another one leads, 0 would be a lie.
void writeGuards(JsonWriter& json, const AutomationView& automation,
                 const std::vector<GuardHold>* holds) {
    if (!automation.tick) {
        json.key("guards").null();
        return;
    }
    const std::vector<AutomationView::Guard>& guards = automation.tick->guards;
    json.key("guards").beginArray();
    for (const GuardSentence& known : guardSentences()) {
        const auto counted = std::ranges::find(guards, known.name, &AutomationView::Guard::name);
        json.beginObject();
        json.field("name", known.name.toString());
        json.field("says", known.says.toString());
        if (counted != guards.end()) {
            json.field("blocked_now", counted->blockedNow);
            json.field("blocked_total", static_cast<qint64>(counted->blocked));
        }
        if (holds) {
            int told = 0;
            json.key("blocks").beginArray();
            for (const GuardHold& one : *holds) {
                if (one.guard != known.name || told++ >= mostTold)
                    continue;
                json.beginObject();
                json.textOrNull("id", one.id);
                json.field("job", one.job);
                json.field("says", one.says);
                json.endObject();
            }
            json.endArray();
            json.field("blocks_total", told);
        }
        json.endObject();
    }
    json.endArray();
}

} // namespace

QByteArray encodeAutomation(const AutomationView& automation, const QStringList& chaos,
                            const std::vector<GuardHold>* holds) {
    JsonWriter json(2048);
    json.beginObject();
    json.field("mode", toString(automation.mode));
    json.field("recovery_enabled", automation.recoveryEnabled);
    json.textOrNull("leader", automation.leader);
    json.key("paused_by").beginArray();
    for (const PauseReason& one : automation.pausedBy) {
        json.beginObject();
        json.field("reason", one.reason);
        json.field("actor", one.actor);
        json.field("at", one.at);
        json.endObject();
    }
    json.endArray();
    writeBrakes(json, automation);
    writeSilentAfterRelease(json, automation);
    writePools(json, automation);
    writeGuards(json, automation, holds);
    json.key("chaos").beginArray();
    for (const QString& each : chaos)
        json.value(each);
    json.endArray();
    return json.endObject().take();
}

Outcome<AutomationRequest> decodeAutomationRequest(const QByteArray& body) {
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return fail(badAutomation(QStringLiteral("the body must be a JSON object with \"mode\", "
                                                 "\"pause\" or \"release\"")));
    const QJsonObject object = document.object();
    if (auto unknown = unknownIn(object))
        return fail(std::move(*unknown));
    AutomationRequest request;
    if (object.contains(QLatin1String("mode"))) {
        const QString mode = object.value(QLatin1String("mode")).toString();
        if (mode != QLatin1String("observe") && mode != QLatin1String("act"))
            return fail(
                badAutomation(QStringLiteral("field \"mode\" must be \"observe\" or \"act\"")));
        request.mode = mode == QLatin1String("act") ? AutomationMode::Act : AutomationMode::Observe;
        const QJsonValue pool = object.value(QLatin1String("pool"));
        if (!pool.isUndefined() && (!pool.isString() || pool.toString().size() > 200))
            return fail(badAutomation(
                QStringLiteral("field \"pool\" must be a text such as \"mock/zone/model\"")));
        request.pool = pool.toString();
    }
    if (object.contains(QLatin1String("pause"))) {
        const auto reason = reasonIn(object, QLatin1String("pause"));
        if (!reason)
            return fail(reason.error());
        request.pause = *reason;
    }
    if (object.contains(QLatin1String("release"))) {
        const auto reason = reasonIn(object, QLatin1String("release"));
        if (!reason)
            return fail(reason.error());
        request.release = *reason;
        const QJsonValue dead = object.value(QLatin1String("release"))
                                    .toObject()
                                    .value(QLatin1String("silent_are_dead"));
        if (!dead.isUndefined() && !dead.isBool())
            return fail(badAutomation(
                QStringLiteral("field \"release.silent_are_dead\" must be true or false")));
        if (dead.toBool())
            request.silent = StormBrake::SilentAre::Dead;
    }
    const int asked = (request.mode ? 1 : 0) + (request.pause.isEmpty() ? 0 : 1) +
                      (request.release.isEmpty() ? 0 : 1);
    if (asked != 1)
        return fail(badAutomation(
            QStringLiteral("exactly one of \"mode\", \"pause\" and \"release\" must be given")));
    return request;
}

} // namespace vigie
