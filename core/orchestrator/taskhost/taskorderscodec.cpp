#include "core/orchestrator/taskhost/taskorders.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace vigie {

namespace {

constexpr qsizetype longestPrompt = 1024 * 1024;
constexpr qsizetype longestWord = 200;

Failure badOrder(const QString& message) {
    return {FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_request"), {}};
}

Outcome<QJsonObject> objectWith(const QByteArray& body, const QStringList& fields) {
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return fail(badOrder(QStringLiteral("the body must be a JSON object with %1")
                                 .arg(fields.join(QLatin1String(", ")))));
    const QJsonObject object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (!fields.contains(it.key()) && it.key() != QLatin1String("reason"))
            return fail(badOrder(QStringLiteral("there is no field \"%1\" here; expected are %2")
                                     .arg(it.key().left(80), fields.join(QLatin1String(", ")))));
    }
    return object;
}

/// Nothing when the field is absent.
Outcome<std::optional<QString>> textIn(const QJsonObject& object, const char* field,
                                       qsizetype longest) {
    const QJsonValue value = object.value(QLatin1String(field));
    if (value.isUndefined() || value.isNull())
        return std::optional<QString>();
    if (!value.isString() || value.toString().size() > longest)
        return fail(badOrder(QStringLiteral("field \"%1\" must be a text of at most %2 characters")
                                 .arg(QLatin1String(field))
                                 .arg(longest)));
    return std::optional(value.toString());
}

} // namespace

Outcome<RunOrder> decodeRunOrder(const QByteArray& body) {
    const auto object = objectWith(body, {QStringLiteral("plan"), QStringLiteral("id")});
    if (!object)
        return fail(object.error());
    const auto plan = textIn(*object, "plan", 4 * 1024 * 1024);
    if (!plan)
        return fail(plan.error());
    if (!*plan || (*plan)->trimmed().isEmpty())
        return fail(badOrder(QStringLiteral("field \"plan\" must be the text of a plan, in TOML")));
    const auto id = textIn(*object, "id", 64);
    if (!id)
        return fail(id.error());
    return RunOrder{(*plan)->toUtf8(), id->value_or(QString())};
}

Outcome<LetterChange> decodeLetterChange(const QByteArray& body) {
    const auto object =
        objectWith(body, {QStringLiteral("prompt"), QStringLiteral("model"),
                          QStringLiteral("timeout_seconds"), QStringLiteral("options")});
    if (!object)
        return fail(object.error());
    LetterChange change;
    const auto prompt = textIn(*object, "prompt", longestPrompt);
    if (!prompt)
        return fail(prompt.error());
    change.prompt = *prompt;
    const auto model = textIn(*object, "model", longestWord);
    if (!model)
        return fail(model.error());
    change.model = *model;
    if (const QJsonValue seconds = object->value(QLatin1String("timeout_seconds"));
        !seconds.isUndefined() && !seconds.isNull()) {
        if (!(seconds.toDouble() >= 0.001 && seconds.toDouble() <= 86'400))
            return fail(badOrder(QStringLiteral("field \"timeout_seconds\" must be a number from "
                                                "0.001 to 86400")));
        change.timeout = Duration(std::llround(seconds.toDouble() * 1e9));
    }
    if (const QJsonValue options = object->value(QLatin1String("options"));
        !options.isUndefined() && !options.isNull()) {
        const QJsonObject all = options.toObject();
        for (auto it = all.begin(); it != all.end(); ++it) {
            if (!it.value().isString() || it.value().toString().size() > 2000)
                return fail(badOrder(QStringLiteral("field \"options.%1\" must be a text of at "
                                                    "most 2000 characters")
                                         .arg(it.key().left(80))));
            change.options.emplace(it.key(), it.value().toString());
        }
        if (!options.isObject())
            return fail(badOrder(QStringLiteral("field \"options\" must be an object of texts")));
    }
    if (!change.prompt && !change.model && !change.timeout && change.options.empty())
        return fail(badOrder(QStringLiteral("nothing to change: give prompt, model, "
                                            "timeout_seconds or options")));
    return change;
}

} // namespace vigie
