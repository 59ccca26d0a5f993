#pragma once

#include "core/config/commandline.h"

namespace vigie {

/// The flags of one command line, sorted by what they are for; values of settings unchecked.
struct ParsedFlags {
    QHash<QString, QStringList> settings; ///< by SettingSpec::flag
    QHash<QString, QStringList> switches; ///< by SwitchSpec::name; a plain one has no values
    QHash<QString, QStringList> operands; ///< by OperandSpec::name
    QString configFile;
    bool help = false;
    bool version = false;
    bool printConfig = false;
};

/// Takes `--flag value`, `--flag=value`, `--flag` for booleans and plain switches, and -h. A flag
/// that is unknown, lacks its value or is given twice (unless it may be) is an Invalid failure, and
/// so is a word too many or (without --help and its like) one too few. After "--" all are words.
Outcome<ParsedFlags> parseFlags(const ProgramSpec& program, const QStringList& arguments);

} // namespace vigie
