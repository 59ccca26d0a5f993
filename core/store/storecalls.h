#pragma once

#include "core/resilience/callevent.h"
#include "core/resilience/faultinjection.h"
#include "core/resilience/profile.h"

#include <functional>

namespace vigie {

class ProfileSource;

/// How a store calls the server that it lives on. One in a file calls nobody: it leaves this alone.
struct StoreCalls {
    /// The breaker is that of connections, the retries those of transactions that lost to another
    /// session's.
    Profile profile;
    bool enabled = true;              ///< RESILIENCE_ENABLED
    bool circuitEnabled = true;       ///< CIRCUIT_BREAKER_ENABLED
    CallListener* listener = nullptr; ///< told on threads of the store, which it outlives
    /// Another version of the profile may come into force there; null: it stays. Outlives the
    /// store.
    const ProfileSource* profiles = nullptr;
    /// What is done on purpose to a piece of work that begins now; empty: never anything. Called on
    /// threads of the store.
    std::function<std::optional<FaultRule>(std::string_view key, FaultInjection::Time now)> draw{};
};

/// Under the profile "store" as it is built in.
StoreCalls builtInStoreCalls();

} // namespace vigie
