#pragma once

#include "core/resilience/threadnumber.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace vigie {

/// Counts the plain successes and the refusals of many threads without a lock and, as long as there
/// are not more threads than processors, without two of them writing to one cache line.
///
/// A success belongs to the *tag* that is current: take() gives out what was counted under the old
/// tag and starts a new one, and a success that comes with another tag is not counted but reported.
/// So each is counted exactly once, under the tag it came with, or told to be late.
class CallTally {
public:
    explicit CallTally(std::uint32_t tag = 0);
    CallTally(const CallTally&) = delete;
    CallTally& operator=(const CallTally&) = delete;

    /// False when it was not counted: the tag is old, or this cell is full until the next take().
    bool addSuccess(std::uint32_t tag) noexcept {
        std::atomic<std::uint64_t>& cell = m_cells[threadNumber() & m_mask].successes;
        std::uint64_t seen = cell.load(std::memory_order_relaxed);
        do {
            if (static_cast<std::uint32_t>(seen >> 32) != tag ||
                static_cast<std::uint32_t>(seen) >= fullAt)
                return false;
        } while (!cell.compare_exchange_weak(seen, seen + 1));
        return true;
    }
    void addRefusal() noexcept {
        const unsigned thread = detail::ownThreadNumber;
        if (thread > m_mask) // also one that has no number yet
            return addSharedRefusal();
        std::atomic<std::uint64_t>& own = m_cells[thread].ownRefusals; // nobody else writes here
        own.store(own.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    /// Ends the current tag and begins `next`, which may be the same; gives the successes since the
    /// last take(). One caller at a time.
    std::uint64_t take(std::uint32_t next);
    /// Since the last take(): a number that was right at some moment during the call.
    std::uint64_t successes() const;
    std::uint64_t refusals() const;

    /// A cell takes so many successes between two take()s.
    static constexpr std::uint32_t fullAt = 1U << 20;

private:
    /// Adjacent lines are fetched in pairs: 64 bytes apart still costs twice as much as 128.
    struct alignas(128) Cell {
        std::atomic<std::uint64_t> successes{0};   ///< tag << 32 | number
        std::atomic<std::uint64_t> ownRefusals{0}; ///< of the one thread with this cell's number
        std::atomic<std::uint64_t> refusals{0};    ///< of threads with higher numbers
    };

    void addSharedRefusal() noexcept;

    std::unique_ptr<Cell[]> m_cells;
    unsigned m_mask; ///< one less than the number of cells, a power of two
};

} // namespace vigie
