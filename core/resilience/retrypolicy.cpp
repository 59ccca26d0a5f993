#include "core/resilience/retrypolicy.h"

#include <algorithm>

namespace vigie {

RetryPolicy::RetryPolicy(const RetryOptions& options, Time start, std::uint64_t seed)
    : m_options(options), m_start(start), m_backoff(options.backoff, seed) {}

RetryPolicy::Decision RetryPolicy::afterFailure(const AttemptResult& result, Time now) {
    ++(result.refused ? m_refusals : m_calls);
    if (!result.retryable && !result.refused)
        return {{}, GiveUp::NotRetryable};
    if (m_calls >= m_options.maxAttempts || m_refusals >= m_options.maxAttempts)
        return {{}, GiveUp::Attempts};
    // A refusal without a time (a breaker held open by a person) won't mend by waiting.
    if (result.refused && !result.retryAfter)
        return {{}, GiveUp::NotRetryable};
    const auto wait =
        std::max(m_backoff.next(), result.retryAfter.value_or(std::chrono::nanoseconds::zero()));
    const auto left = remaining(now);
    if (left && wait >= *left)
        return {{}, GiveUp::Deadline};
    return {wait, GiveUp::NotRetryable};
}

std::optional<std::chrono::nanoseconds> RetryPolicy::remaining(Time now) const {
    if (m_options.overallDeadline <= std::chrono::nanoseconds::zero())
        return {};
    return std::max(m_options.overallDeadline - (now - m_start), std::chrono::nanoseconds::zero());
}

} // namespace vigie
