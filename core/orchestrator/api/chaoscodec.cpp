#include "core/base/timeformat.h"
#include "core/calls/faultcodec.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/chaosdesk.h"
#include "core/orchestrator/api/mocktrouble.h"
#include "core/orchestrator/api/requestcodec.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

namespace {

constexpr qsizetype longestChaosReason = 500;
constexpr qsizetype longestRules = 64 * 1024;

Failure badChaos(const QString& message) {
    return {FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_request"), {}};
}

QString kindWord(FaultRule::Kind kind) {
    return kind == FaultRule::Kind::Latency   ? QStringLiteral("latency")
           : kind == FaultRule::Kind::Outcome ? QStringLiteral("outcome")
                                              : QStringLiteral("fault");
}

void writeRule(JsonWriter& json, const FaultRule& rule) {
    json.beginObject()
        .field("key", QString::fromStdString(rule.key))
        .field("rate", rule.rate)
        .field("kind", kindWord(rule.kind))
        .field("error_class", QString::fromUtf8(toString(rule.errorClass)))
        .field("latency_seconds", toSeconds(rule.latency))
        .field("start_seconds", toSeconds(rule.start))
        .field("length_seconds", toSeconds(rule.length))
        .field("every_seconds", toSeconds(rule.every))
        .endObject();
}

} // namespace

QByteArray ChaosDesk::encoded() const {
    const QStringList says = active();
    JsonWriter json(1024);
    json.beginObject().field("active", !says.isEmpty());
    json.key("says").beginArray();
    for (const QString& each : says)
        json.value(each);
    json.endArray().key("provider");
    if (const TroubleDesk* desk = m_provider.troubleDesk())
        json.raw(encodeTrouble(desk->trouble()));
    else
        json.null();
    json.key("faults").beginArray();
    if (m_faults) {
        for (const FaultRule& rule : m_faults->faultRules())
            writeRule(json, rule);
    }
    json.endArray().field("faults_injected",
                          static_cast<qint64>(m_faults ? m_faults->faultsInjected() : 0));
    return json.endObject().take();
}

Outcome<ChaosOrder> decodeChaos(const QByteArray& body, const ProviderTrouble* now,
                                const ProviderTrouble* calm) {
    if (auto wrong = whyNoJsonObject(body))
        return fail(std::move(*wrong));
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    ChaosOrder order;
    const ProviderTrouble* from = object.value(QStringLiteral("off")).toBool() ? calm : now;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QJsonValue& value = it.value();
        if (it.key() == u"off" && value.isBool()) {
            order.off = value.toBool();
        } else if (it.key() == u"reason" && value.isString()) {
            order.reason = value.toString().trimmed();
        } else if (it.key() == u"provider" && value.isObject()) {
            const QByteArray inner = QJsonDocument(value.toObject()).toJson();
            auto trouble = decodeTrouble(inner, from ? *from : ProviderTrouble{});
            if (!trouble)
                return fail(trouble.error());
            auto mishap = decodeMishap(inner);
            if (!mishap)
                return fail(mishap.error());
            order.trouble = std::move(*trouble);
            order.mishap = std::move(*mishap);
        } else if (it.key() == u"faults" && value.isString() &&
                   value.toString().size() <= longestRules) {
            auto rules = readFaultRules(value.toString().toUtf8(), QStringLiteral("faults"));
            if (!rules)
                return fail(badChaos(rules.error().message));
            order.faults = std::move(*rules);
        } else {
            return fail(badChaos(
                QStringLiteral("field \"%1\" is none of: off (true or false), provider (an object "
                               "with the fields of /admin/mock), faults (rules as TOML, at most "
                               "64 KiB), reason (a text)")
                    .arg(it.key().left(50))));
        }
    }
    if (order.reason.isEmpty() || order.reason.size() > longestChaosReason)
        return fail(badChaos(QStringLiteral("field \"reason\" must be a text of 1 to %1 "
                                            "characters: who comes next has to know why")
                                 .arg(longestChaosReason)));
    if (!order.off && !order.trouble && !order.faults)
        return fail(badChaos(QStringLiteral("one of \"off\", \"provider\" and \"faults\" must be "
                                            "given")));
    return order;
}

} // namespace vigie
