#pragma once

#include "core/calls/callrunner.h"
#include "core/http/httpclient.h"

namespace vigie {

/// What a worker asks one peer, its control plane or its model server, through a pipeline under the
/// profile "probe": nothing is tried again, for the next call knows better, and nothing is refused,
/// for a silence that a breaker makes would be taken for a worker's.
class WorkerCalls {
public:
    /// Both outlive it. `key`: "control-plane".
    WorkerCalls(Clock& clock, HttpClient& client, const char* key);

    /// As HttpClient::send(). No call may be under way when this is destroyed.
    Task<Outcome<HttpReply>> send(HttpRequest request, std::stop_token stop);

private:
    HttpClient& m_client;
    CallRunner m_runner;
};

} // namespace vigie
