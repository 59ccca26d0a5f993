#pragma once

#include "core/store/store.h"
#include "core/store/storecalls.h"

namespace vigie {

/// openStore() with other ways of calling a server than those that are built in.
Outcome<std::unique_ptr<Store>> openStore(const QString& url, const StoreCalls& calls);

} // namespace vigie
