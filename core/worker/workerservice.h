#pragma once

#include "core/worker/workersettings.h"

#include <memory>
#include <optional>

namespace vigie {

/// Who the running program is: version, date and SHA-256 of the file at `path`.
AgentInfo agentInfo(const QString& path);

/// A whole worker with its own HTTP server, on the calling thread's event loop: what `vigie-worker`
/// runs.
class WorkerService {
public:
    WorkerService(Clock& clock, WorkerServiceOptions options);
    ~WorkerService();
    WorkerService(const WorkerService&) = delete;
    WorkerService& operator=(const WorkerService&) = delete;

    /// Listens, then begins to register and beat. Returns where it serves; a failure names the
    /// address, the port and the reason.
    Outcome<QUrl> start();

private:
    Clock& m_clock;
    WorkerServiceOptions m_options;
    EventLog m_events;
    HttpClient m_client;
    HostSensors m_sensors;
    std::optional<MockEngine> m_engine;
    std::unique_ptr<ModelCheck> m_model;
    std::unique_ptr<Worker> m_worker;
    HttpServer m_server; // last: its requests need all of the above
};

} // namespace vigie
