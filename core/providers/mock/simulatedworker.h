#pragma once

#include "core/providers/mock/mockdice.h"
#include "core/providers/mock/mockmachine.h"
#include "core/worker/simulatedsensors.h"
#include "core/worker/worker.h"

#include <functional>

namespace vigie {

/// What the workers of one mock provider share.
struct SimulationParts {
    Clock& clock;
    HttpClient& client;
    HttpServer& server; ///< hands requests to the worker of their port
};

/// When a worker of a machine reaches its stages, counted from its own making.
struct StartPlan {
    Duration registers{}; ///< 0: at once
    Duration beats{};     ///< after it registered
    Duration ready{};     ///< after it could have beaten first
    StartHang hang = StartHang::None;
};

/// One worker that is no process: the agent of real workers over made-up figures and a mock engine,
/// on a port of its own.
class SimulatedWorker {
public:
    /// `onReady` is called once, when the model server begins to serve.
    SimulatedWorker(SimulationParts parts, const MockMachine& machine,
                    const MockProviderOptions& options, StartPlan plan,
                    std::function<void()> onReady);
    /// Its port closes.
    ~SimulatedWorker();
    SimulatedWorker(const SimulatedWorker&) = delete;
    SimulatedWorker& operator=(const SimulatedWorker&) = delete;

    /// 0 until it serves.
    quint16 port() const { return m_port; }
    bool ready() const { return m_ready; }

    void handle(const ServerRequest& request, HttpServer::Respond respond) {
        m_worker.handle(request, std::move(respond));
    }
    void setBeating(bool beating) { m_worker.setBeating(beating); }
    void setHung(bool hung);

private:
    void begin();

    SimulationParts m_parts;
    StartPlan m_plan;
    std::function<void()> m_onReady;
    SimulatedSensors m_sensors;
    MockEngine m_engine;
    MockModelCheck m_model;
    EventLog m_events;
    Worker m_worker;
    quint16 m_port = 0;
    bool m_ready = false;
    Timer m_begin;
    Timer m_becomeReady;
};

} // namespace vigie
