#include "core/resilience/bulkhead.h"

#include "core/resilience/outofrange.h"

#include <cassert>

namespace vigie {

std::string BulkheadOptions::problem() const {
    if (maxConcurrentCalls < 1 || maxConcurrentCalls > 1'000'000)
        return outOfRange("maxConcurrentCalls", maxConcurrentCalls, "1 to 1000000");
    if (maxQueued < 0 || maxQueued > 1'000'000)
        return outOfRange("maxQueued", maxQueued, "0 to 1000000");
    if (maxWait < std::chrono::nanoseconds::zero() || maxWait > std::chrono::hours(24))
        return outOfRange("maxWait", maxWait, "0 to 24 h");
    return {};
}

BulkheadPermit& BulkheadPermit::operator=(BulkheadPermit&& other) noexcept {
    if (this != &other) {
        release();
        m_bulkhead = other.m_bulkhead;
        other.m_bulkhead = nullptr;
    }
    return *this;
}

Bulkhead::Bulkhead(const BulkheadOptions& options) {
    assert(options.problem().empty());
    m_max = std::uint32_t(options.maxConcurrentCalls);
    m_maxQueued = std::uint32_t(options.maxQueued);
    m_maxWait = options.maxWait.count();
}

std::chrono::nanoseconds Bulkhead::maxWait() const {
    return std::chrono::nanoseconds(m_maxWait.load(std::memory_order_relaxed));
}

Bulkhead::Entry Bulkhead::enter(Waiter& waiter) {
    const std::lock_guard lock(m_mutex);
    std::uint64_t seen = m_state.load(std::memory_order_relaxed);
    for (;;) {
        const bool free = waitingIn(seen) == 0 && runningIn(seen) < m_max;
        if (!free && (waitingIn(seen) >= m_maxQueued || maxWait().count() == 0))
            return Entry::Full;
        // A place given back meanwhile changes the state, so that nobody waits beside a free one.
        if (m_state.compare_exchange_weak(seen, free ? seen + 1 : seen + oneWaiting,
                                          std::memory_order_acquire, std::memory_order_relaxed)) {
            if (free)
                return Entry::Admitted;
            break;
        }
    }
    waiter.waiting = true;
    waiter.after = nullptr;
    waiter.before = m_last;
    (m_last ? m_last->after : m_first) = &waiter;
    m_last = &waiter;
    return Entry::Waiting;
}

bool Bulkhead::abandon(Waiter& waiter) {
    const std::lock_guard lock(m_mutex);
    if (!waiter.waiting)
        return false;
    unlink(waiter);
    m_state.fetch_sub(oneWaiting, std::memory_order_relaxed);
    return true;
}

// The place goes to the first who waits, so that nobody who comes later takes it from him.
void Bulkhead::handOver() {
    Waiter* next = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        // After limits were lowered a place that comes back is not given on.
        if (runningIn(m_state.load(std::memory_order_relaxed)) <= m_max)
            next = grantNext();
        m_state.fetch_sub(next ? oneWaiting : 1, std::memory_order_release);
    }
    if (next)
        next->granted(*next);
}

Bulkhead::Waiter* Bulkhead::grantNext() {
    Waiter* next = m_first;
    if (next)
        unlink(*next);
    return next;
}

void Bulkhead::unlink(Waiter& waiter) {
    (waiter.before ? waiter.before->after : m_first) = waiter.after;
    (waiter.after ? waiter.after->before : m_last) = waiter.before;
    waiter.waiting = false;
}

void Bulkhead::reconfigure(const BulkheadOptions& options) {
    assert(options.problem().empty());
    m_maxQueued = std::uint32_t(options.maxQueued);
    m_maxWait = options.maxWait.count();
    m_max = std::uint32_t(options.maxConcurrentCalls);
    for (;;) {
        Waiter* next = nullptr;
        {
            const std::lock_guard lock(m_mutex);
            if (runningIn(m_state.load(std::memory_order_relaxed)) < m_max)
                next = grantNext();
            if (next)
                m_state.fetch_sub(oneWaiting - 1, std::memory_order_acquire);
        }
        if (!next)
            return;
        next->granted(*next);
    }
}

} // namespace vigie
