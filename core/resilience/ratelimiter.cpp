#include "core/resilience/ratelimiter.h"

#include "core/resilience/outofrange.h"

#include <algorithm>
#include <cassert>

namespace vigie {

namespace {

std::int64_t nanosecondsOf(RateLimiter::Time time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

} // namespace

std::string RateLimiterOptions::problem() const {
    using namespace std::chrono;
    if (limitForPeriod < 1 || limitForPeriod > 1'000'000)
        return outOfRange("limitForPeriod", limitForPeriod, "1 to 1000000");
    if (limitRefreshPeriod < microseconds(1) || limitRefreshPeriod > hours(24))
        return outOfRange("limitRefreshPeriod", limitRefreshPeriod, "1 us to 24 h");
    if (limitRefreshPeriod.count() < limitForPeriod)
        return outOfRange("limitForPeriod", limitForPeriod, "one call a nanosecond at most");
    if (burst < 0 || burst > 1'000'000)
        return outOfRange("burst", burst, "0 (as limitForPeriod) to 1000000");
    if (double(limitRefreshPeriod.count()) / limitForPeriod * burst > 1e18)
        return outOfRange("burst", burst, "no more than 30 years' worth of calls");
    if (maxWait < nanoseconds::zero() || maxWait > hours(24))
        return outOfRange("maxWait", maxWait, "0 to 24 h");
    return {};
}

RateLimiter::RateLimiter(const RateLimiterOptions& options) {
    reconfigure(options);
}

void RateLimiter::reconfigure(const RateLimiterOptions& options) {
    assert(options.problem().empty());
    const std::int64_t interval = options.limitRefreshPeriod.count() / options.limitForPeriod;
    const int burst = options.burst > 0 ? options.burst : options.limitForPeriod;
    m_interval = interval;
    m_tolerance = interval * (burst - 1);
    m_maxWait = options.maxWait.count();
}

std::optional<std::chrono::nanoseconds> RateLimiter::reserve(Time now) {
    const std::int64_t at = nanosecondsOf(now);
    std::int64_t due = m_due.load(std::memory_order_relaxed);
    for (;;) {
        const std::int64_t turn = std::max(due, at);
        const std::int64_t wait = std::max<std::int64_t>(turn - at - m_tolerance, 0);
        if (wait > m_maxWait)
            return {};
        if (m_due.compare_exchange_weak(due, turn + m_interval, std::memory_order_relaxed))
            return std::chrono::nanoseconds(wait);
    }
}

std::chrono::nanoseconds RateLimiter::untilNext(Time now) const {
    const std::int64_t at = nanosecondsOf(now);
    const std::int64_t turn = std::max(m_due.load(std::memory_order_relaxed), at);
    return std::chrono::nanoseconds(std::max<std::int64_t>(turn - at - m_tolerance, 0));
}

} // namespace vigie
