#include "core/config/commandline.h"

#include "core/config/flagparser.h"
#include "core/config/usage.h"

#include <QProcessEnvironment>

#include <cstdio>

namespace vigie {

namespace {

const QString configVariable = QStringLiteral("VIGIE_CONFIG");

void print(std::FILE* stream, const QString& text) {
    std::fputs(text.toLocal8Bit().constData(), stream);
    std::fflush(stream);
}

CommandLineExit mistake(const ProgramSpec& program, const QString& message) {
    QString err;
    for (const QString& line : message.split(u'\n'))
        err += program.name + QStringLiteral(": ") + line + u'\n';
    return {2, {}, err};
}

SettingsInput settingsInput(const ProgramSpec& program, const ParsedFlags& flags,
                            const QHash<QString, QString>& environment) {
    SettingsInput input;
    input.flags = flags.settings;
    input.environment = environment;
    input.otherVariables = program.otherVariables + QStringList{configVariable};
    input.file = flags.configFile;
    if (input.file.isEmpty())
        input.file = environment.value(configVariable);
    if (input.file.isEmpty()) {
        input.file = program.defaultConfigFile;
        input.fileMayBeMissing = true;
    }
    return input;
}

} // namespace

tl::expected<CommandLine, CommandLineExit>
CommandLine::read(const ProgramSpec& program, const QStringList& arguments,
                  const QHash<QString, QString>& environment) {
    const Outcome<ParsedFlags> flags = parseFlags(program, arguments);
    if (!flags)
        return tl::unexpected(mistake(program, flags.error().message));
    if (flags->help)
        return tl::unexpected(CommandLineExit{0, usage(program), {}});
    if (flags->version)
        return tl::unexpected(
            CommandLineExit{0, program.name + QStringLiteral(" " VIGIE_VERSION "\n"), {}});

    Outcome<Settings> settings =
        Settings::read(program.settings, settingsInput(program, *flags, environment));
    if (!settings)
        return tl::unexpected(mistake(program, settings.error().message));
    if (flags->printConfig) {
        QString warnings;
        for (const QString& warning : settings->warnings())
            warnings += program.name + QStringLiteral(": warning: ") + warning + u'\n';
        return tl::unexpected(CommandLineExit{0, settings->print(), warnings});
    }
    CommandLine line;
    line.m_settings = std::move(*settings);
    line.m_switches = flags->switches;
    line.m_operands = flags->operands;
    return line;
}

std::optional<CommandLine> CommandLine::ofProcess(const ProgramSpec& program, int argc,
                                                  const char* const* argv, int& exitCode) {
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    auto line = read(program, arguments, processEnvironment());
    if (line)
        return std::move(*line);
    print(stdout, line.error().out);
    print(stderr, line.error().err);
    exitCode = line.error().code;
    return std::nullopt;
}

QString CommandLine::value(const QString& name) const {
    const QStringList all = values(name);
    return all.isEmpty() ? QString() : all.last();
}

QHash<QString, QString> processEnvironment() {
    const auto system = QProcessEnvironment::systemEnvironment();
    QHash<QString, QString> environment;
    for (const QString& name : system.keys())
        environment.insert(name, system.value(name));
    return environment;
}

} // namespace vigie
