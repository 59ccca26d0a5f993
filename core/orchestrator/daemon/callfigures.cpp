#include "core/orchestrator/daemon/callfigures.h"

namespace vigie {

namespace {

struct Family {
    const char* name;
    const char* help;
};
constexpr Family operations{"vigie_call_operations_total",
                            "Operations of the daemon's own calls, with all their attempts."};
constexpr Family retries{"vigie_call_retry_attempts_total", "Attempts after the first one."};
constexpr Family timeouts{"vigie_call_timeouts_total", "Attempts without an answer in time."};
constexpr Family lateResults{"vigie_call_late_results_total",
                             "Answers that came after their deadline and were thrown away."};
constexpr Family injected{"vigie_call_faults_injected_total", "Faults put into calls on purpose."};
constexpr Family injection{"vigie_fault_injection_active", "1 while faults are put into calls."};
constexpr Family opens{"vigie_circuit_breaker_opens_total", "Openings of a circuit breaker."};
constexpr Family resets{"vigie_circuit_breaker_resets_total", "Closings of a circuit breaker."};

} // namespace

void CallFigures::countIn(MetricRegistry* metrics, bool faultsActive) {
    m_metrics = metrics;
    if (metrics)
        metrics->gauges(injection.name, injection.help).set(faultsActive ? 1 : 0);
}

void CallFigures::tellFaults(bool active) {
    if (MetricRegistry* metrics = m_metrics.load())
        metrics->gauges(injection.name, injection.help).set(active ? 1 : 0);
}

void CallFigures::tellZeroes(const std::string& key, bool hasCircuit) {
    MetricRegistry* metrics = m_metrics;
    if (!metrics)
        return;
    for (const char* outcome : {"success", "failure"})
        metrics->counters(operations.name, operations.help)
            .add({{"key", key}, {"outcome", outcome}}, 0);
    for (const Family& family : {retries, timeouts, lateResults, injected})
        metrics->counters(family.name, family.help).add({{"key", key}}, 0);
    if (!hasCircuit)
        return;
    for (const Family& family : {opens, resets})
        metrics->counters(family.name, family.help).add({{"name", key}}, 0);
}

void CallFigures::note(const CallEvent& event) {
    using Kind = CallEvent::Kind;
    MetricRegistry* metrics = m_metrics;
    if (!metrics)
        return;
    const std::string key(event.key);
    const auto count = [&](const Family& family, const MetricLabels& labels) {
        metrics->counters(family.name, family.help).add(labels);
    };
    switch (event.kind) {
    case Kind::Success:
        return count(operations, {{"key", key}, {"outcome", "success"}});
    case Kind::Failure:
        return count(operations, {{"key", key}, {"outcome", "failure"}});
    case Kind::Retry:
        return count(retries, {{"key", key}});
    case Kind::Timeout:
        return count(timeouts, {{"key", key}});
    case Kind::LateResult:
        return count(lateResults, {{"key", key}});
    case Kind::FaultInjected:
        return count(injected, {{"key", key}});
    case Kind::CircuitOpened:
        return count(opens, {{"name", key}});
    case Kind::CircuitClosed:
        return count(resets, {{"name", key}});
    default:
        return;
    }
}

} // namespace vigie
