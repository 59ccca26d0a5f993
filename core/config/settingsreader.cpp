#include "core/config/settingsreader.h"

#include "core/config/nearestname.h"
#include "core/config/settingvalue.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace vigie {

namespace {

constexpr qint64 maxFileBytes = 1024 * 1024;
const QLatin1String variablePrefix("VIGIE_");

QString quoted(const QString& text) {
    constexpr qsizetype longest = 60;
    QString shown = text.simplified();
    if (shown.size() > longest)
        shown = shown.left(longest - 1) + u'…';
    return u'"' + shown + u'"';
}

QString suggestion(const QString& nearest) {
    return nearest.isEmpty() ? QStringLiteral("; --print-config lists all")
                             : QStringLiteral("; did you mean %1?").arg(nearest);
}

bool matches(const QStringList& patterns, const QString& name) {
    return std::any_of(patterns.begin(), patterns.end(), [&name](const QString& pattern) {
        return pattern.endsWith(u'*') ? name.startsWith(pattern.chopped(1)) : name == pattern;
    });
}

} // namespace

Outcome<Settings> Settings::read(std::vector<SettingSpec> specs, const SettingsInput& input) {
    return Reader(std::move(specs), input).read();
}

Settings::Reader::Reader(std::vector<SettingSpec> specs, const SettingsInput& input)
    : m_specs(std::move(specs)), m_input(input) {
    for (size_t i = 0; i < m_specs.size(); ++i) {
        m_paths.append(m_specs[i].path());
        m_byPath.insert(m_paths.last(), qsizetype(i));
    }
}

Outcome<Settings> Settings::Reader::read() {
    if (auto error = declarationError())
        return fail(std::move(*error));
    if (auto error = readFile())
        return fail(std::move(*error));
    readVariables();
    findUnknownVariables();
    readFlags();
    if (!m_mistakes.isEmpty())
        return fail(FailureKind::Invalid, m_mistakes.join(u'\n'));

    Settings settings;
    for (const SettingSpec& spec : m_specs)
        settings.m_values.insert(spec.path(), decide(spec));
    settings.m_specs = std::move(m_specs);
    settings.m_warnings = std::move(m_warnings);
    return settings;
}

std::optional<Failure> Settings::Reader::declarationError() const {
    QSet<QString> variables;
    QSet<QString> flags;
    for (const SettingSpec& spec : m_specs) {
        const bool empty = spec.fallback.toString().isEmpty() && spec.fallback.toList().isEmpty() &&
                           (spec.type == SettingType::Text || spec.type == SettingType::TextList);
        QString error;
        if (variables.contains(spec.variable()))
            error = QStringLiteral("is declared twice, or shares its variable with another");
        else if (!spec.flag.isEmpty() && flags.contains(spec.flag))
            error = QStringLiteral("shares its flag with another");
        else if (!empty && !settingFromValue(spec, spec.fallback))
            error = QStringLiteral("has a default that it doesn't allow itself: ") +
                    spec.fallback.toString();
        if (!error.isEmpty())
            return Failure{FailureKind::Internal,
                           QStringLiteral("the setting %1 %2").arg(spec.path(), error),
                           0,
                           {},
                           {},
                           {}};
        variables.insert(spec.variable());
        flags.insert(spec.flag);
    }
    return std::nullopt;
}

std::optional<Failure> Settings::Reader::readFile() {
    const auto refusal = [this](const QString& why) {
        return Failure{
            FailureKind::Invalid, QStringLiteral("%1: %2").arg(m_input.file, why), 0, {}, {}, {}};
    };
    if (m_input.file.isEmpty() || (m_input.fileMayBeMissing && !QFile::exists(m_input.file)))
        return std::nullopt;
    QFile file(m_input.file);
    if (QFileInfo(m_input.file).isDir())
        return refusal(QStringLiteral("is a folder, not a configuration file"));
    if (!file.open(QIODevice::ReadOnly))
        return refusal(QStringLiteral("the configuration can't be read: ") + file.errorString());
    const QByteArray bytes = file.read(maxFileBytes + 1);
    if (bytes.size() > maxFileBytes)
        return refusal(QStringLiteral("is over 1 MiB, so it can't be a configuration file"));
    const auto entries = readToml(bytes, m_input.file);
    if (!entries)
        return entries.error();
    for (const TomlEntry& entry : *entries)
        takeEntry(entry);
    return std::nullopt;
}

void Settings::Reader::takeEntry(const TomlEntry& entry) {
    const QString where = QStringLiteral("%1:%2").arg(m_input.file).arg(entry.line);
    const auto found = m_byPath.constFind(entry.path);
    if (found == m_byPath.constEnd()) {
        const QString mistake = unknownKey(entry);
        if (!mistake.isEmpty())
            m_mistakes.append(where + QStringLiteral(": ") + mistake);
        return;
    }
    const SettingSpec& spec = m_specs[size_t(*found)];
    if (const auto value = settingFromValue(spec, entry.value))
        m_candidates[entry.path].push_back({Source::File, *value, QStringLiteral("file ") + where});
    else
        refuse(spec, where, entry.shown);
}

/// Empty for a section's head with nothing below it.
QString Settings::Reader::unknownKey(const TomlEntry& entry) const {
    QString lastPart = entry.path.section(u'.', -1);
    QString sameKey;
    for (const SettingSpec& spec : m_specs) {
        if (spec.path().startsWith(entry.path + u'.'))
            return entry.shown == QLatin1String("a table")
                       ? QString()
                       : QStringLiteral("%1 is a section, not a key; write [%1]").arg(entry.path);
        if (entry.path.startsWith(spec.path() + u'.'))
            return QStringLiteral("%1 is a table, but must be %2")
                .arg(spec.path(), settingAllowed(spec));
        if (spec.key == lastPart && sameKey.isEmpty())
            sameKey = spec.path();
    }
    const QString nearest = nearestName(entry.path, m_paths);
    return QStringLiteral("there is no key %1").arg(entry.path) +
           suggestion(nearest.isEmpty() ? sameKey : nearest);
}

void Settings::Reader::readVariables() {
    for (const SettingSpec& spec : m_specs) {
        takeVariable(spec, spec.variable(), Source::Variable);
        if (!spec.seedVariable.isEmpty())
            takeVariable(spec, spec.seedVariable, Source::SeedVariable);
    }
}

void Settings::Reader::takeVariable(const SettingSpec& spec, const QString& name, Source source) {
    const QString text = m_input.environment.value(name);
    if (text.isEmpty())
        return;
    const double scale = source == Source::SeedVariable ? spec.seedScale : 1;
    const QString origin = QStringLiteral("environment ") + name;
    if (const auto value = settingFromText(spec, text, scale))
        m_candidates[spec.path()].push_back({source, *value, origin});
    else
        refuse(spec, origin, quoted(text), scale);
}

void Settings::Reader::findUnknownVariables() {
    QStringList known;
    for (const SettingSpec& spec : m_specs)
        known.append(spec.variable());
    QStringList names = m_input.environment.keys();
    names.sort();
    for (const QString& name : std::as_const(names))
        if (name.startsWith(variablePrefix) && !known.contains(name) &&
            !matches(m_input.otherVariables, name))
            // No mistake: other programs share the environment (Kubernetes alone adds VIGIE_PORT to
            // a pod beside a service named vigie). Not its value: it may well hold a secret.
            m_warnings.append(
                QStringLiteral("environment %1 is ignored: there is no such variable%2")
                    .arg(name, suggestion(nearestName(name, known))));
}

void Settings::Reader::readFlags() {
    for (const SettingSpec& spec : m_specs) {
        const auto given = m_input.flags.constFind(spec.flag);
        if (spec.flag.isEmpty() || given == m_input.flags.constEnd())
            continue;
        const QString origin = QStringLiteral("--") + spec.flag;
        if (const auto value = settingFromTexts(spec, *given))
            m_candidates[spec.path()].push_back({Source::Flag, *value, origin});
        else
            refuse(spec, origin, quoted(given->join(u',')));
    }
}

void Settings::Reader::refuse(const SettingSpec& spec, const QString& where, const QString& shown,
                              double scale) {
    m_mistakes.append(QStringLiteral("%1: %2 is %3, but must be %4")
                          .arg(where, spec.path(),
                               spec.secret ? QStringLiteral("a secret of the wrong form") : shown,
                               settingAllowed(spec, scale)));
}

Settings::Value Settings::Reader::decide(const SettingSpec& spec) {
    std::vector<Candidate> candidates = m_candidates.value(spec.path());
    if (candidates.empty()) {
        const auto value = settingFromValue(spec, spec.fallback);
        return {value.value_or(spec.fallback), QStringLiteral("default"), spec.type, false};
    }
    std::sort(candidates.begin(), candidates.end(),
              [](const Candidate& a, const Candidate& b) { return a.source < b.source; });
    const Candidate& winner = candidates.front();
    for (const Candidate& other : candidates)
        if (winner.source != Source::Flag && other.value != winner.value)
            m_warnings.append(QStringLiteral("%1 is %2 by %3, which overrides %4 by %5")
                                  .arg(spec.path(), settingAsToml(spec, winner.value),
                                       winner.origin, settingAsToml(spec, other.value),
                                       other.origin));
    return {winner.value, winner.origin, spec.type, true};
}

} // namespace vigie
