#include "core/resilience/retrybudget.h"

#include "core/resilience/outofrange.h"

#include <algorithm>
#include <cassert>

namespace vigie {

std::string RetryBudgetOptions::problem() const {
    if (!(share >= 0 && share <= 1))
        return outOfRange("share", share, "0 (no budget) to 1");
    if (burst < 1 || burst > 1'000'000)
        return outOfRange("burst", burst, "1 to 1000000");
    return {};
}

RetryBudget::RetryBudget(const RetryBudgetOptions& options) {
    reconfigure(options);
    m_balance = m_most.load();
}

void RetryBudget::reconfigure(const RetryBudgetOptions& options) {
    assert(options.problem().empty());
    const std::int64_t most = options.burst * oneRetry;
    m_share = std::max<std::int64_t>(std::int64_t(options.share * double(oneRetry)), 0);
    m_most = most;
    std::int64_t seen = m_balance.load(std::memory_order_relaxed);
    while (seen > most && !m_balance.compare_exchange_weak(seen, most)) {
    }
}

void RetryBudget::payIn(std::int64_t most) {
    const std::int64_t share = m_share.load(std::memory_order_relaxed);
    std::int64_t seen = m_balance.load(std::memory_order_relaxed);
    while (seen < most && !m_balance.compare_exchange_weak(seen, std::min(most, seen + share),
                                                           std::memory_order_relaxed)) {
    }
}

bool RetryBudget::withdraw() {
    if (m_share.load(std::memory_order_relaxed) == 0)
        return true;
    std::int64_t seen = m_balance.load(std::memory_order_relaxed);
    while (seen >= oneRetry) {
        if (m_balance.compare_exchange_weak(seen, seen - oneRetry, std::memory_order_relaxed))
            return true;
    }
    m_exhausted.fetch_add(1, std::memory_order_relaxed);
    return false;
}

double RetryBudget::balance() const {
    return double(m_balance.load(std::memory_order_relaxed)) / double(oneRetry);
}

} // namespace vigie
