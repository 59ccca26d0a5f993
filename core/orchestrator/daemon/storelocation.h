#pragma once

#include "core/base/outcome.h"
#include "core/config/settings.h"

namespace vigie {

/// Where a daemon keeps things, all from [store] url and [access] token_file.
struct StoreLocation {
    QString url;            ///< "sqlite:/path/fleet.db"
    QString stateDirectory; ///< "/path/fleet.db.state", for providers
    QString tokenFile;      ///< "/path/fleet.db.admin-token"
};

/// Makes the user's own data directory when no store is named; any other folder must exist.
Outcome<StoreLocation> storeLocation(const Settings& settings);

} // namespace vigie
