#pragma once

#include "core/resilience/callevent.h"
#include "core/telemetry/metrics.h"

#include <atomic>
#include <string>

namespace vigie {

/// What the daemon's calls do, at /metrics: the counters of seed 001 (retryAttempts,
/// operationSuccess and operationFailures, timeouts, circuitBreakerOpens, circuitBreakerResets) and
/// what else tells calls apart. Any thread.
class CallFigures {
public:
    /// From now on what happens is counted there; it outlives this or is taken back with null.
    void countIn(MetricRegistry* metrics, bool faultsActive);
    /// Whether faults are put into calls, from now on.
    void tellFaults(bool active);
    /// A counter that is not there yet can't be told from one that nobody has.
    void tellZeroes(const std::string& key, bool hasCircuit);
    void note(const CallEvent& event);

private:
    std::atomic<MetricRegistry*> m_metrics{nullptr};
};

} // namespace vigie
