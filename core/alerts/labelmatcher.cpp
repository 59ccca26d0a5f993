#include "core/alerts/labelmatcher.h"

#include <algorithm>

namespace vigie {

namespace {

Failure badMatcher(const QString& why) {
    return {FailureKind::Invalid, why, 0, {}, QStringLiteral("invalid_matcher"), {}};
}

bool isLabelName(const QString& name) {
    const auto letter = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_';
    };
    return !name.isEmpty() && name.size() <= LabelMatcher::longestName && letter(name.front()) &&
           std::ranges::all_of(name,
                               [&](QChar c) { return letter(c) || (c >= u'0' && c <= u'9'); });
}

/// Without its quotes; nothing when they don't close at the end.
std::optional<QString> unquoted(const QString& text) {
    if (!text.startsWith(u'"'))
        return text.contains(u'"') ? std::nullopt : std::optional(text);
    QString plain;
    for (qsizetype i = 1; i < text.size(); ++i) {
        if (text[i] == u'"')
            return i == text.size() - 1 ? std::optional(plain) : std::nullopt;
        if (text[i] == u'\\' && ++i == text.size())
            return std::nullopt;
        plain += text[i];
    }
    return std::nullopt;
}

} // namespace

Outcome<LabelMatcher> LabelMatcher::make(QString name, QString value, bool isRegex, bool isEqual) {
    if (!isLabelName(name))
        return fail(badMatcher(QStringLiteral("\"%1\" is no label name: letters, digits and _, at "
                                              "most %2, not beginning with a digit")
                                   .arg(name.left(40))
                                   .arg(longestName)));
    if (value.size() > longestValue)
        return fail(badMatcher(QStringLiteral("the value for label %1 is longer than %2 characters")
                                   .arg(name)
                                   .arg(longestValue)));
    LabelMatcher matcher;
    if (isRegex) {
        // The limit ends patterns that would try for ever; they match nothing then.
        matcher.m_pattern.setPattern(QStringLiteral("(*LIMIT_MATCH=50000)") +
                                     QRegularExpression::anchoredPattern(value));
        if (!matcher.m_pattern.isValid())
            return fail(
                badMatcher(QStringLiteral("the pattern \"%1\" for label %2 can't be read: "
                                          "%3")
                               .arg(value.left(80), name, matcher.m_pattern.errorString())));
    }
    matcher.m_name = std::move(name);
    matcher.m_value = std::move(value);
    matcher.m_isRegex = isRegex;
    matcher.m_isEqual = isEqual;
    return matcher;
}

Outcome<LabelMatcher> LabelMatcher::parse(const QString& text) {
    const qsizetype at =
        std::ranges::find_if(text, [](QChar c) { return c == u'=' || c == u'!'; }) - text.begin();
    const QString operation = text.mid(at, 2);
    const bool isEqual = operation.startsWith(u'=');
    const bool isRegex = operation.endsWith(u'~');
    const bool known = isEqual || isRegex || operation == QLatin1String("!=");
    const qsizetype length = !isEqual || isRegex ? 2 : 1;
    const auto value = known ? unquoted(text.mid(at + length).trimmed()) : std::nullopt;
    if (!value)
        return fail(badMatcher(QStringLiteral("the matcher %1 must have the form name=\"value\", "
                                              "with =, !=, =~ or !~")
                                   .arg(text.left(80))));
    return make(text.left(at).trimmed(), *value, isRegex, isEqual);
}

bool LabelMatcher::fits(const QString& value) const {
    const bool same = m_isRegex ? m_pattern.match(value).hasMatch() : value == m_value;
    return same == m_isEqual;
}

bool LabelMatcher::matches(const QMap<QString, QString>& labels) const {
    return fits(labels.value(m_name));
}

} // namespace vigie
