#include "core/model/jsonwriter.h"
#include "core/orchestrator/policy.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <map>

namespace vigie {

namespace {

void writeValue(JsonWriter& json, const Settings& settings, const SettingSpec& spec) {
    const QString path = spec.path();
    switch (spec.type) {
    case SettingType::Text:
        json.value(settings.text(path));
        return;
    case SettingType::Integer:
        json.value(settings.integer(path));
        return;
    case SettingType::Number:
        json.value(settings.number(path));
        return;
    case SettingType::Boolean:
        json.value(settings.boolean(path));
        return;
    case SettingType::Seconds:
        json.value(std::chrono::duration<double>(settings.seconds(path)).count());
        return;
    case SettingType::TextList:
        json.beginArray();
        for (const QString& each : settings.textList(path))
            json.value(each);
        json.endArray();
        return;
    }
}

/// As an environment variable would say it; nothing for a value of another type.
std::optional<QString> asText(const QJsonValue& value, SettingType type) {
    switch (type) {
    case SettingType::Text:
        return value.isString() ? std::optional(value.toString()) : std::nullopt;
    case SettingType::Boolean:
        return value.isBool() ? std::optional(value.toBool() ? QStringLiteral("true")
                                                             : QStringLiteral("false"))
                              : std::nullopt;
    case SettingType::Integer:
    case SettingType::Number:
    case SettingType::Seconds:
        return value.isDouble() ? std::optional(QString::number(value.toDouble(), 'g', 17))
                                : std::nullopt;
    case SettingType::TextList:
        break;
    }
    if (!value.isArray())
        return std::nullopt;
    QStringList texts;
    for (const QJsonValue& each : value.toArray()) {
        if (!each.isString() || each.toString().contains(QLatin1Char(',')))
            return std::nullopt;
        texts.append(each.toString());
    }
    return texts.join(QLatin1Char(','));
}

QString typeName(SettingType type) {
    switch (type) {
    case SettingType::Text:
        return QStringLiteral("a text");
    case SettingType::Boolean:
        return QStringLiteral("true or false");
    case SettingType::TextList:
        return QStringLiteral("a list of texts");
    case SettingType::Integer:
        return QStringLiteral("a whole number");
    case SettingType::Seconds:
        return QStringLiteral("a number of seconds");
    case SettingType::Number:
        break;
    }
    return QStringLiteral("a number");
}

Failure badPolicy(const QString& message) {
    return Failure{FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_policy"), {}};
}

/// The keys of `changes` by their path.
Outcome<std::map<QString, QJsonValue>> flatten(const QByteArray& changes) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(changes, &error);
    if (!document.isObject())
        return fail(badPolicy(QStringLiteral("a policy is a JSON object such as {\"guards\": "
                                             "{\"pace_seconds\": 60}}")));
    std::map<QString, QJsonValue> flat;
    const QJsonObject root = document.object();
    for (auto section = root.begin(); section != root.end(); ++section) {
        if (!section->isObject())
            return fail(badPolicy(
                QStringLiteral("section \"%1\" must be an object").arg(section.key().left(64))));
        const QJsonObject keys = section->toObject();
        for (auto key = keys.begin(); key != keys.end(); ++key)
            flat[section.key() + QLatin1Char('.') + key.key()] = *key;
    }
    return flat;
}

} // namespace

QByteArray encodePolicy(const Settings& effective) {
    std::map<QString, std::vector<SettingSpec>> sections;
    for (const SettingSpec& spec : watchdogSettingSpecs())
        sections[spec.section].push_back(spec);
    JsonWriter json(4096);
    json.beginObject();
    for (const auto& [section, specs] : sections) {
        json.keyText(section).beginObject();
        for (const SettingSpec& spec : specs) {
            json.keyText(spec.key);
            writeValue(json, effective, spec);
        }
        json.endObject();
    }
    return json.endObject().take();
}

Outcome<Settings> policyWith(const QByteArray& changes, const Settings& base) {
    auto wanted = flatten(changes);
    if (!wanted)
        return fail(wanted.error());
    const auto said = flatten(encodePolicy(base));
    SettingsInput input;
    const std::vector<SettingSpec> specs = watchdogSettingSpecs();
    QHash<QString, QString> names; // of the variables, for sentences
    for (const SettingSpec& spec : specs) {
        const auto own = wanted->find(spec.path());
        const QJsonValue& value = own != wanted->end() ? own->second : said->at(spec.path());
        const auto text = asText(value, spec.type);
        if (!text)
            return fail(
                badPolicy(QStringLiteral("%1 must be %2").arg(spec.path(), typeName(spec.type))));
        input.environment.insert(spec.variable(), *text);
        names.insert(spec.variable(), spec.path());
        wanted->erase(spec.path());
    }
    if (!wanted->empty())
        return fail(badPolicy(QStringLiteral("there is no %1 in the policy; GET /policy shows "
                                             "all that is")
                                  .arg(wanted->begin()->first.left(100))));
    Outcome<Settings> read = Settings::read(specs, input);
    if (read)
        return read;
    QString message = read.error().message;
    for (auto name = names.begin(); name != names.end(); ++name)
        message.replace(QStringLiteral("environment ") + name.key(), *name);
    return fail(badPolicy(message));
}

QByteArray encodePolicyOrder(const QByteArray& changes, const QString& reason) {
    JsonWriter json;
    json.beginObject();
    json.field("reason", reason);
    json.key("changes").raw(QJsonDocument::fromJson(changes).toJson(QJsonDocument::Compact));
    return json.endObject().take();
}

std::optional<QByteArray> policyOrderOf(const ActionLog& row) {
    if (row.actionType != QStringView(actiontype::policyChanged))
        return std::nullopt;
    const QJsonValue changes =
        QJsonDocument::fromJson(row.requestPayload).object().value(QLatin1String("changes"));
    if (!changes.isObject())
        return std::nullopt;
    return QJsonDocument(changes.toObject()).toJson(QJsonDocument::Compact);
}

QByteArray encodePolicyEffect(const PolicyEffect& effect) {
    JsonWriter json;
    json.beginObject();
    json.field("from", effect.from);
    json.field("to", effect.to);
    json.field("remedies", effect.remedies);
    json.field("deaths", effect.deaths);
    json.field("deaths_not_seen", effect.deathsNotSeen);
    json.field("found_sooner_s", std::chrono::duration<double>(effect.sooner).count());
    json.key("held_back").beginArray();
    for (const PolicyEffect::HeldBack& one : effect.heldBack) {
        json.beginObject();
        json.field("instance_id", one.instance.value());
        json.field("at", one.at);
        json.field("guard", one.guard);
        json.endObject();
    }
    json.endArray();
    return json.endObject().take();
}

} // namespace vigie
