#include "core/resilience/timewindow.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vigie {

namespace {

std::int64_t secondOf(TimeWindow::Time now) {
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
}

/// After how many such calls in a row the rule is reached, when nothing leaves the window.
std::optional<std::int64_t> firstReached(const WindowSums& have, const CallOutcome& call,
                                         const RateRule& rule) {
    const auto reachedAfter = [&](std::int64_t more) {
        return rule.reached({have.calls + more, have.failures + more * call.failed,
                             have.slow + more * call.slow, have.weight + more * call.weight});
    };
    const std::int64_t least = std::max<std::int64_t>(1, rule.minimumCalls - have.calls);
    if (rule.threshold <= 0 || reachedAfter(least))
        return rule.threshold <= 0 ? std::nullopt : std::optional(least);
    // Each call adds `share` to a rate that has to rise to the threshold.
    const double share = rule.ofSlowCalls ? double(call.slow) : double(call.weight) / 1000;
    if (share <= rule.threshold)
        return std::nullopt;
    const double counted = rule.ofSlowCalls ? double(have.slow) : double(have.weight) / 1000;
    const double steps =
        std::ceil((rule.threshold * double(have.calls) - counted) / (share - rule.threshold));
    if (steps > 1e15)
        return std::nullopt;
    std::int64_t more = std::max(least, static_cast<std::int64_t>(steps) - 1);
    while (!reachedAfter(more)) // at most twice: the estimate is off by its rounding only
        ++more;
    return more;
}

} // namespace

TimeWindow::TimeWindow(int seconds) : m_buckets(static_cast<std::size_t>(std::max(seconds, 1))) {}

std::size_t TimeWindow::indexOf(std::int64_t second) const {
    const auto size = static_cast<std::int64_t>(m_buckets.size());
    return static_cast<std::size_t>(((second % size) + size) % size);
}

bool TimeWindow::startsAnew(std::int64_t second) const {
    const auto size = static_cast<std::int64_t>(m_buckets.size());
    return second - m_second >= size || m_second - second >= size;
}

void TimeWindow::moveTo(Time now) {
    const std::int64_t second = secondOf(now);
    if (startsAnew(second)) {
        clear();
        m_second = second;
    }
    while (m_second < second) {
        WindowSums& leaving = bucket(++m_second);
        m_total -= leaving;
        leaving = {};
    }
}

void TimeWindow::addSuccesses(std::uint64_t number) {
    bucket(m_second).calls += static_cast<std::int64_t>(number);
    m_total.calls += static_cast<std::int64_t>(number);
}

void TimeWindow::add(const CallOutcome& outcome) {
    bucket(m_second).add(outcome);
    m_total.add(outcome);
}

void TimeWindow::clear() {
    std::fill(m_buckets.begin(), m_buckets.end(), WindowSums());
    m_total = {};
}

WindowSums TimeWindow::sums(Time now, std::uint64_t pending) const {
    const std::int64_t second = secondOf(now);
    if (startsAnew(second))
        return {};
    WindowSums sums = m_total;
    sums.calls += static_cast<std::int64_t>(pending);
    for (std::int64_t passed = m_second + 1; passed <= second; ++passed)
        sums -= m_buckets[indexOf(passed)];
    return sums;
}

std::optional<std::int64_t> TimeWindow::distance(const CallOutcome& call, const RateRules& rules,
                                                 Time now, std::uint64_t pending) const {
    const WindowSums have = sums(now, pending);
    const auto first = firstReached(have, call, rules.failures);
    const auto second = firstReached(have, call, rules.slowCalls);
    return first && second ? std::min(*first, *second) : first ? first : second;
}

TimeWindow::Time TimeWindow::runningSince() const {
    // The very first second of all time has no start that could be told.
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min() / 1'000'000'000;
    return m_second < first ? Time::min() : Time(std::chrono::seconds(m_second));
}

} // namespace vigie
