#pragma once

#include "core/model/instance.h"
#include "core/watchdog/assess.h"

#include <optional>

namespace vigie {

/// What an advice on one instance is made from, besides the instance itself.
struct AdviceFacts {
    std::optional<MonotonicTime> lastBeat; ///< on our clock, corrected by the orchestrator's
    std::optional<double> phi;
    WatcherEvidence watcher; ///< this dashboard, looking through one source
    WatchdogPolicy policy;
    MonotonicTime now{};
    WallTime wallNow{};
};

struct Advice {
    Assessment assessment;
    bool advisory = false; ///< true: our own judgement; false: only what the orchestrator says
};

/// Whether an instance in this state has a worker that should beat.
bool expectsBeats(InstanceStatus status);

/// The dashboard's advice on an instance of an orchestrator that judges nothing by itself. States
/// that name a verdict (worker_dead, unavailable, failed, terminated...) are passed on as what the
/// orchestrator says; a start-up is left to its time limit; the rest is judged by `assess`, with a
/// probe that is not possible and a provider that is unknown, since the dashboard has neither.
Advice advise(const Instance& instance, const AdviceFacts& facts);

} // namespace vigie
