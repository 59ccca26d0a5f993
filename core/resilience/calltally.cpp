#include "core/resilience/calltally.h"

#include <algorithm>
#include <bit>
#include <thread>

namespace vigie {

namespace {

constexpr unsigned mostCells = 16;

unsigned cellCount() {
    static const unsigned count =
        std::bit_ceil(std::clamp(std::thread::hardware_concurrency(), 1U, mostCells));
    return count;
}

} // namespace

CallTally::CallTally(std::uint32_t tag)
    : m_cells(std::make_unique<Cell[]>(cellCount())), m_mask(cellCount() - 1) {
    take(tag);
}

void CallTally::addSharedRefusal() noexcept {
    m_cells[threadNumber() & m_mask].refusals.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t CallTally::take(std::uint32_t next) {
    std::uint64_t taken = 0;
    for (unsigned i = 0; i <= m_mask; ++i)
        taken += static_cast<std::uint32_t>(
            m_cells[i].successes.exchange(static_cast<std::uint64_t>(next) << 32));
    return taken;
}

std::uint64_t CallTally::successes() const {
    std::uint64_t total = 0;
    for (unsigned i = 0; i <= m_mask; ++i)
        total += static_cast<std::uint32_t>(m_cells[i].successes.load());
    return total;
}

std::uint64_t CallTally::refusals() const {
    std::uint64_t total = 0;
    for (unsigned i = 0; i <= m_mask; ++i)
        total += m_cells[i].refusals.load(std::memory_order_relaxed) +
                 m_cells[i].ownRefusals.load(std::memory_order_relaxed);
    return total;
}

} // namespace vigie
