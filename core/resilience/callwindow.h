#pragma once

#include "core/resilience/windowsums.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace vigie {

/// The last N calls. Each call has a position, the next higher number; only the failed and the slow
/// ones are remembered, with theirs. So good calls need no more than to be counted, which others
/// can do elsewhere (`pending`: good calls that came after all that was added). Not synchronised.
class CallWindow {
public:
    /// `first` is the position of the first call; positions may pass 2^64.
    explicit CallWindow(int size, std::uint64_t first = 0);

    void addSuccesses(std::uint64_t number);
    void add(const CallOutcome& outcome);
    void clear();

    WindowSums sums(std::uint64_t pending = 0) const;
    /// After how many such calls in a row a rule would be reached; at most N.
    std::optional<std::int64_t> distance(const CallOutcome& call, const RateRules& rules,
                                         std::uint64_t pending = 0) const;

private:
    struct Trouble {
        std::uint64_t position = 0;
        CallOutcome outcome;
    };

    const Trouble& at(std::size_t index) const { return m_ring[(m_begin + index) % m_ring.size()]; }
    bool hasLeft(const Trouble& trouble, std::uint64_t next) const {
        return next - trouble.position > m_size; // unsigned: right across 2^64
    }
    std::int64_t callsAfter(std::uint64_t more) const;
    void grow();

    std::uint64_t m_size;
    std::uint64_t m_next;        ///< the position of the next call
    std::uint64_t m_calls = 0;   ///< in the window
    std::vector<Trouble> m_ring; ///< grows with the troubles, to at most N
    std::size_t m_begin = 0;
    std::size_t m_count = 0;
    WindowSums m_troubles; ///< of those in the ring; `calls` is their number
};

} // namespace vigie
