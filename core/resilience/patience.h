#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace vigie {

/// What is left of the time that a run may wait because it is told to.
class Patience {
public:
    using Duration = std::chrono::nanoseconds;

    /// None: without end.
    explicit Patience(std::optional<Duration> total) : m_left(total) {}

    /// Takes a wait that somebody asks for; false, and nothing taken, when it is longer than what
    /// is left.
    bool spend(std::optional<Duration> asked) {
        if (!m_left || !asked)
            return true;
        if (*asked > *m_left)
            return false;
        *m_left -= std::max(*asked, Duration::zero());
        return true;
    }

private:
    std::optional<Duration> m_left;
};

} // namespace vigie
