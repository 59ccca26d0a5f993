#pragma once

#include "core/orchestrator/api/eventfeed.h"

#include <QSet>

#include <deque>

namespace vigie {

/// Tells on /events/stream what the store has got for those who keep the books, whichever
/// orchestrator wrote it, once each. Belongs to the event-loop thread.
class FinopsFeed {
public:
    /// Both outlive it.
    FinopsFeed(ControlPlane& plane, EventFeed& events) : m_plane(plane), m_events(events) {}
    FinopsFeed(const FinopsFeed&) = delete;
    FinopsFeed& operator=(const FinopsFeed&) = delete;

    /// Tells what comes from now on; what was before is for GET /finops/events.
    void start();
    /// Something may have been written.
    void look();
    void stop();

    /// What is written gathers so long.
    static constexpr Duration gatherFor = std::chrono::milliseconds(250);
    /// With several writers a number may be committed after a greater one: so many are read again.
    static constexpr int overlap = 200;

private:
    void readMore();
    Task<> read(std::stop_token stop);
    /// Whether it was told.
    bool take(const FinopsEvent& event, bool tell);

    ControlPlane& m_plane;
    EventFeed& m_events;
    bool m_begun = false; ///< we know what was before
    bool m_reading = false, m_again = false;
    qint64 m_last = 0;
    QSet<QString> m_known; ///< ids of the newest
    std::deque<QString> m_order;
    Timer m_gathering;
    TaskScope m_scope;
};

} // namespace vigie
