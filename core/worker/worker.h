#pragma once

#include "core/base/clock.h"
#include "core/base/task.h"
#include "core/http/httpserver.h"
#include "core/worker/agentcodec.h"
#include "core/worker/controlplanelink.h"
#include "core/worker/eventlog.h"
#include "core/worker/modelcheck.h"
#include "core/worker/sensors.h"
#include "core/worker/workermetrics.h"

#include <QString>

namespace vigie {

struct WorkerOptions {
    InstanceId instanceId;
    QString workerId;
    QString modelId;
    QString ipAddress; ///< told to the control plane; may be empty
    AgentInfo agent;
    LinkOptions link;
    Duration modelCheckInterval = std::chrono::seconds(2);
};

/// What a worker is made of besides itself; all of it outlives the worker.
struct WorkerParts {
    Clock& clock;
    HttpClient& client;
    Sensors& sensors;
    ModelCheck& model;
    EventLog& events;
    MockEngine* engine = nullptr; ///< served beside the agent's own paths; may be null
};

/// One worker: watches its model server, tells the control plane, and answers the contract's HTTP
/// calls. Ports and sockets belong to whoever runs it, so that one process can run many.
class Worker {
public:
    Worker(WorkerParts parts, WorkerOptions options);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Begins to watch the model and to register and beat. The ports are what the control plane is
    /// told.
    void start(quint16 healthPort, quint16 modelPort);
    /// The agent falls silent, or speaks again (with a new registration); HTTP is answered either
    /// way.
    void setBeating(bool beating);

    void handle(const ServerRequest& request, HttpServer::Respond respond);

    bool modelReady() const { return m_model.ready; }
    const ControlPlaneLink& link() const { return m_link; }

private:
    Task<> watchModel(std::stop_token stop);
    Registration registration() const;
    Heartbeat heartbeat();
    WorkerInfo info() const;
    ServerResponse answer(const ServerRequest& request);
    ServerResponse logs(const QUrlQuery& query) const;
    ServerResponse metrics(const QUrlQuery& query);

    WorkerParts m_parts;
    WorkerOptions m_options;
    MonotonicTime m_startedAt;
    int m_healthPort = 0;
    int m_modelPort = 0;
    ModelState m_model;
    quint64 m_httpRequests = 0;
    WorkerMetrics m_metrics;
    ControlPlaneLink m_link;
    TaskScope m_scope; // last: its tasks use all of the above
};

} // namespace vigie
