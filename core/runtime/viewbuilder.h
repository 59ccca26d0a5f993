#pragma once

#include "core/model/fleetsnapshot.h"
#include "core/runtime/enginehandle.h"
#include "core/runtime/fleetentry.h"
#include "core/runtime/watcherfacts.h"

namespace vigie {

/// What all views of one source are built with.
struct ViewContext {
    SourceId source;
    Freshness freshness = Freshness::Live;
    ReadingTime time;
    const EngineOptions& options;
    WatchdogPolicy policy;
    const WatcherFacts* watcher = nullptr; ///< needed where the source judges nothing itself
};

/// An instance as the window shows it. Durations are cut to what a person reads ("3 min 20 s",
/// "2 h 05 min"), so that a view changes when its text does.
InstanceView buildView(const FleetEntry& entry, const ViewContext& context);

/// The same instance while its source is blind: nothing is alive there any more, for all we know.
InstanceView blindView(const InstanceView& last, Freshness freshness,
                       const std::array<BeatTick, 60>& beats);

/// `last` when `next` says nothing new (times of unchanged evidence aside), else `next`.
std::shared_ptr<const InstanceView> shared(std::shared_ptr<const InstanceView> last,
                                           InstanceView next);

/// True when buildView() would give what `entry.view` is: the source told nothing new and no
/// duration reads differently.
bool upToDate(const FleetEntry& entry, const ViewContext& context);

} // namespace vigie
