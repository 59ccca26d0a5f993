#pragma once

#include "app/daemon/commands/command.h"

#include <optional>

namespace vigie::commands {

/// Runs the sub-command that the first words name, to its end; nothing when the command line begins
/// with a flag or is empty. Words that name none are one line on stderr and exit code 2.
std::optional<int> dispatch(int argc, char** argv);

/// For --help of the program.
std::vector<CommandSummary> summaries();

} // namespace vigie::commands
