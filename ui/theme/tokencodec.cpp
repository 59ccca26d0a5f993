#include "ui/theme/tokencodec.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace vigie {

namespace {

bool isColor(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^#[0-9A-Fa-f]{6}$"));
    return form.match(text).hasMatch();
}

Outcome<QHash<QString, int>> lengths(const QJsonObject& object, const QString& group) {
    QHash<QString, int> result;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const int pixels = it->toInt();
        if (pixels < 1 || pixels > 2000)
            return fail(FailureKind::Invalid,
                        QStringLiteral("%1.%2 must be 1 to 2000 pixels").arg(group, it.key()));
        result.insert(it.key(), pixels);
    }
    return result;
}

} // namespace

Outcome<Tokens> parseTokens(const QByteArray& json) {
    QJsonParseError error{};
    const auto document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return fail(FailureKind::Malformed, QStringLiteral("not a JSON object at byte %1: %2")
                                                .arg(error.offset)
                                                .arg(error.errorString()));
    Tokens tokens;
    const auto colors = document[QLatin1String("colors")].toObject();
    for (auto it = colors.begin(); it != colors.end(); ++it) {
        const auto pair = it->toObject();
        const QString dark = pair[QLatin1String("dark")].toString();
        const QString light = pair[QLatin1String("light")].toString();
        if (!isColor(dark) || !isColor(light))
            return fail(FailureKind::Invalid,
                        QStringLiteral("colors.%1 needs dark and light as #RRGGBB").arg(it.key()));
        tokens.colors.insert(it.key(), {dark, light});
    }
    auto fonts = lengths(document[QLatin1String("fonts")].toObject(), QStringLiteral("fonts"));
    if (!fonts)
        return fail(fonts.error());
    auto sizes = lengths(document[QLatin1String("sizes")].toObject(), QStringLiteral("sizes"));
    if (!sizes)
        return fail(sizes.error());
    tokens.fonts = *std::move(fonts);
    tokens.sizes = *std::move(sizes);
    return tokens;
}

} // namespace vigie
