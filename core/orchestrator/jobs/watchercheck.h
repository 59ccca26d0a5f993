#pragma once

#include "core/orchestrator/jobs/job.h"

namespace vigie {

/// Watches over the watcher itself: whether its ticks come in time, and whether its own address
/// answers, without which no heartbeat can arrive.
class WatcherCheck {
public:
    /// `asleep` tells for how long the machine was suspended so far, see SystemClock::asleep().
    WatcherCheck(Clock& clock, HttpClient& http, QUrl url, WatcherState& state,
                 std::function<Duration()> asleep)
        : m_clock(clock), m_http(http), m_url(std::move(url)), m_state(state),
          m_asleep(std::move(asleep)) {}

    /// Called by each tick of the watchdog, also when its cycle still runs: a tick more than three
    /// intervals late is a stall. Time in which the machine was suspended counts; a step of the
    /// wall clock does not.
    void ticked(Duration interval);

    /// GET /livez of the own address; the answer goes into the WatcherState.
    Task<> askOwnAddress(std::stop_token stop);

private:
    Clock& m_clock;
    HttpClient& m_http;
    QUrl m_url;
    WatcherState& m_state;
    std::function<Duration()> m_asleep;
    std::optional<MonotonicTime> m_lastTick; ///< on an axis that counts suspension too
};

} // namespace vigie
