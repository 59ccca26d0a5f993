#pragma once

#include "core/base/outcome.h"
#include "core/resilience/faultinjection.h"

#include <vector>

namespace vigie {

/// Faults that are put on purpose into what the daemon calls: provider, workers, services, its
/// store's server, and the engines of the tasks that it hosts.
class FaultControl {
public:
    virtual ~FaultControl() = default;
    virtual std::vector<FaultRule> faultRules() const = 0;
    virtual quint64 faultsInjected() const = 0; ///< since the start
    /// Replaces all rules, whose schedules begin now; none: off. Invalid, and nothing changed, for
    /// an unusable one.
    virtual Outcome<void> setFaultRules(std::vector<FaultRule> rules) = 0;
};

} // namespace vigie
