#pragma once

#include "core/orchestrator/jobs/job.h"

namespace vigie {

/// Watches over the watcher itself: whether its ticks come in time, and whether its own address
/// answers, without which no heartbeat can arrive.
class WatcherCheck {
public:
    WatcherCheck(Clock& clock, HttpClient& http, QUrl url, WatcherState& state)
        : m_clock(clock), m_http(http), m_url(std::move(url)), m_state(state) {}

    /// Called by each tick of the watchdog, also when its cycle still runs: a tick more than three
    /// intervals late, on either clock (a suspended machine shows on the wall clock only), is a
    /// stall.
    void ticked(Duration interval);

    /// GET /livez of the own address; the answer goes into the WatcherState.
    Task<> askOwnAddress(std::stop_token stop);

private:
    Clock& m_clock;
    HttpClient& m_http;
    QUrl m_url;
    WatcherState& m_state;
    std::optional<MonotonicTime> m_lastTick;
    WallTime m_lastTickAt{};
};

} // namespace vigie
