#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace vigie {

/// Which share of the traffic may be retries.
struct RetryBudgetOptions {
    double share = 0.2; ///< retries per operation, (0, 1]; 0: no budget, retries are unlimited
    int burst = 10;     ///< retries that may come before any traffic, 1 .. 1000000

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// Keeps retries from multiplying an outage: each operation pays in `share` of a retry, each retry
/// takes one out, and what is saved up is bounded by `burst`. (Finagle's RetryBudget, without its
/// clock.) Any thread; while nothing is retried it only reads.
class RetryBudget {
public:
    /// Precondition: options.problem() is empty.
    explicit RetryBudget(const RetryBudgetOptions& options);

    /// An operation begins.
    void deposit() {
        const std::int64_t most = m_most.load(std::memory_order_relaxed);
        if (m_balance.load(std::memory_order_relaxed) < most)
            payIn(most);
    }
    /// Takes one retry out; false when there is none left.
    bool withdraw();
    /// Retries that may be made now.
    double balance() const;
    /// Retries that were refused since the start.
    std::uint64_t exhausted() const { return m_exhausted.load(std::memory_order_relaxed); }

    /// New limits; what is saved up stays, within the new bound.
    void reconfigure(const RetryBudgetOptions& options);

private:
    static constexpr std::int64_t oneRetry = 1'000'000;
    void payIn(std::int64_t most);

    std::atomic<std::int64_t> m_balance{0}; ///< in millionths of a retry
    std::atomic<std::int64_t> m_most{0};
    std::atomic<std::int64_t> m_share{0};
    std::atomic<std::uint64_t> m_exhausted{0};
};

} // namespace vigie
