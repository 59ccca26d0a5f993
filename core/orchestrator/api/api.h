#pragma once

#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/route.h"

namespace vigie {

/// The orchestrator's HTTP API: routes a request, admits its caller, runs the handler, and answers
/// in the contract's form, whatever happens.
class Api {
public:
    explicit Api(ApiContext& context) : m_context(context) {}

    void handle(ServerRequest request, HttpServer::Respond respond);

    /// Lets held calls answer and waits for all that are being worked on.
    void stop() { m_scope.drain(); }

private:
    Task<> serve(ServerRequest request, HttpServer::Respond respond, std::stop_token stop);
    Task<ServerResponse> admit(RouteMatch match, Call call);
    Task<ServerResponse> run(const Route& route, Call call);
    std::optional<ServerResponse> refuseOrigin(const ServerRequest& request) const;
    std::optional<Caller> callerOf(const QByteArray& token) const;
    void finish(const Call& call, const char* path, const ServerResponse& response, Duration took);

    ApiContext& m_context;
    TaskScope m_scope;
};

} // namespace vigie
