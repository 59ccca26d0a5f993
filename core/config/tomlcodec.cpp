#include "core/config/tomlcodec.h"

#include <QStringList>

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace vigie {

namespace {

QString fromView(std::string_view text) {
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString shownValue(const toml::node& node) {
    if (node.is_table())
        return QStringLiteral("a table");
    QString text;
    if (const auto* string = node.as_string()) {
        text = tomlQuoted(fromView(string->get()));
    } else {
        std::ostringstream stream;
        node.visit([&stream](const auto& typed) { stream << typed; });
        text = QString::fromStdString(stream.str()).simplified();
    }
    constexpr qsizetype longest = 60;
    if (text.size() > longest)
        text = text.left(longest - 1) + u'…';
    return text;
}

QVariant plainValue(const toml::node& node) {
    if (const auto* text = node.as_string())
        return fromView(text->get());
    if (const auto* integer = node.as_integer())
        return QVariant::fromValue(qlonglong(integer->get()));
    if (const auto* number = node.as_floating_point())
        return number->get();
    if (const auto* boolean = node.as_boolean())
        return boolean->get();
    const auto* array = node.as_array();
    if (!array)
        return {};
    QStringList list;
    for (const toml::node& element : *array) {
        const auto* text = element.as_string();
        if (!text)
            return {};
        list.append(fromView(text->get()));
    }
    return list;
}

QString keyText(std::string_view key) {
    const QString text = fromView(key);
    const bool bare = !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || c == u'_' || c == u'-';
    });
    return bare ? text : tomlQuoted(text);
}

void flatten(const toml::table& table, const QString& prefix, std::vector<TomlEntry>& out) {
    for (const auto& [key, node] : table) {
        const QString path = prefix + keyText(key.str());
        const auto* tables = node.as_array();
        if (tables && !tables->empty() && tables->is_homogeneous<toml::table>()) {
            int index = 0;
            for (const toml::node& element : *tables) {
                const QString at = QStringLiteral("%1[%2]").arg(path).arg(index++);
                if (element.as_table()->empty())
                    out.push_back({at, int(element.source().begin.line), {}, shownValue(element)});
                flatten(*element.as_table(), at + u'.', out);
            }
            continue;
        }
        const auto* inner = node.as_table();
        if (inner && !inner->empty()) {
            flatten(*inner, path + u'.', out);
            continue;
        }
        out.push_back({path, int(key.source().begin.line), plainValue(node), shownValue(node)});
    }
}

} // namespace

Outcome<std::vector<TomlEntry>> readToml(const QByteArray& bytes, const QString& name) {
    try {
        const toml::table document =
            toml::parse(std::string_view(bytes.constData(), size_t(bytes.size())));
        std::vector<TomlEntry> entries;
        flatten(document, {}, entries);
        std::stable_sort(entries.begin(), entries.end(),
                         [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
        return entries;
    } catch (const toml::parse_error& error) {
        return fail(FailureKind::Invalid, QStringLiteral("%1:%2: this is not TOML: %3")
                                              .arg(name)
                                              .arg(error.source().begin.line)
                                              .arg(fromView(error.description()).simplified()));
    } catch (const std::exception& error) {
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: can't be read as TOML: %2")
                        .arg(name, QString::fromUtf8(error.what()).simplified()));
    }
}

QString tomlQuoted(const QString& text) {
    QString quoted = QStringLiteral("\"");
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            quoted += QString(u'\\') + c;
        else if (c == u'\n')
            quoted += QStringLiteral("\\n");
        else if (c == u'\t')
            quoted += QStringLiteral("\\t");
        else if (c.unicode() < 0x20 || c.unicode() == 0x7f)
            quoted += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            quoted += c;
    }
    return quoted + u'"';
}

} // namespace vigie
