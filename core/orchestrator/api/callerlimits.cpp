#include "core/orchestrator/api/callerlimits.h"

namespace vigie {

CallerLimits::CallerLimits(Clock& clock, int perSecond) : m_clock(clock) {
    m_options.limitForPeriod = perSecond;
    m_options.burst = 2 * perSecond;
}

std::optional<Duration> CallerLimits::refuse(const QString& caller) {
    const MonotonicTime now = m_clock.now();
    const CallerName name(caller);
    auto found = m_callers.constFind(name);
    if (found == m_callers.constEnd()) {
        if (m_callers.size() >= mostCallers)
            forgetTheCalm();
        found = m_callers.insert(name, std::make_shared<RateLimiter>(m_options));
    }
    if ((*found)->reserve(now))
        return std::nullopt;
    return (*found)->untilNext(now);
}

// When nobody is calm, everybody begins anew: memory stays bounded, and nobody is locked out.
void CallerLimits::forgetTheCalm() {
    const MonotonicTime now = m_clock.now();
    m_callers.removeIf([now](const auto& entry) {
        return entry.value()->untilNext(now) == std::chrono::nanoseconds::zero();
    });
    if (m_callers.size() >= mostCallers)
        m_callers.clear();
}

} // namespace vigie
