#include "core/config/settings.h"

#include "core/base/timeformat.h"
#include "core/config/settingvalue.h"

#include <algorithm>

namespace vigie {

namespace {

/// A comment can't hold a line break or any other control character.
QString commentText(QString text) {
    for (QChar& c : text)
        if (c.unicode() < 0x20 || c.unicode() == 0x7f)
            c = u' ';
    return text;
}

} // namespace

QString SettingSpec::path() const {
    return section.isEmpty() ? key : section + u'.' + key;
}

QString SettingSpec::variable() const {
    QString name = QStringLiteral("VIGIE_") + path().toUpper();
    for (QChar& c : name)
        if (c.unicode() >= 128 || !c.isLetterOrNumber())
            c = u'_';
    return name;
}

const QVariant& Settings::at(const QString& path, SettingType type) const {
    const auto found = m_values.constFind(path);
    if (found == m_values.constEnd() || found->type != type)
        qFatal("no setting %s of this type is declared", qUtf8Printable(path));
    return found->value;
}

QString Settings::text(const QString& path) const {
    return at(path, SettingType::Text).toString();
}

QStringList Settings::textList(const QString& path) const {
    return at(path, SettingType::TextList).toStringList();
}

int Settings::integer(const QString& path) const {
    return at(path, SettingType::Integer).toInt();
}

double Settings::number(const QString& path) const {
    return at(path, SettingType::Number).toDouble();
}

bool Settings::boolean(const QString& path) const {
    return at(path, SettingType::Boolean).toBool();
}

Duration Settings::seconds(const QString& path) const {
    return fromSeconds(at(path, SettingType::Seconds).toDouble());
}

bool Settings::isSet(const QString& path) const {
    const auto found = m_values.constFind(path);
    return found != m_values.constEnd() && found->isSet;
}

QString Settings::print() const {
    // TOML wants the keys without a section first, and each section in one piece.
    QStringList sections = {QString()};
    for (const SettingSpec& spec : m_specs)
        if (!sections.contains(spec.section))
            sections.append(spec.section);

    QString out;
    for (const QString& section : sections) {
        if (!section.isEmpty())
            out += QStringLiteral("%1[%2]\n")
                       .arg(out.isEmpty() ? QString() : QStringLiteral("\n"), section);
        for (const SettingSpec& spec : m_specs) {
            if (spec.section != section)
                continue;
            const Value& value = *m_values.constFind(spec.path());
            if (!spec.help.isEmpty())
                out += QStringLiteral("# %1\n").arg(commentText(spec.help));
            out += spec.key + QStringLiteral(" = ") + settingAsToml(spec, value.value) +
                   QStringLiteral(" # ") + commentText(value.origin) + u'\n';
        }
    }
    return out;
}

} // namespace vigie
