#pragma once

#include "core/store/store.h"
#include "core/store/storecalls.h"
#include "core/store/storeupkeep.h"

#include <functional>
#include <vector>

namespace vigie {

/// A database that a store can live in, known by the scheme of its URL.
struct StoreBackend {
    QString scheme;  ///< "sqlite"
    QString example; ///< "sqlite:/var/lib/vigie/fleet.db", for messages
    /// Opens what follows the scheme and its colon.
    std::function<Outcome<std::unique_ptr<Store>>(const QString& address, const StoreCalls& calls)>
        open;
    /// See openStoreToRead().
    std::function<Outcome<std::unique_ptr<Store>>(const QString& address)> openToRead;
    /// See openStoreBeside(); empty: `open` may be called at any time.
    std::function<Outcome<std::unique_ptr<Store>>(const QString& address)> openBeside{};
    std::function<Outcome<std::unique_ptr<StoreUpkeep>>(const QString& address)> upkeep{};
};

namespace stores {
/// All backends of this build; generated from the sub-folders.
std::vector<StoreBackend> registry();
} // namespace stores

} // namespace vigie
