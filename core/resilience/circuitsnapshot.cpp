#include "core/resilience/circuitsnapshot.h"

#include "core/resilience/circuitbreaker.h"
#include "core/resilience/circuitrules.h"
#include "core/resilience/saturating.h"

#include <algorithm>
#include <limits>

namespace vigie {

CircuitSnapshot CircuitBreaker::snapshot(Time now) const {
    CircuitSnapshot seen;
    const std::lock_guard lock(m_mutex);
    seen.options = m_options;
    seen.computed = computedAt(now);
    seen.transitions = m_transitions;
    if (isExpired(now)) {
        seen.transitions.push_back(expiry());
        if (seen.transitions.size() > 20)
            seen.transitions.erase(seen.transitions.begin());
    } else {
        seen.imposed = m_override;
    }
    seen.effective = seen.imposed ? seen.imposed->mode : seen.computed;
    seen.notPermitted = m_tally.refusals();
    seen.lateResults = m_lateResults;
    seen.opens = m_opens;
    seen.resets = m_resets;
    seen.trialsRunning = m_trialsRunning;
    seen.trialsSucceeded = m_trialsSucceeded;
    seen.trialsFailed = m_trialsFailed;
    OpenWait wait = m_openWait;
    if (m_state == CircuitMode::Closed) {
        // What healthy spells have taken back by now; an opening before the first would add one.
        const auto closedFor = saturating::between(m_closedSince, now);
        if (closedFor >= m_options.healthySpell)
            wait.openAfter(closedFor, m_options);
    }
    seen.relapses = wait.relapses();
    seen.waitInOpenState = m_state == CircuitMode::Open ? m_wait : wait.length(m_options);
    if (m_state != CircuitMode::Closed) {
        seen.openedAt = m_openedAt;
        seen.nextAttemptAt = waitEnds(now);
        if (m_state == CircuitMode::HalfOpen && !trialFree())
            seen.nextAttemptAt =
                saturating::later(m_lastTrialAt, m_options.maxWaitDurationInHalfOpenState);
    }
    showWindow(seen, now);
    return seen;
}

void CircuitBreaker::showWindow(CircuitSnapshot& seen, Time now) const {
    const std::uint64_t pending = m_tally.successes();
    const bool kept = m_state == CircuitMode::Open && seen.effective != CircuitMode::MetricsOnly;
    const WindowSums sums = kept ? m_window.sumsAsTheyWere(pending) : m_window.sums(now, pending);
    seen.calls = sums.calls;
    seen.failures = sums.failures;
    seen.slow = sums.slow;
    seen.weight = double(sums.weight) / 1000;
    seen.consecutiveFailures = m_streak;
    seen.consecutiveWeight = double(m_streakWeight) / 1000;
    if (sums.calls >= m_options.minimumNumberOfCalls) {
        seen.failureRate = std::min(sums.failureRate(), 1.0);
        seen.slowRate = sums.slowRate();
    }
    showDistance(seen, now, pending);
}

void CircuitBreaker::showDistance(CircuitSnapshot& seen, Time now, std::uint64_t pending) const {
    if (seen.effective == CircuitMode::MetricsOnly || seen.effective == CircuitMode::Disabled)
        return;
    constexpr CallOutcome failure{true, false, 1000}, slowCall{false, true, 0};
    const RateRules rules = circuitrules::rateRules(m_options);
    const bool judgesSlow = rules.slowCalls.threshold > 0;
    if (seen.computed == CircuitMode::HalfOpen) {
        seen.failuresToOpen = m_options.permittedFailuresInHalfOpenState - m_trialsFailed + 1;
        if (judgesSlow)
            seen.slowCallsToOpen = seen.failuresToOpen;
    } else if (seen.computed == CircuitMode::Closed) {
        seen.failuresToOpen = m_window.distance(failure, rules, now, pending);
        if (const std::int64_t inARow = m_options.consecutiveFailures; inARow > 0) {
            const std::int64_t missing = (inARow * 1000 - m_streakWeight + 999) / 1000;
            seen.failuresToOpen =
                std::min(seen.failuresToOpen.value_or(std::numeric_limits<std::int64_t>::max()),
                         std::max<std::int64_t>(missing, 1));
        }
        if (judgesSlow)
            seen.slowCallsToOpen = m_window.distance(slowCall, rules, now, pending);
    }
}

} // namespace vigie
