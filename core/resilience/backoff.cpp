#include "core/resilience/backoff.h"

#include "core/resilience/outofrange.h"

#include <algorithm>

namespace vigie {

namespace {

/// splitmix64 (Steele, Lea, Flood 2014): enough to spread waits, eight bytes of state.
std::uint64_t splitmix(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

BackoffOptions inRange(BackoffOptions options) {
    using std::chrono::nanoseconds;
    options.max = std::max(options.max, nanoseconds::zero());
    options.first = std::clamp(options.first, nanoseconds::zero(), options.max);
    options.factor = options.factor >= 1 ? options.factor : 1; // NaN too
    options.share = options.share >= 0 ? std::min(options.share, 1.0) : 0;
    return options;
}

} // namespace

std::string BackoffOptions::problem() const {
    constexpr auto zero = std::chrono::nanoseconds::zero();
    constexpr auto day = std::chrono::hours(24);
    if (first < zero || first > day)
        return outOfRange("first", first, "0 to 24 h");
    if (max < zero || max > day)
        return outOfRange("max", max, "0 to 24 h");
    if (!(factor >= 1 && factor <= 1000))
        return outOfRange("factor", factor, "1 to 1000");
    if (!(share >= 0 && share <= 1))
        return outOfRange("share", share, "0 to 1");
    return {};
}

Backoff::Backoff(const BackoffOptions& options, std::uint64_t seed)
    : m_options(inRange(options)), m_random(seed),
      m_previous(static_cast<double>(m_options.first.count())) {}

std::chrono::nanoseconds Backoff::next() {
    const auto first = static_cast<double>(m_options.first.count());
    const auto max = static_cast<double>(m_options.max.count());
    if (m_options.jitter == BackoffOptions::Jitter::Decorrelated) {
        m_previous = uniform(first, std::min(max, 3 * m_previous));
    } else if (m_started && m_options.growth == BackoffOptions::Growth::Exponential) {
        // Doubles don't overflow here as integers would: the cap holds after any number of steps.
        m_previous = std::min(max, m_previous * m_options.factor);
    } else if (m_started && m_options.growth == BackoffOptions::Growth::Linear) {
        m_previous = std::min(max, m_previous + first);
    }
    m_started = true;

    double wait = m_previous;
    if (m_options.jitter == BackoffOptions::Jitter::Full) {
        wait = uniform(0, wait);
    } else if (m_options.jitter == BackoffOptions::Jitter::Share) {
        // At the cap only the lower half is left: clipping instead would make callers coincide.
        wait = uniform(wait * (1 - m_options.share), std::min(max, wait * (1 + m_options.share)));
    }
    return std::chrono::nanoseconds(static_cast<std::int64_t>(std::clamp(wait, 0.0, max)));
}

double Backoff::uniform(double low, double high) {
    constexpr double unit = 1.0 / 9007199254740992.0; // 2^-53
    return low + (high - low) * static_cast<double>(splitmix(m_random) >> 11) * unit;
}

} // namespace vigie
