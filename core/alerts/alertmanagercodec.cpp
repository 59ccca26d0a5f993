#include "core/alerts/alertmanagercodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

constexpr std::size_t mostMatchers = 64;
constexpr qsizetype longestText = 1000;

Failure badSilence(const QString& why) {
    return {FailureKind::Invalid, why, 0, {}, QStringLiteral("invalid_silence"), {}};
}

Failure badField(const char* name, const QString& expected) {
    return badSilence(QStringLiteral("field \"%1\" must be %2").arg(QLatin1String(name), expected));
}

WallTime beganAt(const Alert& alert) {
    return alert.firedAt.value_or(alert.activeSince);
}

/// What both shapes have; the object stays open.
void writeBeginning(JsonWriter& json, const ToldAlert& told) {
    const Alert& alert = told.alert;
    json.beginObject().key("labels").beginObject();
    for (auto label = alert.labels.begin(); label != alert.labels.end(); ++label)
        json.keyText(label.key()).value(label.value());
    json.endObject().key("annotations").beginObject();
    json.field("summary", alert.summary).textIfAny("description", alert.description);
    json.endObject().field("startsAt", beganAt(alert)).fieldIfAny("endsAt", told.endsAt);
}

void writeAlert(JsonWriter& json, const ToldAlert& told) {
    writeBeginning(json, told);
    json.field("updatedAt", beganAt(told.alert));
    json.field("fingerprint", fingerprintOf(told.alert.labels)).field("generatorURL", QString());
    json.key("receivers").beginArray().beginObject().field("name", QStringLiteral("vigie"));
    json.endObject().endArray().key("status").beginObject();
    json.field("state",
               told.silencedBy.isEmpty() ? QStringLiteral("active") : QStringLiteral("suppressed"));
    json.key("silencedBy").beginArray();
    for (const QString& id : told.silencedBy)
        json.value(id);
    json.endArray().key("inhibitedBy").beginArray().endArray().endObject().endObject();
}

void writeSilence(JsonWriter& json, const Silence& silence, WallTime now) {
    json.beginObject().textIfAny("id", silence.id).key("status").beginObject();
    json.field("state", toString(silence.state(now))).endObject();
    json.key("matchers").beginArray();
    for (const LabelMatcher& matcher : silence.matchers) {
        json.beginObject().field("name", matcher.name()).field("value", matcher.value());
        json.field("isRegex", matcher.isRegex()).field("isEqual", matcher.isEqual()).endObject();
    }
    json.endArray().field("startsAt", silence.startsAt).field("endsAt", silence.endsAt);
    json.field("updatedAt", silence.updatedAt).field("createdBy", silence.createdBy);
    json.field("comment", silence.comment).endObject();
}

/// Nothing when all members are among `known`: what is misspelt would silence more, or less, than
/// was meant.
std::optional<Failure> whyUnknown(const JsonNode& object, std::initializer_list<const char*> known,
                                  const QString& of) {
    for (const auto& [name, value] : object.members()) {
        const auto fits = [&name](const char* each) { return name == QLatin1String(each); };
        if (std::ranges::any_of(known, fits))
            continue;
        QStringList names;
        for (const char* each : known)
            names.append(QLatin1String(each));
        return badSilence(QStringLiteral("field \"%1\" of %2 is not known; there are: %3")
                              .arg(name.left(64), of, names.join(QLatin1String(", "))));
    }
    return std::nullopt;
}

Outcome<std::vector<LabelMatcher>> readMatchers(const JsonNode& list) {
    const std::vector<JsonNode> items = list.items();
    if (items.empty() || items.size() > mostMatchers)
        return fail(badField("matchers", QStringLiteral("a list of 1 to %1 objects {name, value, "
                                                        "isRegex, isEqual}")
                                             .arg(mostMatchers)));
    std::vector<LabelMatcher> matchers;
    for (const JsonNode& item : items) {
        if (auto unknown = whyUnknown(item, {"name", "value", "isRegex", "isEqual"},
                                      QStringLiteral("a matcher")))
            return fail(std::move(*unknown));
        for (const char* name : {"isRegex", "isEqual"}) {
            const JsonNode given = item[name];
            if (!given.isAbsent() && !given.boolean())
                return fail(badField(name, QStringLiteral("true or false")));
        }
        auto matcher = LabelMatcher::make(item["name"].text(), item["value"].text(),
                                          item["isRegex"].boolean().value_or(false),
                                          item["isEqual"].boolean().value_or(true));
        if (!matcher)
            return fail(matcher.error());
        matchers.push_back(std::move(*matcher));
    }
    return matchers;
}

Outcome<Silence> silenceFrom(const JsonNode& object) {
    Silence silence;
    silence.id = object["id"].text();
    auto matchers = readMatchers(object["matchers"]);
    if (!matchers)
        return fail(matchers.error());
    silence.matchers = std::move(*matchers);
    const auto starts = object["startsAt"].time();
    const auto ends = object["endsAt"].time();
    if (!starts || !ends)
        return fail(badField(starts ? "endsAt" : "startsAt",
                             QStringLiteral("a time like 2026-11-22T04:00:00Z")));
    silence.startsAt = *starts;
    silence.endsAt = *ends;
    silence.updatedAt = object["updatedAt"].time().value_or(WallTime());
    silence.createdBy = object["createdBy"].text();
    silence.comment = object["comment"].text().trimmed();
    return silence;
}

} // namespace

QByteArray encodeAlerts(std::span<const ToldAlert> alerts) {
    JsonWriter json;
    json.beginArray();
    for (const ToldAlert& told : alerts)
        writeAlert(json, told);
    return json.endArray().take();
}

QByteArray encodePostableAlerts(std::span<const ToldAlert> alerts, const QString& generator) {
    JsonWriter json;
    json.beginArray();
    for (const ToldAlert& told : alerts) {
        writeBeginning(json, told);
        json.field("generatorURL", generator).endObject();
    }
    return json.endArray().take();
}

QByteArray encodeSilences(std::span<const Silence> silences, WallTime now) {
    JsonWriter json;
    json.beginArray();
    for (const Silence& silence : silences)
        writeSilence(json, silence, now);
    return json.endArray().take();
}

QByteArray encodeSilence(const Silence& silence, WallTime now) {
    JsonWriter json;
    writeSilence(json, silence, now);
    return json.take();
}

QByteArray encodeSilenceId(const QString& id) {
    JsonWriter json;
    return json.beginObject().field("silenceID", id).endObject().take();
}

Outcome<Silence> decodeSilence(const QByteArray& body, WallTime now) {
    const auto object = JsonNode::parse(body, QStringLiteral("a silence"));
    if (!object || !object->isObject())
        return fail(badSilence(object ? QStringLiteral("the body must be a JSON object")
                                      : object.error().message));
    // Also what GET tells of a silence, so that it can be sent back with another end.
    if (auto unknown = whyUnknown(*object,
                                  {"id", "matchers", "startsAt", "endsAt", "comment", "createdBy",
                                   "updatedAt", "status", "annotations"},
                                  QStringLiteral("a silence")))
        return fail(std::move(*unknown));
    auto silence = silenceFrom(*object);
    if (!silence)
        return silence;
    if (std::ranges::all_of(silence->matchers, &LabelMatcher::matchesEmpty))
        return fail(badField("matchers", QStringLiteral("such that one of them does not fit an "
                                                        "alert without its label; these would "
                                                        "silence everything")));
    if (silence->comment.isEmpty() || silence->comment.size() > longestText)
        return fail(badField("comment", QStringLiteral("a text of 1 to %1 characters: who comes "
                                                       "next has to know why")
                                            .arg(longestText)));
    if (silence->endsAt <= silence->startsAt || silence->endsAt <= now)
        return fail(badField("endsAt", QStringLiteral("after startsAt and in the future")));
    silence->startsAt = std::max(silence->startsAt, now); // nothing is silenced in the past
    silence->updatedAt = now;
    return silence;
}

std::optional<Silence> readSilence(const QByteArray& encoded) {
    const auto object = JsonNode::parse(encoded, QStringLiteral("a silence"));
    auto silence = object ? silenceFrom(*object) : fail(object.error());
    return silence ? std::optional(std::move(*silence)) : std::nullopt;
}

} // namespace vigie
