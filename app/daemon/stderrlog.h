#pragma once

#include "core/config/settings.h"

namespace vigie {

/// Sends the log to stderr in the form and from the level that log.format and log.level say.
void logToStderr(const Settings& settings);

} // namespace vigie
