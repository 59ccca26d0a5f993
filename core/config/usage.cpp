#include "core/config/usage.h"

#include "core/config/settingvalue.h"

namespace vigie {

namespace {

constexpr qsizetype helpColumn = 32;
constexpr qsizetype width = 96;

/// "  --flag VALUE          help", the help wrapped below itself.
QString entry(const QString& flag, const QString& help) {
    QString out;
    QString line = QStringLiteral("  ") + flag;
    if (line.size() + 2 > helpColumn) {
        out += line + u'\n';
        line.clear();
    }
    line = line.leftJustified(helpColumn);
    for (const QString& word : help.split(u' ', Qt::SkipEmptyParts)) {
        if (line.size() > helpColumn && line.size() + word.size() > width) {
            out += line.trimmed().isEmpty() ? QString() : line.chopped(1) + u'\n';
            line = QString(helpColumn, u' ');
        }
        line += word + u' ';
    }
    while (line.endsWith(u' '))
        line.chop(1);
    return out + line + u'\n';
}

QString placeholder(const SettingSpec& spec) {
    switch (spec.type) {
    case SettingType::Boolean:
        return {};
    case SettingType::Integer:
    case SettingType::Number:
        return QStringLiteral(" N");
    case SettingType::Seconds:
        return QStringLiteral(" SECONDS");
    case SettingType::Text:
    case SettingType::TextList:
        return u' ' + (spec.allowed.isEmpty() ? spec.key.section(u'_', -1).toUpper()
                                              : spec.allowed.join(u'|'));
    }
    return {};
}

QString settingEntry(const SettingSpec& spec) {
    QString help = spec.help;
    const QString fallback = spec.fallback.toString();
    if (spec.type == SettingType::TextList)
        help += QStringLiteral(" (repeatable)");
    else if (!fallback.isEmpty() && !spec.secret && spec.type != SettingType::Boolean)
        help += QStringLiteral(" (default %1)").arg(fallback);
    return entry(QStringLiteral("--") + spec.flag + placeholder(spec), help);
}

QString switchEntry(const SwitchSpec& spec) {
    QString value = spec.allowed.isEmpty() ? spec.valueName : spec.allowed.join(u'|');
    if (!value.isEmpty())
        value.prepend(u' ');
    return entry(QStringLiteral("--") + spec.name + value,
                 spec.help + (spec.repeatable ? QStringLiteral(" (repeatable)") : QString()));
}

} // namespace

QString usage(const ProgramSpec& program) {
    QString configFlags = QStringLiteral("--config");
    for (const QString& alias : program.configAliases)
        configFlags += QStringLiteral(", --") + alias;

    QString words;
    for (const OperandSpec& spec : program.operands)
        words += u' ' + (spec.optional ? u'[' + spec.name + u']' : spec.name) +
                 (spec.repeatable ? QStringLiteral("...") : QString());
    QString out = QStringLiteral("%1: %2\n\nUsage: %1%3 [flags]\n\n")
                      .arg(program.name, program.summary, words);
    for (const OperandSpec& spec : program.operands)
        out += entry(spec.name, spec.help);
    if (!program.commands.empty()) {
        out += QStringLiteral("Commands (each has its own --help)\n");
        for (const CommandSummary& command : program.commands)
            out += entry(command.words, command.help);
        out += u'\n';
    }
    for (const SwitchSpec& spec : program.switches)
        out += switchEntry(spec);
    out += entry(configFlags + QStringLiteral(" FILE"),
                 QStringLiteral("Read this TOML file (or the one named by VIGIE_CONFIG).") +
                     (program.defaultConfigFile.isEmpty()
                          ? QString()
                          : QStringLiteral(" (default %1)").arg(program.defaultConfigFile)));
    out += entry(QStringLiteral("--print-config"),
                 QStringLiteral("Print every setting, its value and where that came from."));
    out += entry(QStringLiteral("--help"), QStringLiteral("Print this help."));
    out += entry(QStringLiteral("--version"), QStringLiteral("Print the version."));

    QStringList sections;
    for (const SettingSpec& spec : program.settings)
        if (!spec.flag.isEmpty() && !sections.contains(spec.section))
            sections.append(spec.section);
    for (const QString& section : std::as_const(sections)) {
        out += section.isEmpty() ? QStringLiteral("\nGeneral\n")
                                 : QStringLiteral("\n[%1]\n").arg(section);
        for (const SettingSpec& spec : program.settings)
            if (spec.section == section && !spec.flag.isEmpty())
                out += settingEntry(spec);
    }
    out += QStringLiteral("\nEvery setting is also a key of the file and a variable:\n"
                          "[jobs.x] interval_seconds is VIGIE_JOBS_X_INTERVAL_SECONDS.\n"
                          "Flags override variables, variables override the file.\n");
    return out;
}

} // namespace vigie
