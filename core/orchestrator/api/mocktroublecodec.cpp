#include "core/base/timeformat.h"
#include "core/model/jsonwriter.h"
#include "core/orchestrator/api/mocktrouble.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace vigie {

namespace {

constexpr qsizetype maxPatterns = 100;
constexpr double longestSeconds = 3600;

tl::unexpected<Failure> badTrouble(const QString& field, const QString& expected) {
    return fail({FailureKind::Invalid,
                 QStringLiteral("field \"%1\" must be %2").arg(field, expected),
                 0,
                 {},
                 QStringLiteral("invalid_request"),
                 {}});
}

bool isWithin(const QJsonValue& value, double maximum) {
    return value.isDouble() && value.toDouble() >= 0 && value.toDouble() <= maximum;
}

bool isWhole(const QJsonValue& value, double maximum) {
    return isWithin(value, maximum) && std::floor(value.toDouble()) == value.toDouble();
}

Outcome<void> takeShare(const QString& field, const QJsonValue& value, double& into) {
    if (!isWithin(value, 1))
        return badTrouble(field, QStringLiteral("a share of 0 to 1"));
    into = value.toDouble();
    return {};
}

Outcome<void> takeSeconds(const QString& field, const QJsonValue& value, Duration& into) {
    if (!isWithin(value, longestSeconds))
        return badTrouble(field, QStringLiteral("seconds, 0 to 3600"));
    into = fromSeconds(value.toDouble());
    return {};
}

Outcome<void> takeStock(const QString& field, const QJsonValue& value, QStringList& into) {
    const QJsonArray list = value.toArray();
    bool fits = value.isArray() && list.size() <= maxPatterns;
    into.clear();
    for (const QJsonValue& each : list) {
        fits = fits && each.toString().count(QLatin1Char('/')) == 1;
        into.append(each.toString());
    }
    if (!fits)
        return badTrouble(field, QStringLiteral("a list of at most 100 texts \"zone/type\", where "
                                                "either may be *"));
    return {};
}

const QStringList& mishapFields() {
    static const QStringList fields{QStringLiteral("vanish"), QStringLiteral("lose_volumes"),
                                    QStringLiteral("stray_machines")};
    return fields;
}

Outcome<void> takeIds(const QString& field, const QJsonValue& value, QStringList& into) {
    const QJsonArray list = value.toArray();
    bool fits = value.isUndefined() || (value.isArray() && list.size() <= 1000);
    for (const QJsonValue& each : list) {
        fits = fits && each.isString();
        into.append(each.toString());
    }
    if (!fits)
        return badTrouble(field, QStringLiteral("a list of at most 1000 ids"));
    return {};
}

Outcome<void> take(const QString& field, const QJsonValue& value, ProviderTrouble& into) {
    if (field == u"latency_s")
        return takeSeconds(field, value, into.latency);
    if (field == u"list_lag_s")
        return takeSeconds(field, value, into.listLag);
    if (field == u"error_rate")
        return takeShare(field, value, into.errorRate);
    if (field == u"rate_limit_rate")
        return takeShare(field, value, into.rateLimitRate);
    if (field == u"lost_answer_rate")
        return takeShare(field, value, into.lostAnswerRate);
    if (field == u"volume_leak_rate")
        return takeShare(field, value, into.volumeLeakRate);
    if (field == u"out_of_stock")
        return takeStock(field, value, into.outOfStock);
    if (field == u"quota") {
        if (!value.isNull() && !isWhole(value, 1'000'000))
            return badTrouble(field, QStringLiteral("a number of machines, or null for no limit"));
        into.quota = value.isNull() ? std::nullopt : std::optional(value.toInt());
        return {};
    }
    if (field == u"seed") {
        if (!isWhole(value, 2147483647))
            return badTrouble(field, QStringLiteral("a whole number of 0 to 2147483647"));
        into.seed = static_cast<quint32>(value.toInteger());
        return {};
    }
    if (mishapFields().contains(field))
        return {};
    return badTrouble(field.left(50),
                      QStringLiteral("left out: it is none of latency_s, error_rate, "
                                     "rate_limit_rate, lost_answer_rate, volume_leak_rate, "
                                     "out_of_stock, quota, list_lag_s, seed, vanish, "
                                     "lose_volumes and stray_machines"));
}

} // namespace

QByteArray encodeTrouble(const ProviderTrouble& trouble) {
    JsonWriter json;
    json.beginObject()
        .field("latency_s", toSeconds(trouble.latency))
        .field("error_rate", trouble.errorRate)
        .field("rate_limit_rate", trouble.rateLimitRate)
        .field("lost_answer_rate", trouble.lostAnswerRate)
        .field("volume_leak_rate", trouble.volumeLeakRate);
    json.key("out_of_stock").beginArray();
    for (const QString& each : trouble.outOfStock)
        json.value(each);
    json.endArray()
        .field("quota", trouble.quota)
        .field("list_lag_s", toSeconds(trouble.listLag))
        .field("seed", static_cast<qint64>(trouble.seed));
    return json.endObject().take();
}

Outcome<ProviderTrouble> decodeTrouble(const QByteArray& body, ProviderTrouble now) {
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return badTrouble(QString(), QStringLiteral("in a JSON object"));
    const QJsonObject object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (const auto taken = take(it.key(), it.value(), now); !taken)
            return fail(taken.error());
    }
    return now;
}

Outcome<ProviderMishap> decodeMishap(const QByteArray& body) {
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    const auto value = [&object](int field) { return object.value(mishapFields().at(field)); };
    ProviderMishap mishap;
    if (const auto taken = takeIds(mishapFields().at(0), value(0), mishap.vanish); !taken)
        return fail(taken.error());
    if (const auto taken = takeIds(mishapFields().at(1), value(1), mishap.loseVolumes); !taken)
        return fail(taken.error());
    if (!value(2).isUndefined() && !isWhole(value(2), 100))
        return badTrouble(mishapFields().at(2), QStringLiteral("a whole number of 0 to 100"));
    mishap.strayMachines = value(2).toInt();
    return mishap;
}

} // namespace vigie
