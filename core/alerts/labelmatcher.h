#pragma once

#include "core/base/outcome.h"

#include <QMap>
#include <QRegularExpression>
#include <QString>

namespace vigie {

/// One condition on one label of an alert, as Alertmanager has it: `=`, `!=`, `=~` and `!~`, where
/// a pattern has to fit the whole value. A label that is not there is the empty text.
class LabelMatcher {
public:
    static constexpr qsizetype longestName = 128, longestValue = 1024;

    /// Invalid for a name that is no label name ([a-zA-Z_][a-zA-Z0-9_]*), for a text that is too
    /// long and for a pattern that can't be read.
    static Outcome<LabelMatcher> make(QString name, QString value, bool isRegex, bool isEqual);
    /// `name="value"`, the quotes may be left out; what follows a backslash within them is meant
    /// as it stands.
    static Outcome<LabelMatcher> parse(const QString& text);

    bool matches(const QMap<QString, QString>& labels) const;
    bool matchesEmpty() const { return fits({}); }

    const QString& name() const { return m_name; }
    const QString& value() const { return m_value; }
    bool isRegex() const { return m_isRegex; }
    bool isEqual() const { return m_isEqual; }

private:
    LabelMatcher() = default;
    bool fits(const QString& value) const;

    QString m_name, m_value;
    bool m_isRegex = false, m_isEqual = true;
    QRegularExpression m_pattern;
};

} // namespace vigie
