#include "core/config/settingvalue.h"

#include "core/config/tomlcodec.h"

#include <QLocale>
#include <QRegularExpression>

#include <cmath>
#include <limits>

namespace vigie {

namespace {

const QString secretPlaceholder = QStringLiteral("(set)");

/// Beyond this a Duration of integral nanoseconds would overflow.
constexpr double longestSeconds = 9e9;

double minimumOf(const SettingSpec& spec) {
    if (spec.type == SettingType::Integer)
        return std::max(spec.minimum.value_or(-HUGE_VAL), double(std::numeric_limits<int>::min()));
    if (spec.type == SettingType::Seconds)
        return std::max(spec.minimum.value_or(0), -longestSeconds);
    return spec.minimum.value_or(-HUGE_VAL);
}

double maximumOf(const SettingSpec& spec) {
    if (spec.type == SettingType::Integer)
        return std::min(spec.maximum.value_or(HUGE_VAL), double(std::numeric_limits<int>::max()));
    if (spec.type == SettingType::Seconds)
        return std::min(spec.maximum.value_or(HUGE_VAL), longestSeconds);
    return spec.maximum.value_or(HUGE_VAL);
}

QString shortest(double number) {
    return QString::number(number, 'g', QLocale::FloatingPointShortest);
}

std::optional<QVariant> checkedNumber(const SettingSpec& spec, double number) {
    if (!std::isfinite(number) || number < minimumOf(spec) || number > maximumOf(spec))
        return std::nullopt;
    if (spec.type != SettingType::Integer)
        return number;
    if (number != std::floor(number))
        return std::nullopt;
    return int(number);
}

/// A password inside a URL is as secret as any.
QString withoutUrlPassword(QString text) {
    static const QRegularExpression password(
        QStringLiteral("^([A-Za-z][A-Za-z0-9+.-]*://[^/@:]*:)[^/]+@"));
    return text.replace(password, QStringLiteral("\\1") + secretPlaceholder + u'@');
}

std::optional<QVariant> checkedText(const SettingSpec& spec, const QString& text) {
    const bool printed = text.contains(u':' + secretPlaceholder + u'@');
    if ((spec.secret && text == secretPlaceholder) || printed)
        return std::nullopt; // the output of --print-config fed back
    if (!spec.allowed.isEmpty() && !spec.allowed.contains(text))
        return std::nullopt;
    return text;
}

std::optional<QVariant> checkedList(const SettingSpec& spec, const QStringList& texts) {
    for (const QString& text : texts)
        if (!checkedText(spec, text))
            return std::nullopt;
    return texts;
}

std::optional<QVariant> booleanFromText(const QString& text) {
    static const QStringList yes = {QStringLiteral("true"), QStringLiteral("1"),
                                    QStringLiteral("yes"), QStringLiteral("on")};
    static const QStringList no = {QStringLiteral("false"), QStringLiteral("0"),
                                   QStringLiteral("no"), QStringLiteral("off")};
    const QString word = text.trimmed().toLower();
    if (yes.contains(word))
        return true;
    if (no.contains(word))
        return false;
    return std::nullopt;
}

bool isNumeric(const QVariant& value) {
    return value.typeId() == QMetaType::LongLong || value.typeId() == QMetaType::Int ||
           value.typeId() == QMetaType::Double;
}

QString rangeOf(const SettingSpec& spec, double scale) {
    const bool low = spec.minimum || spec.type == SettingType::Seconds;
    const bool high = spec.maximum.has_value();
    const QString least = shortest(minimumOf(spec) / scale);
    const QString most = shortest(maximumOf(spec) / scale);
    if (low && high)
        return QStringLiteral(" from %1 to %2").arg(least, most);
    if (low)
        return QStringLiteral(" of at least %1").arg(least);
    return high ? QStringLiteral(" of at most %1").arg(most) : QString();
}

} // namespace

std::optional<QVariant> settingFromText(const SettingSpec& spec, const QString& text,
                                        double scale) {
    bool isNumber = false;
    switch (spec.type) {
    case SettingType::Text:
        return checkedText(spec, text);
    case SettingType::Boolean:
        return booleanFromText(text);
    case SettingType::TextList: {
        QStringList texts = text.split(u',', Qt::SkipEmptyParts);
        for (QString& element : texts)
            element = element.trimmed();
        texts.removeAll(QString());
        return checkedList(spec, texts);
    }
    case SettingType::Integer:
        if (scale == 1) {
            const qlonglong integer = text.trimmed().toLongLong(&isNumber);
            return isNumber ? checkedNumber(spec, double(integer)) : std::nullopt;
        }
        [[fallthrough]];
    case SettingType::Number:
    case SettingType::Seconds: {
        const double number = text.trimmed().toDouble(&isNumber);
        return isNumber ? checkedNumber(spec, number * scale) : std::nullopt;
    }
    }
    return std::nullopt;
}

std::optional<QVariant> settingFromTexts(const SettingSpec& spec, const QStringList& texts) {
    if (spec.type == SettingType::TextList)
        return checkedList(spec, texts);
    return texts.isEmpty() ? std::nullopt : settingFromText(spec, texts.last());
}

std::optional<QVariant> settingFromValue(const SettingSpec& spec, const QVariant& value) {
    switch (spec.type) {
    case SettingType::Text:
        return value.typeId() == QMetaType::QString ? checkedText(spec, value.toString())
                                                    : std::nullopt;
    case SettingType::Boolean:
        return value.typeId() == QMetaType::Bool ? std::optional(value) : std::nullopt;
    case SettingType::TextList:
        return value.typeId() == QMetaType::QStringList ? checkedList(spec, value.toStringList())
                                                        : std::nullopt;
    case SettingType::Integer:
        if (value.typeId() == QMetaType::Double)
            return std::nullopt;
        [[fallthrough]];
    case SettingType::Number:
    case SettingType::Seconds:
        return isNumeric(value) ? checkedNumber(spec, value.toDouble()) : std::nullopt;
    }
    return std::nullopt;
}

QString settingAllowed(const SettingSpec& spec, double scale) {
    switch (spec.type) {
    case SettingType::Boolean:
        return QStringLiteral("true or false");
    case SettingType::Integer:
        return QStringLiteral("a whole number") + rangeOf(spec, scale);
    case SettingType::Number:
        return QStringLiteral("a number") + rangeOf(spec, scale);
    case SettingType::Seconds:
        return (scale == 1      ? QStringLiteral("seconds")
                : scale == 1e-3 ? QStringLiteral("milliseconds")
                                : QStringLiteral("a number")) +
               rangeOf(spec, scale);
    case SettingType::Text:
        if (spec.secret)
            return QStringLiteral("the secret itself, as text");
        return spec.allowed.isEmpty()
                   ? QStringLiteral("text")
                   : QStringLiteral("one of ") + spec.allowed.join(QStringLiteral(", "));
    case SettingType::TextList:
        return spec.allowed.isEmpty()
                   ? QStringLiteral("a list of texts")
                   : QStringLiteral("a list of ") + spec.allowed.join(QStringLiteral(", "));
    }
    return {};
}

QString settingAsToml(const SettingSpec& spec, const QVariant& value) {
    switch (spec.type) {
    case SettingType::Boolean:
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case SettingType::Integer:
        return QString::number(value.toInt());
    case SettingType::Number:
    case SettingType::Seconds:
        return shortest(value.toDouble());
    case SettingType::Text:
        if (spec.secret && !value.toString().isEmpty())
            return tomlQuoted(secretPlaceholder);
        return tomlQuoted(withoutUrlPassword(value.toString()));
    case SettingType::TextList: {
        if (spec.secret && !value.toStringList().isEmpty())
            return u'[' + tomlQuoted(secretPlaceholder) + u']';
        QStringList quoted;
        for (const QString& text : value.toStringList())
            quoted.append(tomlQuoted(text));
        return u'[' + quoted.join(QStringLiteral(", ")) + u']';
    }
    }
    return {};
}

} // namespace vigie
