#pragma once

#include "core/base/outcome.h"
#include "core/config/settings.h"
#include "core/providers/scaleway/scalewayoptions.h"

#include <vector>

namespace vigie {

/// Section "providers.scaleway".
std::vector<SettingSpec> scalewaySettings();

/// Reads and checks them all; one Invalid failure names each key that is missing or wrong, and what
/// is expected. The secret key is in no message. `journalFile` is left empty.
Outcome<ScalewayOptions> scalewayOptions(const Settings& settings);

} // namespace vigie
