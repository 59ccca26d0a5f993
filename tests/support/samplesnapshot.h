#pragma once

#include "core/model/fleetsnapshot.h"

namespace vigie {

/// A believable night: two orchestrators of ours (one live, one stale), one that serves only part A
/// of the contract, and a Prometheus server; 44 instances with a bad zone, breakers in several
/// states, alerts, a log, latencies and an inspection. The same at every call.
FleetSnapshot sampleSnapshot();

/// The moment of sampleSnapshot().
WallTime sampleNow();

/// `count` healthy instances of one live orchestrator, for measuring.
FleetSnapshot largeSnapshot(int count);

} // namespace vigie
