#pragma once

#include "core/base/clock.h"
#include "core/base/task.h"
#include "core/http/httpclient.h"
#include "core/model/heartbeat.h"
#include "core/resilience/backoff.h"
#include "core/worker/eventlog.h"
#include "core/worker/workercalls.h"

#include <QUrl>

#include <functional>
#include <memory>
#include <optional>

namespace vigie {

struct LinkOptions {
    QUrl controlPlane;
    QString secret; ///< WORKER_AUTH_TOKEN; never logged
    Duration interval = std::chrono::seconds(4);
    Duration deadline = std::chrono::seconds(3); ///< of one call
    /// Between tries to register: doubles from the first to the last, +- 20 %.
    Duration firstRetry = std::chrono::milliseconds(500);
    Duration lastRetry = std::chrono::seconds(10);
    /// From an accepted registration to the first beat after it.
    Duration pauseAfterRegistering{};
};

/// A worker's line to its control plane: registers, then beats for ever, whatever is answered.
///
/// One call is in flight at most, and each beat is made when it is sent: a beat that could not be
/// delivered is dropped, never sent late. A beat answered with 401 leads to a new registration.
class ControlPlaneLink {
public:
    struct Counts {
        quint64 accepted = 0, failed = 0; ///< heartbeats
        quint64 registrations = 0, failedRegistrations = 0;
    };

    ControlPlaneLink(Clock& clock, HttpClient& client, EventLog& events, LinkOptions options,
                     std::function<Registration()> registration, std::function<Heartbeat()> beat,
                     std::function<void(Duration)> beatTook = {});

    /// Begins; again after stop(), with a new registration.
    void start();
    /// Ends the work in hand and says nothing more.
    void stop();

    bool registered() const { return m_registered; }
    const Counts& counts() const { return m_counts; }
    std::optional<MonotonicTime> lastAccepted() const { return m_lastAccepted; }

private:
    Task<> run(std::stop_token stop);
    Task<bool> registerOnce(std::stop_token stop);
    Task<bool> beatOnce(std::stop_token stop);
    HttpRequest post(const QString& path, QByteArray body) const;
    void beatRefused(const Failure& failure, const QString& traceId);
    Duration retryDelay();

    Clock& m_clock;
    WorkerCalls m_calls;
    EventLog& m_events;
    LinkOptions m_options;
    std::function<Registration()> m_registration;
    std::function<Heartbeat()> m_beat;
    std::function<void(Duration)> m_beatTook;
    QString m_token;
    bool m_registered = false;
    std::optional<Backoff> m_backoff; ///< of the tries since the last accepted beat
    quint64 m_failedInRow = 0;
    QString m_lastFailure; ///< word for word repetitions are logged once
    Counts m_counts;
    std::optional<MonotonicTime> m_lastAccepted;
    std::unique_ptr<TaskScope> m_scope; // last: its tasks use all of the above
};

} // namespace vigie
