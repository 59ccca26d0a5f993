#pragma once

#include "core/resilience/callevent.h"
#include "core/resilience/profile.h"

namespace vigie {

/// How a store calls the server that it lives on. One in a file calls nobody: it leaves this alone.
struct StoreCalls {
    /// The breaker is that of connections, the retries those of transactions that lost to another
    /// session's.
    Profile profile;
    bool enabled = true;              ///< RESILIENCE_ENABLED
    bool circuitEnabled = true;       ///< CIRCUIT_BREAKER_ENABLED
    CallListener* listener = nullptr; ///< told on threads of the store, which it outlives
};

/// Under the profile "store" as it is built in.
StoreCalls builtInStoreCalls();

} // namespace vigie
