#include "core/config/flagparser.h"

#include "core/config/nearestname.h"

#include <QSet>

namespace vigie {

namespace {

/// Options that QApplication takes out of the arguments, and whether a value follows.
const QHash<QString, bool>& qtOptions() {
    static const QHash<QString, bool> options = {
        {QStringLiteral("-platform"), true},        {QStringLiteral("-platformpluginpath"), true},
        {QStringLiteral("-platformtheme"), true},   {QStringLiteral("-plugin"), true},
        {QStringLiteral("-style"), true},           {QStringLiteral("-stylesheet"), true},
        {QStringLiteral("-display"), true},         {QStringLiteral("-session"), true},
        {QStringLiteral("-qwindowgeometry"), true}, {QStringLiteral("-qwindowtitle"), true},
        {QStringLiteral("-qwindowicon"), true},     {QStringLiteral("-geometry"), true},
        {QStringLiteral("-reverse"), false}};
    return options;
}

class Parser {
public:
    Parser(const ProgramSpec& program, const QStringList& arguments)
        : m_program(program), m_arguments(arguments) {
        m_forms = {{QStringLiteral("help"), Form::Plain},
                   {QStringLiteral("version"), Form::Plain},
                   {QStringLiteral("print-config"), Form::Plain},
                   {QStringLiteral("config"), Form::Valued}};
        for (const QString& alias : program.configAliases)
            m_forms.insert(alias, Form::Valued);
        for (const SwitchSpec& spec : program.switches)
            m_forms.insert(spec.name, spec.valueName.isEmpty() ? Form::Plain : Form::Valued);
        for (const SettingSpec& spec : program.settings)
            if (!spec.flag.isEmpty())
                m_forms.insert(spec.flag,
                               spec.type == SettingType::Boolean ? Form::Boolean : Form::Valued);
    }

    Outcome<ParsedFlags> parse() {
        while (m_next < m_arguments.size() && m_error.isEmpty())
            takeArgument(m_arguments[m_next++]);
        if (m_error.isEmpty() && !m_flags.help && !m_flags.version && !m_flags.printConfig)
            missOperands();
        if (!m_error.isEmpty())
            return fail(FailureKind::Invalid, m_error);
        return m_flags;
    }

private:
    enum class Form { Plain, Boolean, Valued };

    void takeArgument(const QString& argument) {
        if (m_wordsOnly) {
            takeOperand(argument);
        } else if (argument == QLatin1String("--") && !m_program.operands.empty()) {
            m_wordsOnly = true;
        } else if (argument == QLatin1String("-h")) {
            m_flags.help = true;
        } else if (m_program.acceptsQtOptions && qtOptions().contains(argument)) {
            if (qtOptions().value(argument))
                ++m_next;
        } else if (argument.startsWith(QLatin1String("--")) && argument.size() > 2) {
            takeFlag(argument.mid(2));
        } else if (argument.startsWith(u'-') && argument.size() > 1) {
            refuseUnknown(argument, argument.mid(1));
        } else {
            takeOperand(argument);
        }
    }

    void takeOperand(const QString& word) {
        for (const OperandSpec& spec : m_program.operands) {
            QStringList& words = m_flags.operands[spec.name];
            if (words.isEmpty() || spec.repeatable) {
                words.append(word);
                return;
            }
        }
        m_error = QStringLiteral("unexpected argument '%1'; --help lists what is taken").arg(word);
    }

    void missOperands() {
        for (const OperandSpec& spec : m_program.operands) {
            if (spec.optional || !m_flags.operands.value(spec.name).isEmpty())
                continue;
            m_error = QStringLiteral("%1 is missing; --help lists what is taken").arg(spec.name);
            return;
        }
    }

    void takeFlag(const QString& text) {
        const qsizetype equals = text.indexOf(u'=');
        const QString name = equals < 0 ? text : text.left(equals);
        const auto form = m_forms.constFind(name);
        if (form == m_forms.constEnd())
            return refuseUnknown(QStringLiteral("--") + name, name);
        if (*form == Form::Plain && equals >= 0) {
            m_error = QStringLiteral("--%1 takes no value").arg(name);
        } else if (*form == Form::Plain) {
            store(name, {});
        } else if (equals >= 0) {
            store(name, text.mid(equals + 1));
        } else if (*form == Form::Boolean) {
            store(name, QStringLiteral("true"));
        } else if (m_next >= m_arguments.size() ||
                   m_arguments[m_next].startsWith(QLatin1String("--"))) {
            m_error = QStringLiteral("--%1 needs a value").arg(name);
        } else {
            store(name, m_arguments[m_next++]);
        }
    }

    void store(const QString& name, const QString& value) {
        if (name == QLatin1String("help"))
            m_flags.help = true;
        else if (name == QLatin1String("version"))
            m_flags.version = true;
        else if (name == QLatin1String("print-config"))
            m_flags.printConfig = true;
        else if (name == QLatin1String("config") || m_program.configAliases.contains(name))
            storeConfigFile(name, value);
        else if (!storeSwitch(name, value))
            storeSetting(name, value);
    }

    void storeConfigFile(const QString& name, const QString& file) {
        if (file.isEmpty())
            m_error = QStringLiteral("--%1 needs the name of a file").arg(name);
        else if (!m_flags.configFile.isEmpty())
            m_error = QStringLiteral("--%1: a configuration file is already named: %2")
                          .arg(name, m_flags.configFile);
        m_flags.configFile = file;
    }

    bool storeSwitch(const QString& name, const QString& value) {
        for (const SwitchSpec& spec : m_program.switches) {
            if (spec.name != name)
                continue;
            QStringList& values = m_flags.switches[name];
            if (!values.isEmpty() && !spec.repeatable)
                m_error = QStringLiteral("--%1 is given twice").arg(name);
            else if (!spec.allowed.isEmpty() && !spec.allowed.contains(value))
                m_error = QStringLiteral("--%1 is '%2', but must be one of %3")
                              .arg(name, value, spec.allowed.join(QStringLiteral(", ")));
            else if (!spec.valueName.isEmpty())
                values.append(value);
            return true;
        }
        return false;
    }

    void storeSetting(const QString& name, const QString& value) {
        QStringList& values = m_flags.settings[name];
        for (const SettingSpec& spec : m_program.settings)
            if (spec.flag == name && spec.type != SettingType::TextList && !values.isEmpty())
                m_error = QStringLiteral("--%1 is given twice").arg(name);
        values.append(value);
    }

    void refuseUnknown(const QString& shown, const QString& name) {
        QStringList known = m_forms.keys();
        known.sort(); // a tie gives the same answer every time
        const QString nearest = nearestName(name, known);
        m_error =
            QStringLiteral("unknown flag %1; %2")
                .arg(shown, nearest.isEmpty() ? QStringLiteral("--help lists all")
                                              : QStringLiteral("did you mean --%1?").arg(nearest));
    }

    const ProgramSpec& m_program;
    const QStringList& m_arguments;
    qsizetype m_next = 0;
    bool m_wordsOnly = false;
    QHash<QString, Form> m_forms;
    ParsedFlags m_flags;
    QString m_error;
};

} // namespace

Outcome<ParsedFlags> parseFlags(const ProgramSpec& program, const QStringList& arguments) {
    return Parser(program, arguments).parse();
}

} // namespace vigie
