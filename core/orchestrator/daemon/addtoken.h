#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/config/settings.h"

namespace vigie {

/// Makes the token of `wish` ("NAME:ROLE") in the store that `settings` name and returns it. No
/// daemon may run on that store meanwhile.
Task<Outcome<QString>> addToken(Clock& clock, const Settings& settings, QString wish);

} // namespace vigie
