#pragma once

#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>
#include <QVariant>

#include <vector>

namespace vigie {

/// One value of a TOML document, with the place it was written at.
struct TomlEntry {
    /// "jobs.worker-watchdog.interval_seconds"; odd keys keep their quotes, and the elements of an
    /// array of tables are counted: "task[0].prompt".
    QString path;
    int line = 0; ///< from 1
    /// QString, qlonglong, double, bool, QStringList (an array of strings), or invalid for anything
    /// else: dates, mixed arrays, and tables without keys.
    QVariant value;
    QString shown; ///< the value as it was written, shortened, on one line
};

/// Reads a whole document into its values, in the order of their lines. A syntax error is an
/// Invalid failure that names `name`, the line and what is wrong there.
Outcome<std::vector<TomlEntry>> readToml(const QByteArray& bytes, const QString& name);

/// A TOML string of any text, quotes included.
QString tomlQuoted(const QString& text);

} // namespace vigie
