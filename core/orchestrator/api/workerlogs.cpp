#include "core/base/timeformat.h"
#include "core/calls/callrunner.h"
#include "core/http/httpclient.h"
#include "core/model/jsonreader.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/query.h"
#include "core/orchestrator/probetarget.h"

namespace vigie::instances {

namespace {

constexpr Duration longest = std::chrono::seconds(5);
constexpr qint64 mostBytes = 1024 * 1024;

Failure noAddress(const QString& why) {
    return {FailureKind::Conflict, why, 0, {}, QStringLiteral("no_address"), {}};
}

/// Where the provider says that the instance's machine is; what a worker tells of itself is not
/// asked, or it could point us anywhere.
Task<Outcome<ProbeTarget>> targetOf(ApiContext& context, InstanceRecord record, CallToken stop) {
    const MachineId machine(record.instance.providerInstanceId);
    if (machine.isEmpty())
        co_return fail(noAddress(QStringLiteral("the instance has no machine")));
    const auto described = co_await context.provider.describe(machine, stop);
    if (!described)
        co_return fail(described.error());
    if (described->address.isEmpty())
        co_return fail(noAddress(QStringLiteral("the machine is %1 and has no address")
                                     .arg(toString(described->state))));
    auto target =
        probeTarget(described->address, record.instance.workerHealthPort,
                    record.instance.workerVllmPort, context.provider.loopbackProbesAllowed());
    co_return target;
}

/// Through the daemon's pipeline of calls to workers, like the probes.
Task<Outcome<HttpReply>> askWorker(ApiContext& context, HttpRequest request, std::stop_token stop) {
    if (!context.workerCalls) {
        Outcome<HttpReply> reply = co_await context.http->send(std::move(request), stop);
        co_return reply;
    }
    CallOptions options;
    options.stop = std::move(stop);
    options.idempotent = true;
    CallFunction<HttpReply> once = [http = context.http, request](CallContext attempt) {
        return http->send(request, std::move(attempt.stop));
    };
    Outcome<HttpReply> reply =
        co_await context.workerCalls->run<HttpReply>(std::move(once), std::move(options));
    co_return reply;
}

} // namespace

Task<ServerResponse> logs(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const int tail = query.integer(QStringLiteral("tail"), 200, 1, 1000);
    const QString since = query.text(QStringLiteral("since"), 64);
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    const auto time = fromRfc3339(since);
    if (!since.isEmpty() && !time)
        co_return answer::error(
            400, QStringLiteral("invalid_request"),
            QStringLiteral("query parameter since is \"%1\"; it must be an RFC 3339 time")
                .arg(since));
    const auto id = call.instanceId();
    if (!id)
        co_return answer::failed(id.error());
    const InstanceRecord* record = context.plane.find(*id);
    if (!record)
        co_return answer::unknownInstance(id->value());
    const CallToken token(call.stop, call.correlationId);
    const auto target = co_await targetOf(context, *record, token);
    if (!target)
        co_return answer::failed(target.error());

    HttpRequest request;
    request.url.setScheme(QStringLiteral("http"));
    request.url.setHost(target->address.toString());
    request.url.setPort(target->healthPort);
    request.url.setPath(QStringLiteral("/logs"));
    request.url.setQuery(QStringLiteral("tail=%1").arg(tail) +
                         (time ? QStringLiteral("&since=") + toRfc3339(*time) : QString()));
    request.deadline = longest;
    request.maxBodyBytes = mostBytes;
    request.maxRedirects = 0; // it must not lead us to another address
    request.trace = call.trace;
    const auto reply = co_await askWorker(context, std::move(request), call.stop);
    const QString asked = QStringLiteral("the worker's /logs ");
    if (!reply || reply->status != 200)
        co_return answer::error(
            502, QStringLiteral("worker_unreachable"),
            asked + (reply ? QStringLiteral("answered %1").arg(reply->status)
                           : QStringLiteral("can't be read: ") + reply.error().message));
    const auto json = JsonNode::parse(reply->body, asked, mostBytes);
    if (!json || !json->isObject())
        co_return answer::error(502, QStringLiteral("worker_answer_unreadable"),
                                asked + QStringLiteral("answered no JSON object"));
    co_return answer::json(json->compact());
}

} // namespace vigie::instances
