#pragma once

#include "core/config/settings.h"
#include "core/model/command.h"
#include "core/runtime/enginehandle.h"

namespace vigie {

/// Every key `vigie` reads.
std::vector<SettingSpec> dashboardSettings();

EngineOptions engineOptions(const Settings& settings);

/// The sources named by --source, each with its token file, e-mail and CA. One --token-file serves
/// all of them, as many as there are sources serve one each, in order. Invalid otherwise.
Outcome<std::vector<SourceConfig>> namedSources(const Settings& settings);

} // namespace vigie
