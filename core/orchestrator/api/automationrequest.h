#pragma once

#include "core/base/outcome.h"
#include "core/watchdog/guards.h"
#include "core/watchdog/stormbrake.h"

namespace vigie {

/// POST /automation, as received: exactly one of the three.
struct AutomationRequest {
    std::optional<AutomationMode> mode;
    QString pool;           ///< of `mode`; empty: of everything
    QString pause, release; ///< the reason
    StormBrake::SilentAre silent = StormBrake::SilentAre::Unknown; ///< of `release`
};

/// Invalid, naming the field.
Outcome<AutomationRequest> decodeAutomationRequest(const QByteArray& body);

} // namespace vigie
