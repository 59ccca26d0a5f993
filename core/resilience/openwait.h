#pragma once

#include <chrono>

namespace vigie {

struct CircuitOptions;

/// How long a breaker stays open: longer with each relapse, shorter again after healthy spells
/// (brpc's growing isolation time). Not synchronised.
class OpenWait {
public:
    using Duration = std::chrono::nanoseconds;

    /// When the breaker opens after a failed round of trials.
    void relapse(const CircuitOptions& options);
    /// When it opens after having been closed for so long.
    void openAfter(Duration closedFor, const CircuitOptions& options);
    /// When someone closes it by hand: what was, is forgiven.
    void forgive() { *this = {}; }

    int relapses() const { return m_relapses; }
    /// waitDurationInOpenState * factor^relapses, at most the cap.
    Duration length(const CircuitOptions& options) const;

private:
    bool m_opened = false; ///< ever: the first opening is no relapse
    int m_relapses = 0;
};

} // namespace vigie
