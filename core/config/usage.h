#pragma once

#include "core/config/commandline.h"

namespace vigie {

/// The text of --help: the program's switches, then the flags of settings, a group for each
/// section.
QString usage(const ProgramSpec& program);

} // namespace vigie
