#pragma once

#include "core/base/eventual.h"
#include "core/base/task.h"

#include <QHash>
#include <QString>

#include <deque>

namespace vigie {

/// Bounds the sockets of a client that polls thousands of hosts: so many requests at once, and so
/// many peers whose idle connection is kept (Qt keeps each for two minutes).
class ConnectionBudget {
public:
    static constexpr int maxRunning = 256;
    static constexpr int maxKeptPeers = 128;

    /// Waits for a free place; false when `stop` comes first or `patience` ends. A true is to be
    /// given back with leave().
    Task<bool> enter(Clock& clock, Duration patience, std::stop_token stop);
    void leave();
    int running() const { return m_running; }

    /// Whether the connection to this peer ("https://host:port") may stay open after the answer.
    bool mayKeep(const QString& peer, MonotonicTime now);

private:
    int m_running = 0;
    std::deque<Eventual<bool>> m_waiting;
    QHash<QString, MonotonicTime> m_lastUse;
};

} // namespace vigie
