#include "core/orchestrator/daemon/recentcalls.h"

namespace vigie {

void RecentCalls::note(const CircuitEvent& event) {
    if (const CircuitTransition* transition = event.transition) {
        // Where the breaker begins a new window, so do we; it keeps the one that opened it.
        if (transition->wasReset ||
            (transition->to == CircuitMode::HalfOpen && transition->actor.empty()))
            m_calls.clear();
        return;
    }
    if (event.kind != CircuitEvent::Kind::Success && event.kind != CircuitEvent::Kind::Failure)
        return;
    Seen seen{event.at, {}, event.duration, {}, {}};
    seen.correlationId =
        QString::fromUtf8(event.correlationId.data(), qsizetype(event.correlationId.size()));
    seen.began = m_clock.wallNow() - std::chrono::round<std::chrono::milliseconds>(event.duration);
    if (event.kind == CircuitEvent::Kind::Failure)
        seen.failure = event.errorClass;
    m_calls.push_back(std::move(seen));
    if (m_calls.size() > most)
        m_calls.pop_front();
}

std::vector<BreakerCall> RecentCalls::within(const CircuitOptions& window) const {
    std::vector<BreakerCall> calls;
    const auto size = static_cast<std::size_t>(window.slidingWindowSize);
    const bool byTime = window.slidingWindowType == SlidingWindowType::TimeBased;
    const MonotonicTime begin = m_clock.now() - std::chrono::seconds(window.slidingWindowSize);
    std::size_t skipped = !byTime && m_calls.size() > size ? m_calls.size() - size : 0;
    for (const Seen& seen : m_calls) {
        if (skipped > 0) {
            --skipped;
            continue;
        }
        if (byTime && seen.ended <= begin)
            continue;
        BreakerCall call;
        call.at = seen.began;
        call.duration = seen.took;
        call.failed = seen.failure.has_value();
        call.slow = seen.took >= window.slowCallDurationThreshold;
        if (seen.failure)
            call.errorCode = QString::fromLatin1(toString(*seen.failure));
        call.correlationId = seen.correlationId;
        calls.push_back(std::move(call));
    }
    return calls;
}

} // namespace vigie
