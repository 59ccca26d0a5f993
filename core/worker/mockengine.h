#pragma once

#include "core/base/clock.h"
#include "core/http/httpserver.h"
#include "core/model/heartbeat.h"
#include "core/model/tokencount.h"
#include "core/worker/faultplan.h"
#include "core/worker/openaicodec.h"

#include <QString>

#include <map>

namespace vigie {

/// The "empty factory": an OpenAI-style model server without a model, which fails and dawdles by
/// plan, and can be told to hang or to be not ready.
class MockEngine {
public:
    MockEngine(Clock& clock, QString model, FaultOptions faults);

    /// Whether a path is the engine's: /v1/... and /mock/faults.
    static bool owns(const QString& path);
    /// Answers at once, after the planned time, or (hung) when it is healed; what it still owes
    /// when it dies is never answered.
    void handle(const ServerRequest& request, HttpServer::Respond respond);

    void apply(const FaultOrder& order);
    bool hung() const { return m_hung; }
    /// Neither hung nor told to be not ready.
    bool serving() const { return m_ready && !m_hung; }

    QueueSample queue() const;
    quint64 requests() const { return m_requests; } ///< completions asked for
    TokenCount tokens() const { return m_tokens; }
    quint64 failures() const { return m_failures; } ///< of those, failed by plan

private:
    struct Pending {
        ServerResponse response;
        HttpServer::Respond respond;
        Timer timer;
    };

    void serve(const ServerRequest& request, HttpServer::Respond respond);
    void complete(const QByteArray& body, HttpServer::Respond respond);
    void steer(const ServerRequest& request, const HttpServer::Respond& respond);
    ServerResponse completion(const ChatRequest& request);

    Clock& m_clock;
    QString m_model;
    WallTime m_startedAt;
    FaultOptions m_faults;
    FaultPlan m_plan;
    bool m_hung = false;
    bool m_ready = true;
    quint64 m_requests = 0;
    quint64 m_failures = 0;
    TokenCount m_tokens;
    std::map<quint64, Pending> m_running; ///< by number of the request
    struct Held {
        ServerRequest request;
        HttpServer::Respond respond;
    };
    std::vector<Held> m_held; ///< came in while the engine hung
};

} // namespace vigie
