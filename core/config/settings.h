#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QHash>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <optional>
#include <vector>

namespace vigie {

enum class SettingType { Text, Integer, Number, Boolean, Seconds, TextList };

/// One key that a program reads: its default, its range, its help, its other names.
struct SettingSpec {
    QString section; ///< "jobs.worker-watchdog"; empty for a top-level key
    QString key;     ///< "interval_seconds"
    SettingType type = SettingType::Text;
    QVariant fallback; ///< default value; Seconds as double
    std::optional<double> minimum, maximum;
    QStringList allowed;  ///< for Text: the only words accepted
    QString help;         ///< one sentence, with the unit
    QString flag;         ///< "listen" for --listen; empty when there is none
    QString seedVariable; ///< the seeds' environment name, e.g. WORKER_HEARTBEAT_TIMEOUT_SECONDS
    double seedScale = 1; ///< value = seed's number * scale (0.001 for milliseconds)
    bool secret = false;  ///< printed as "(set)"

    QString path() const; ///< "jobs.worker-watchdog.interval_seconds"
    /// "VIGIE_JOBS_WORKER_WATCHDOG_INTERVAL_SECONDS"
    QString variable() const;
};

/// Where values come from, strongest first: flags, VIGIE_* variables, the seeds' names, file,
/// defaults.
struct SettingsInput {
    QHash<QString, QStringList> flags; ///< by SettingSpec::flag; several values for a TextList
    QHash<QString, QString> environment;
    QString file; ///< TOML, at most 1 MiB; empty: none
    bool fileMayBeMissing = false;
    /// VIGIE_* variables that are no keys of this program and deserve no warning; a trailing '*'
    /// stands for any ending.
    QStringList otherVariables;
};

/// The effective configuration of a program, read once and then only passed on.
class Settings {
public:
    /// One Invalid failure holds all mistakes, each on a line of its own that names where (file and
    /// line, variable or flag), the key, the value and what is allowed. A key of the file
    /// that no spec knows is a mistake too, a VIGIE_* variable that none knows a warning (with the
    /// nearest known name).
    ///
    /// In variables a list is separated by commas, booleans are true/false, 1/0, yes/no or on/off,
    /// and an empty variable counts as not set. Seconds must be finite, and not negative unless the
    /// spec's minimum says so. Specs that contradict each other or their own default are Internal.
    static Outcome<Settings> read(std::vector<SettingSpec> specs, const SettingsInput& input);

    /// The value of a declared key of that type; asking for any other is a bug and ends the
    /// program.
    QString text(const QString& path) const;
    QStringList textList(const QString& path) const;
    int integer(const QString& path) const;
    double number(const QString& path) const;
    bool boolean(const QString& path) const;
    Duration seconds(const QString& path) const;
    /// Whether anything but the default gave the value.
    bool isSet(const QString& path) const;

    /// Sources that disagree about a key and variables that are ignored, one sentence each. A flag
    /// overrides silently: it is the person at the keyboard.
    QStringList warnings() const { return m_warnings; }
    /// --print-config: TOML of every effective value, each with a comment saying where it came
    /// from.
    QString print() const;

private:
    class Reader;
    struct Value {
        QVariant value;
        QString origin; ///< "default", "file policy.toml:12", "environment VIGIE_...", "--listen"
        SettingType type = SettingType::Text;
        bool isSet = false;
    };
    const QVariant& at(const QString& path, SettingType type) const;

    std::vector<SettingSpec> m_specs;
    QHash<QString, Value> m_values;
    QStringList m_warnings;
};

} // namespace vigie
