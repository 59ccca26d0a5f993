#pragma once

#include "core/telemetry/histogram.h"
#include "tests/bench/controlplane/daemonunderload.h"

namespace vigie {

/// What became of beats that were sent, each at its time: a late answer counts from when its beat
/// was due, not from when it could be sent at last.
struct BeatResult {
    Histogram latency;
    qint64 sent = 0, refused = 0; ///< refused: any answer but 200
    double seconds = 0;           ///< until the last answer
};

/// Beats of all workers in turn over real connections, `perSecond` for `seconds`; blocks.
BeatResult beat(const DaemonUnderLoad& daemon, int perSecond, double seconds);

} // namespace vigie
