#pragma once

#include <cstdint>
#include <vector>

namespace vigie {

/// The outcomes of the last N calls, with running counts. All memory is taken at construction.
class CallWindow {
public:
    explicit CallWindow(int size) : m_ring(static_cast<std::size_t>(size < 1 ? 1 : size)) {}

    void add(bool failed, bool slow) {
        std::uint8_t& slot = m_ring[m_next];
        if (m_calls == static_cast<int>(m_ring.size())) {
            m_failures -= slot & 1;
            m_slow -= slot >> 1;
        } else {
            ++m_calls;
        }
        slot = static_cast<std::uint8_t>((failed ? 1 : 0) | (slow ? 2 : 0));
        m_failures += failed;
        m_slow += slow;
        m_next = m_next + 1 == m_ring.size() ? 0 : m_next + 1;
    }
    void clear() {
        m_next = 0;
        m_calls = m_failures = m_slow = 0;
    }

    int calls() const { return m_calls; }
    int failures() const { return m_failures; }
    int slow() const { return m_slow; }
    double failureRate() const { return m_calls ? double(m_failures) / m_calls : 0; }
    double slowRate() const { return m_calls ? double(m_slow) / m_calls : 0; }

private:
    std::vector<std::uint8_t> m_ring; ///< bit 0: failed, bit 1: slow
    std::size_t m_next = 0;
    int m_calls = 0;
    int m_failures = 0;
    int m_slow = 0;
};

} // namespace vigie
