#pragma once

#include "core/config/settings.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace vigie {

/// A flag of a program that is no setting: `--demo`, `--tour DIR`.
struct SwitchSpec {
    QString name;      ///< "tour" for --tour
    QString valueName; ///< "DIR"; empty: the switch takes no value
    QString help;      ///< one sentence
    bool repeatable = false;
    QStringList allowed; ///< the only values accepted; empty: any
};

/// A word of the command line that is no flag: the PLAN of `vigied task run PLAN`.
struct OperandSpec {
    QString name; ///< "PLAN"
    QString help; ///< one sentence
    bool optional = false;
    bool repeatable = false; ///< only the last one; takes all words that are left
};

/// A sub-command that --help of the whole program lists.
struct CommandSummary {
    QString words; ///< "task run"
    QString help;  ///< one sentence
};

/// What a program's command line may hold. --help, --version, --config FILE and --print-config are
/// always there.
struct ProgramSpec {
    QString name;    ///< "vigied"
    QString summary; ///< one sentence
    std::vector<SettingSpec> settings;
    std::vector<SwitchSpec> switches;
    QStringList configAliases;              ///< "policy": another name of --config
    QString defaultConfigFile;              ///< read when it exists and no other file is named
    QStringList otherVariables{};           ///< see SettingsInput::otherVariables
    std::vector<OperandSpec> operands{};    ///< in their order; required ones first
    std::vector<CommandSummary> commands{}; ///< only listed: another spec describes each
    bool acceptsQtOptions = false; ///< skips -platform, -style, ... which QApplication will take
};

/// What ends the program at once: its exit code and what it says, lines included.
struct CommandLineExit {
    int code = 0; ///< 0 after --help, --version and --print-config; 2 after a mistake
    QString out;  ///< for stdout
    QString err;  ///< for stderr
};

/// The command line and the configuration of one run, checked.
///
///     int exitCode = 0;
///     const auto line = CommandLine::ofProcess(spec, argc, argv, exitCode);
///     if (!line)
///         return exitCode;
class CommandLine {
public:
    /// Pure: `arguments` are without the program's name. A mistake is one line that starts with the
    /// program's name and, for an unknown flag, names the nearest known one.
    static tl::expected<CommandLine, CommandLineExit>
    read(const ProgramSpec& program, const QStringList& arguments,
         const QHash<QString, QString>& environment);

    /// Reads this process' arguments and environment; what ends the program is already printed when
    /// nothing is returned. Needs no QCoreApplication.
    static std::optional<CommandLine> ofProcess(const ProgramSpec& program, int argc,
                                                const char* const* argv, int& exitCode);

    const Settings& settings() const { return m_settings; }
    /// Whether a switch was given.
    bool has(const QString& name) const { return m_switches.contains(name); }
    /// The last value given for a switch, or empty.
    QString value(const QString& name) const;
    QStringList values(const QString& name) const { return m_switches.value(name); }
    /// The words given for an operand: one, none when it is optional, any number when repeatable.
    QStringList operands(const QString& name) const { return m_operands.value(name); }
    /// The word given for an operand, or empty.
    QString operand(const QString& name) const { return operands(name).value(0); }

private:
    Settings m_settings;
    QHash<QString, QStringList> m_switches;
    QHash<QString, QStringList> m_operands;
};

/// All variables of this process.
QHash<QString, QString> processEnvironment();

} // namespace vigie
