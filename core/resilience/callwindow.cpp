#include "core/resilience/callwindow.h"

#include <algorithm>

namespace vigie {

namespace {

WindowSums only(const CallOutcome& outcome) {
    WindowSums sums;
    sums.add(outcome);
    return sums;
}

} // namespace

CallWindow::CallWindow(int size, std::uint64_t first)
    : m_size(static_cast<std::uint64_t>(std::max(size, 1))), m_next(first) {}

void CallWindow::addSuccesses(std::uint64_t number) {
    m_calls = static_cast<std::uint64_t>(callsAfter(number));
    if (number >= m_size) { // all that was in the window has left it
        m_begin = m_count = 0;
        m_troubles = {};
    }
    m_next += number;
}

void CallWindow::add(const CallOutcome& outcome) {
    const std::uint64_t position = m_next;
    addSuccesses(1);
    while (m_count > 0 && hasLeft(at(0), m_next)) {
        m_troubles -= only(at(0).outcome);
        m_begin = (m_begin + 1) % m_ring.size();
        --m_count;
    }
    if (!outcome.failed && !outcome.slow)
        return;
    if (m_count == m_ring.size())
        grow();
    m_ring[(m_begin + m_count) % m_ring.size()] = {position, outcome};
    ++m_count;
    m_troubles.add(outcome);
}

void CallWindow::grow() {
    std::vector<Trouble> larger;
    larger.reserve(std::min<std::size_t>(std::max<std::size_t>(2 * m_count, 8), m_size));
    for (std::size_t i = 0; i < m_count; ++i)
        larger.push_back(at(i));
    larger.resize(larger.capacity());
    m_ring = std::move(larger);
    m_begin = 0;
}

void CallWindow::clear() {
    m_calls = 0;
    m_begin = m_count = 0;
    m_troubles = {};
}

std::int64_t CallWindow::callsAfter(std::uint64_t more) const {
    const std::uint64_t room = m_size - m_calls;
    return static_cast<std::int64_t>(more >= room ? m_size : m_calls + more);
}

WindowSums CallWindow::sums(std::uint64_t pending) const {
    WindowSums sums;
    if (pending < m_size) { // else only good calls are left
        sums = m_troubles;
        for (std::size_t i = 0; i < m_count && hasLeft(at(i), m_next + pending); ++i)
            sums -= only(at(i).outcome);
    }
    sums.calls = callsAfter(pending);
    return sums;
}

std::optional<std::int64_t> CallWindow::distance(const CallOutcome& call, const RateRules& rules,
                                                 std::uint64_t pending) const {
    pending = std::min(pending, m_size); // more makes no difference
    WindowSums sums = m_troubles;
    std::size_t gone = 0;
    for (std::uint64_t more = 1; more <= m_size; ++more) {
        for (; gone < m_count && hasLeft(at(gone), m_next + pending + more); ++gone)
            sums -= only(at(gone).outcome);
        sums.add(call);
        WindowSums then = sums;
        then.calls = callsAfter(pending + more);
        if (rules.reached(then))
            return static_cast<std::int64_t>(more);
    }
    return std::nullopt;
}

} // namespace vigie
