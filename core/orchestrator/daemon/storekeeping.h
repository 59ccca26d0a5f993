#pragma once

#include "core/config/settings.h"
#include "core/store/storeupkeep.h"

/// What `vigied store` does and says.
namespace vigie::storekeeping {

/// For the store that the settings name.
Outcome<std::unique_ptr<StoreUpkeep>> keeperOf(const Settings& settings);

/// Several lines for people: the steps with their statements when `dryRun`, else what was done.
QString tell(const Migration& way, bool dryRun);
QString tell(const StoreBackup& backup);
/// What happened, and what a person has to do now.
QString tell(const StoreRestore& restore);

} // namespace vigie::storekeeping
