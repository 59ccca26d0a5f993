#pragma once

#include "core/resilience/latencywindow.h"

#include <string>

namespace vigie {

/// When a second call is started beside a slow one.
struct HedgeOptions {
    double percentile = 0.95; ///< of the key's latency, [0.5, 0.999]; slower calls are hedged
    /// Used before enough calls were seen, and never less: a day at most.
    std::chrono::nanoseconds minDelay = std::chrono::milliseconds(50);
    int maxCalls = 2; ///< the first included, 2 .. 5

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// Cuts the tail of the latency by asking twice ("The Tail at Scale", Dean and Barroso, 2013). The
/// first good answer is taken, the other call is told to stop and its answer dropped. Only for
/// calls declared idempotent.
class Hedge {
public:
    /// How long to wait for an answer before the next call is started.
    static std::chrono::nanoseconds delay(const HedgeOptions& options,
                                          const LatencyWindow& latency);
};

} // namespace vigie
