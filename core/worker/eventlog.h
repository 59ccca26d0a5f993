#pragma once

#include "core/base/clock.h"

#include <QString>

#include <deque>
#include <optional>
#include <vector>

namespace vigie {

/// One line of a worker's own log.
struct WorkerEvent {
    WallTime at{};
    QString type; ///< "registered", "heartbeat_failed", ...
    QString message;
};

/// The last events of a worker, for GET /logs. Each is also a line of the program's log, unless it
/// is kept quiet (simulated workers).
class EventLog {
public:
    /// `correlationId`: of the order that started this worker; each line of the log carries it.
    explicit EventLog(const Clock& clock, std::size_t capacity = 1000, bool quiet = false,
                      QString correlationId = {});

    /// `traceId` stands in the program's log only.
    void info(const QString& type, const QString& message, const QString& traceId = {});
    void warn(const QString& type, const QString& message, const QString& traceId = {});

    /// The newest `tail` of those not older than `since`, oldest first.
    std::vector<WorkerEvent> events(std::size_t tail, std::optional<WallTime> since) const;
    /// All that ever happened, also what the ring has dropped.
    quint64 total() const { return m_total; }
    const QString& correlationId() const { return m_correlationId; }

private:
    void add(const QString& type, const QString& message);

    const Clock& m_clock;
    std::size_t m_capacity;
    bool m_quiet;
    QString m_correlationId;
    std::deque<WorkerEvent> m_events;
    quint64 m_total = 0;
};

} // namespace vigie
