#pragma once

#include "core/runtime/fleetentry.h"
#include "core/watchdog/storm.h"

#include <vector>

namespace vigie {

/// What this dashboard knows about itself as a watcher through one source, and about the fleet
/// around each instance: the parts of WatcherEvidence that come from all instances together.
class WatcherFacts {
public:
    /// `base` holds what is the same for every instance.
    WatcherFacts(const std::vector<FleetEntry>& entries, WatcherEvidence base,
                 const WatchdogPolicy& policy, const ReadingTime& time);

    WatcherEvidence around(const FleetEntry& entry) const;

private:
    Storm::Member member(const FleetEntry& entry) const;
    std::vector<Storm::Member> members(const std::vector<FleetEntry>& entries) const;

    WatcherEvidence m_base;
    Storm m_storm;
    std::optional<MonotonicTime> m_newest, m_secondNewest; ///< beats
    std::optional<MonotonicTime> m_reconciled; ///< newest word of the provider, told by the source
};

/// "provider/zone/model", as told or put together.
QString poolOf(const Instance& instance);

} // namespace vigie
