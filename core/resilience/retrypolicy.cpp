#include "core/resilience/retrypolicy.h"

#include "core/resilience/latencywindow.h"
#include "core/resilience/outofrange.h"
#include "core/resilience/retrybudget.h"

#include <algorithm>

namespace vigie {

namespace {

BackoffOptions adapted(const RetryOptions& options, const LatencyWindow* latency) {
    BackoffOptions backoff = options.backoff;
    if (options.adaptive && latency) {
        if (const auto observed = latency->quantile(options.adaptivePercentile))
            backoff.first = std::max(backoff.first, *observed);
    }
    return backoff;
}

} // namespace

std::string RetryOptions::problem() const {
    if (maxAttempts < 1 || maxAttempts > 1000)
        return outOfRange("maxAttempts", maxAttempts, "1 (no retry) to 1000");
    if (overallDeadline < std::chrono::nanoseconds::zero() ||
        overallDeadline > std::chrono::hours(24 * 7))
        return outOfRange("overallDeadline", overallDeadline, "0 (none) to 7 days");
    if (!(adaptivePercentile > 0 && adaptivePercentile < 1))
        return outOfRange("adaptivePercentile", adaptivePercentile, "between 0 and 1");
    return backoff.problem();
}

RetryPolicy::RetryPolicy(const RetryOptions& options, Time start, std::uint64_t seed,
                         RetryBudget* budget, const LatencyWindow* latency)
    : m_options(options), m_start(start), m_backoff(adapted(options, latency), seed),
      m_budget(budget) {}

RetryPolicy::Decision RetryPolicy::afterFailure(const AttemptResult& result, Time now) {
    ++(result.refused ? m_refusals : m_calls);
    if (!result.retryable && !result.refused)
        return {{}, GiveUp::NotRetryable};
    if (m_calls >= m_options.maxAttempts || m_refusals >= m_options.maxAttempts)
        return {{}, GiveUp::Attempts};
    // A refusal without a time (a breaker held open by a person) won't mend by waiting.
    if (result.refused && (!result.retryAfter || !m_options.awaitsBreaker))
        return {{}, GiveUp::NotRetryable};
    const auto wait =
        std::max(m_backoff.next(), result.retryAfter.value_or(std::chrono::nanoseconds::zero()));
    const auto left = remaining(now);
    if (left && wait >= *left)
        return {{}, GiveUp::Deadline};
    if (m_budget && !result.refused && !m_budget->withdraw())
        return {{}, GiveUp::Budget};
    return {wait, GiveUp::NotRetryable};
}

std::optional<std::chrono::nanoseconds> RetryPolicy::remaining(Time now) const {
    if (m_options.overallDeadline <= std::chrono::nanoseconds::zero())
        return {};
    return std::max(m_options.overallDeadline - (now - m_start), std::chrono::nanoseconds::zero());
}

} // namespace vigie
