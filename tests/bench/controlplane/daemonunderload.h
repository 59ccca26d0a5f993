#pragma once

#include "core/base/ids.h"
#include "tests/support/program.h"

#include <QTemporaryDir>

#include <vector>

namespace vigie {

/// A real vigied, with all its jobs but the probes of workers, over a store in which a fleet of
/// ready instances was put before it started. It observes and does not act: the machines of this
/// fleet do not exist.
class DaemonUnderLoad {
public:
    /// Whether its jobs run: what they find changes what /fleet tells.
    enum class Jobs { Off, On };
    /// `storeUrl`: an empty database. Ends the program when something of it can't be had.
    DaemonUnderLoad(const QString& storeUrl, int instances, Jobs jobs = Jobs::On);

    struct Worker {
        InstanceId id;
        QByteArray token;
    };
    const std::vector<Worker>& workers() const { return m_workers; }
    quint16 port() const { return m_port; }
    const QByteArray& adminToken() const { return m_adminToken; }

    double cpuSeconds() const;    ///< of the daemon since its start, user and system
    double residentBytes() const; ///< of the daemon now

private:
    void fill(const QString& storeUrl, int instances, Jobs jobs);

    QTemporaryDir m_folder;
    Program m_daemon{QStringLiteral("vigied")};
    std::vector<Worker> m_workers;
    QByteArray m_adminToken;
    quint16 m_port = 0;
};

/// Runs `work` on a thread of its own, and the event loop here until it is done.
void besideEvents(const std::function<void()>& work);
/// Runs the event loop here for so long.
void runEventsFor(double seconds);

} // namespace vigie
