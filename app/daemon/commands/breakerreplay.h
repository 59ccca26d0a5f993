#pragma once

#include "app/daemon/commands/command.h"

namespace vigie::commands {

/// `vigied breaker replay FILE`: what-if for a breaker's thresholds.
Command breakerReplay();

} // namespace vigie::commands
