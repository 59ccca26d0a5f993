#include "core/resilience/threadnumber.h"

#include <bit>
#include <cstdint>

namespace vigie::detail {

namespace {

std::atomic<std::uint64_t> taken{0}; // one bit a number

/// Gives the number back when its thread ends.
struct Lease {
    unsigned number = sharedThreadNumber;
    ~Lease() {
        if (number == sharedThreadNumber)
            return;
        ownThreadNumber = sharedThreadNumber; // for destructors that run after this one
        taken.fetch_and(~(std::uint64_t{1} << number), std::memory_order_release);
    }
};

} // namespace

thread_local constinit unsigned ownThreadNumber = noThreadNumber;

unsigned takeThreadNumber() noexcept {
    static std::atomic<unsigned> spread{0};
    thread_local Lease lease;
    std::uint64_t seen = taken.load(std::memory_order_relaxed);
    for (;;) {
        const auto free = static_cast<unsigned>(std::countr_one(seen));
        if (free >= sharedThreadNumber) {
            ownThreadNumber =
                sharedThreadNumber + spread.fetch_add(1, std::memory_order_relaxed) % 1024;
            return ownThreadNumber;
        }
        if (taken.compare_exchange_weak(seen, seen | std::uint64_t{1} << free,
                                        std::memory_order_acquire, std::memory_order_relaxed)) {
            ownThreadNumber = lease.number = free;
            return free;
        }
    }
}

} // namespace vigie::detail
