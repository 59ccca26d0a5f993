#include "core/worker/workercalls.h"

#include "core/calls/profiles.h"

namespace vigie {

WorkerCalls::WorkerCalls(Clock& clock, HttpClient& client, const char* key)
    : m_client(client),
      m_runner(clock, std::make_shared<Pipeline>(key, *builtInProfiles().find("probe"),
                                                 PipelineParts(), clock.now())) {}

Task<Outcome<HttpReply>> WorkerCalls::send(HttpRequest request, std::stop_token stop) {
    CallOptions options;
    options.stop = std::move(stop);
    // The client keeps the deadline itself and tells more; this one holds even if it does not.
    options.callTimeout = request.deadline + std::chrono::seconds(1);
    CallFunction<HttpReply> once = [this, request](CallContext context) {
        return m_client.send(request, std::move(context.stop));
    };
    Task<Outcome<HttpReply>> running = m_runner.run<HttpReply>(std::move(once), std::move(options));
    Outcome<HttpReply> reply = co_await running;
    co_return reply;
}

} // namespace vigie
