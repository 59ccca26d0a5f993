#pragma once

#include "core/store/store.h"

#include <deque>

namespace vigie {

/// Rows of the action log about what has happened already, which a store that was away did not
/// take: kept in order, within a bound, until it answers. What is to happen is never queued: that
/// is not begun before it is written. Lost with the process; the rows then end as those of an
/// orchestrator that died. Belongs to the event-loop thread.
class WriteQueue {
public:
    explicit WriteQueue(Store& store) : m_store(store) {}

    static constexpr std::size_t most = 1000;
    static constexpr int triesOfOne = 10;

    /// Whether a failed write may succeed later as it is.
    static bool mayBeLater(const Failure& failure);
    /// Over the bound the oldest is lost.
    void add(ChangeSet set);
    /// Writes what waits, until the store does not take one.
    Task<> flush();

    struct Figures {
        std::size_t waiting = 0;
        quint64 written = 0; ///< later than when they happened
        quint64 lost = 0;    ///< for want of room, or for the store never took them
    };
    Figures figures() const { return {m_waiting.size(), m_written, m_lost}; }

private:
    struct Waiting {
        quint64 number = 0;
        ChangeSet set;
        int tries = 0;
    };
    void loseFirst(const QString& why);

    Store& m_store;
    std::deque<Waiting> m_waiting;
    quint64 m_added = 0, m_written = 0, m_lost = 0;
};

} // namespace vigie
