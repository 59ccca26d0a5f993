#include "core/http/breakerview.h"

#include <algorithm>
#include <limits>
#include <ranges>

namespace vigie {

namespace {

constexpr std::size_t keptStamps = 21; // the 20 transitions of a snapshot, and its opening

int saturated(std::int64_t number) {
    return static_cast<int>(std::min<std::int64_t>(number, std::numeric_limits<int>::max()));
}

std::optional<double> ifOn(double threshold) {
    return threshold > 0 ? std::optional(threshold) : std::nullopt;
}

} // namespace

BreakerMode toBreakerMode(CircuitMode mode) {
    switch (mode) {
    case CircuitMode::Closed:
        return BreakerMode::Closed;
    case CircuitMode::HalfOpen:
        return BreakerMode::HalfOpen;
    case CircuitMode::Open:
        return BreakerMode::Open;
    case CircuitMode::ForcedOpen:
        return BreakerMode::ForcedOpen;
    case CircuitMode::ForcedClosed:
        return BreakerMode::ForcedClosed;
    case CircuitMode::Disabled:
        return BreakerMode::Disabled;
    case CircuitMode::MetricsOnly:
        return BreakerMode::MetricsOnly;
    }
    return BreakerMode::Closed;
}

CircuitMode toCircuitMode(BreakerMode mode) {
    switch (mode) {
    case BreakerMode::Closed:
        return CircuitMode::Closed;
    case BreakerMode::HalfOpen:
        return CircuitMode::HalfOpen;
    case BreakerMode::Open:
        return CircuitMode::Open;
    case BreakerMode::ForcedOpen:
        return CircuitMode::ForcedOpen;
    case BreakerMode::ForcedClosed:
        return CircuitMode::ForcedClosed;
    case BreakerMode::Disabled:
        return CircuitMode::Disabled;
    case BreakerMode::MetricsOnly:
        return CircuitMode::MetricsOnly;
    }
    return CircuitMode::Closed;
}

void BreakerView::note(MonotonicTime at) {
    m_stamps.emplace_back(at, m_clock.wallNow());
    if (m_stamps.size() > keptStamps)
        m_stamps.pop_front();
}

WallTime BreakerView::wallOf(MonotonicTime time) const {
    const auto noted = std::ranges::find(m_stamps, time, [](const auto& s) { return s.first; });
    if (noted != m_stamps.end())
        return noted->second;
    return m_clock.wallNow() - std::chrono::round<std::chrono::milliseconds>(m_clock.now() - time);
}

Breaker BreakerView::of(const CircuitSnapshot& snapshot) const {
    const CircuitOptions& options = snapshot.options;
    Breaker seen;
    seen.name = QString::fromStdString(options.name);
    seen.computed = toBreakerMode(snapshot.computed);
    seen.effective = toBreakerMode(snapshot.effective);
    if (options.consecutiveFailures > 0)
        seen.failureThreshold = options.consecutiveFailures;
    seen.failureRateThreshold = ifOn(options.failureRateThreshold);
    seen.slowCallRateThreshold = ifOn(options.slowCallRateThreshold);
    seen.slowCallDurationThreshold = options.slowCallDurationThreshold;
    seen.timeBasedWindow = options.slidingWindowType == SlidingWindowType::TimeBased;
    seen.windowSize = options.slidingWindowSize;
    seen.minimumCalls = options.minimumNumberOfCalls;
    seen.waitDurationInOpenState = options.waitDurationInOpenState;
    seen.permittedCallsInHalfOpen = options.permittedNumberOfCallsInHalfOpenState;
    seen.successesToClose = options.successesToClose;
    seen.calls = saturated(snapshot.calls);
    seen.failures = saturated(snapshot.failures);
    seen.slow = saturated(snapshot.slow);
    seen.consecutiveFailures = snapshot.consecutiveFailures;
    seen.failureRate = snapshot.failureRate;
    seen.slowRate = snapshot.slowRate;
    if (snapshot.failuresToOpen)
        seen.failuresToOpen = saturated(*snapshot.failuresToOpen);
    if (snapshot.slowCallsToOpen)
        seen.slowCallsToOpen = saturated(*snapshot.slowCallsToOpen);
    seen.relapses = snapshot.relapses;
    seen.wait = snapshot.waitInOpenState;
    seen.notPermitted = static_cast<qint64>(snapshot.notPermitted);
    seen.opens = static_cast<qint64>(snapshot.opens);
    seen.resets = static_cast<qint64>(snapshot.resets);
    if (snapshot.openedAt)
        seen.openedAt = wallOf(*snapshot.openedAt);
    if (seen.openedAt && snapshot.nextAttemptAt)
        seen.nextAttemptAt = *seen.openedAt + std::chrono::round<std::chrono::milliseconds>(
                                                  *snapshot.nextAttemptAt - *snapshot.openedAt);
    for (const CircuitTransition& transition : snapshot.transitions)
        seen.transitions.push_back({wallOf(transition.at), toBreakerMode(transition.from),
                                    toBreakerMode(transition.to),
                                    QString::fromStdString(transition.cause)});
    if (const auto& imposed = snapshot.imposed) {
        seen.override_ =
            BreakerOverride{toBreakerMode(imposed->mode), QString::fromStdString(imposed->actor),
                            QString::fromStdString(imposed->reason), std::nullopt};
        if (imposed->until)
            seen.override_->until =
                wallOf(imposed->since) +
                std::chrono::round<std::chrono::milliseconds>(*imposed->until - imposed->since);
    }
    return seen;
}

} // namespace vigie
