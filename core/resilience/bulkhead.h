#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace vigie {

/// How many calls may be under way at once, and how many may wait for that.
struct BulkheadOptions {
    int maxConcurrentCalls = 25; ///< 1 .. 1000000
    int maxQueued = 0;           ///< callers that may wait, 0 .. 1000000
    /// The longest wait in the queue, up to a day; zero refuses at once.
    std::chrono::nanoseconds maxWait = std::chrono::seconds(1);

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

class Bulkhead;

/// A place among the calls under way, given back when it is destroyed. Move-only; must not outlive
/// its bulkhead.
class [[nodiscard]] BulkheadPermit {
public:
    BulkheadPermit() = default;
    BulkheadPermit(BulkheadPermit&& other) noexcept : m_bulkhead(other.m_bulkhead) {
        other.m_bulkhead = nullptr;
    }
    BulkheadPermit& operator=(BulkheadPermit&& other) noexcept;
    ~BulkheadPermit() { release(); }

    /// False: there is no place.
    explicit operator bool() const { return m_bulkhead != nullptr; }
    inline void release();

private:
    friend class Bulkhead;
    explicit BulkheadPermit(Bulkhead* bulkhead) : m_bulkhead(bulkhead) {}
    Bulkhead* m_bulkhead = nullptr;
};

/// Keeps one slow peer from taking all threads or memory. Any thread; taking and giving back a free
/// place is one atomic step each. Those who wait are served in the order they came.
class Bulkhead {
public:
    /// A caller in the queue; neither moved nor destroyed while it waits. `granted` is called once,
    /// on the thread that gave its place back, outside all locks.
    struct Waiter {
        void (*granted)(Waiter&) = nullptr;
        Waiter* before = nullptr;
        Waiter* after = nullptr;
        bool waiting = false;
    };
    enum class Entry {
        Admitted, ///< has a place
        Waiting,  ///< in the queue; `granted` or abandon() follows
        Full,     ///< neither a place nor room in the queue
    };

    /// Precondition: options.problem() is empty.
    explicit Bulkhead(const BulkheadOptions& options);
    Bulkhead(const Bulkhead&) = delete;
    Bulkhead& operator=(const Bulkhead&) = delete;

    /// A place if one is free and nobody waits for it.
    BulkheadPermit tryAcquire() {
        std::uint64_t seen = m_state.load(std::memory_order_relaxed);
        while (waitingIn(seen) == 0 && runningIn(seen) < m_max.load(std::memory_order_relaxed)) {
            if (m_state.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire,
                                              std::memory_order_relaxed))
                return BulkheadPermit(this);
        }
        return {};
    }
    /// Takes a place or joins the queue.
    Entry enter(Waiter& waiter);
    /// Leaves the queue. False: the place was granted already, or is being granted just now; then
    /// it is the caller's.
    bool abandon(Waiter& waiter);
    /// The place of an Admitted or granted caller.
    BulkheadPermit adopt() { return BulkheadPermit(this); }

    /// New limits for callers to come; those waiting are served when there is more room now.
    void reconfigure(const BulkheadOptions& options);
    std::chrono::nanoseconds maxWait() const;

    int running() const { return int(runningIn(m_state.load(std::memory_order_relaxed))); }
    int queued() const { return int(waitingIn(m_state.load(std::memory_order_relaxed))); }

private:
    friend class BulkheadPermit;
    static constexpr std::uint64_t oneWaiting = std::uint64_t(1) << 32;
    static std::uint32_t runningIn(std::uint64_t state) { return std::uint32_t(state); }
    static std::uint32_t waitingIn(std::uint64_t state) { return std::uint32_t(state >> 32); }

    void giveBack() {
        std::uint64_t seen = m_state.load(std::memory_order_relaxed);
        while (waitingIn(seen) == 0) {
            if (m_state.compare_exchange_weak(seen, seen - 1, std::memory_order_release,
                                              std::memory_order_relaxed))
                return;
        }
        handOver();
    }
    void handOver();
    Waiter* grantNext();
    void unlink(Waiter& waiter);

    std::atomic<std::uint64_t> m_state{0}; ///< waiting << 32 | running
    std::atomic<std::uint32_t> m_max;
    std::atomic<std::uint32_t> m_maxQueued;
    std::atomic<std::int64_t> m_maxWait;
    std::mutex m_mutex; ///< of the queue; m_state's waiting part changes only under it
    Waiter* m_first = nullptr;
    Waiter* m_last = nullptr;
};

inline void BulkheadPermit::release() {
    if (Bulkhead* bulkhead = m_bulkhead) {
        m_bulkhead = nullptr;
        bulkhead->giveBack();
    }
}

} // namespace vigie
