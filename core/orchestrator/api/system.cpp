#include "core/model/errorcodec.h"
#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/answercodec.h"
#include "core/orchestrator/api/apilog.h"
#include "core/orchestrator/api/apimetrics.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/fleetcodec.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/openapi.h"
#include "core/orchestrator/api/query.h"
#include "core/orchestrator/api/requestcodec.h"
#include "core/tasks/health/healthcodec.h"

#include <algorithm>

namespace vigie::system_ {

namespace {

/// The state of the breaker around a component, by the component's name: "provider:mock" is around
/// "provider". Of several the worst.
QHash<QString, QString> breakersOf(const std::vector<Breaker>& breakers) {
    QHash<QString, QString> states;
    const QString closed = toString(BreakerMode::Closed);
    for (const Breaker& each : breakers) {
        QString& state = states[each.name.section(u':', 0, 0)];
        if (state.isEmpty() || state == closed)
            state = toString(each.effective);
    }
    return states;
}

} // namespace

Task<ServerResponse> version(ApiContext& context, Call call) {
    Q_UNUSED(context);
    Q_UNUSED(call);
    co_return answer::json(
        encodeVersion(VersionInfo{QStringLiteral("vigied"), QStringLiteral(VIGIE_VERSION)}));
}

Task<ServerResponse> openApi(ApiContext& context, Call call) {
    Q_UNUSED(context);
    Q_UNUSED(call);
    co_return answer::json(openApiDocument());
}

/// There are tokens and no accounts: who logs in names a token and proves to have it, and the
/// session is that token, which ends when it expires or is revoked.
Task<ServerResponse> login(ApiContext& context, Call call) {
    const auto request = decodeLogin(call.request.body);
    if (!request)
        co_return answer::failed(request.error());
    const auto caller = context.access.callerOf(request->password.toUtf8());
    if (!caller || caller->name != request->email)
        co_return answer::error(401, QStringLiteral("invalid_credentials"),
                                QStringLiteral("this orchestrator knows tokens, not accounts: "
                                               "the e-mail is the name of a token, the password "
                                               "the token; `vigied token create` makes one"));
    ServerResponse response =
        answer::json(encodeSession(request->password, caller->name, toString(caller->role)));
    response.headers.emplaceBack("Cache-Control", "no-store");
    co_return response;
}

Task<ServerResponse> livez(ApiContext& context, Call call) {
    Q_UNUSED(context);
    Readiness alive{
        QStringLiteral("alive"), QStringLiteral("the process serves"), call.correlationId, {}};
    co_return answer::json(encodeReadiness(alive));
}

Task<ServerResponse> readyz(ApiContext& context, Call call) {
    Readiness readiness{
        QStringLiteral("ready"), QStringLiteral("the store answers"), call.correlationId, {}};
    const auto failure = context.plane.storeFailure();
    if (failure) {
        readiness.code = QStringLiteral("store_unavailable");
        readiness.message = failure->message;
    }
    const bool noLease = context.plane.replica().lost();
    if (!failure && noLease) {
        readiness.code = QStringLiteral("no_lease");
        readiness.message = QStringLiteral("our lease at the store has ended and no new one is "
                                           "begun yet; the log tells why");
    }
    readiness.details.emplace_back(QStringLiteral("store"),
                                   failure ? QStringLiteral("failing") : QStringLiteral("ok"));
    if (const std::size_t waiting = context.plane.laterWrites().waiting)
        readiness.details.emplace_back(QStringLiteral("writes_waiting"), QString::number(waiting));
    co_return answer::json(encodeReadiness(readiness), failure || noLease ? 503 : 200);
}

Task<ServerResponse> health(ApiContext& context, Call call) {
    Q_UNUSED(call);
    const HealthReport report = context.health ? context.health() : HealthReport();
    // For load balancers and scripts, which look at nothing but the status.
    const int status = report.overall == HealthStatus::Unhealthy ? 503 : 200;
    const std::vector<Breaker> all = context.breakers();
    co_return answer::json(encodeHealth(report, breakersOf(all)), status);
}

Task<ServerResponse> whoami(ApiContext& context, Call call) {
    Q_UNUSED(context);
    QStringList actions;
    if (suffices(call.caller.role, Need::Operator)) {
        actions.append(QStringLiteral("deploy"));
        for (const Action action : allActions)
            actions.append(toString(action));
    }
    if (suffices(call.caller.role, Need::Admin))
        actions.append(QStringLiteral("run_job"));
    co_return answer::json(encodeWhoami(call.caller.name, toString(call.caller.role), actions));
}

Task<ServerResponse> jobs(ApiContext& context, Call call) {
    Q_UNUSED(call);
    co_return answer::json(encodeJobs(context.jobs.stats(), context.daemonName));
}

Task<ServerResponse> runJob(ApiContext& context, Call call) {
    const QString name = call.parameters.value(QStringLiteral("name"));
    const auto asker = askerWithReason(call);
    if (!asker)
        co_return answer::failed(asker.error());
    const JobRunner::Run run = context.jobs.runNow(name);
    if (run == JobRunner::Run::LedElsewhere)
        co_return answer::ledElsewhere(QStringLiteral("the job ") + name,
                                       context.plane.replica().leader());
    if (run == JobRunner::Run::SwitchedOff) {
        const std::vector<JobStats> jobs = context.jobs.stats();
        const auto job = std::ranges::find(jobs, name, &JobStats::name);
        co_return answer::error(409, QStringLiteral("job_switched_off"),
                                QStringLiteral("the job %1 is switched off by the configuration: "
                                               "%2")
                                    .arg(name, job->switchedOffBy));
    }
    if (run == JobRunner::Run::NoSuchJob) {
        QStringList names;
        for (const JobStats& job : context.jobs.stats())
            names.append(job.name);
        co_return answer::error(404, QStringLiteral("job_not_found"),
                                QStringLiteral("there is no job \"%1\"; there are: %2")
                                    .arg(name.left(64), names.join(QLatin1String(", "))));
    }
    co_await noteAsked(context.plane, actiontype::jobRun, *asker, encodeSubject("job", name));
    co_return answer::json(
        encodeAccepted({QStringLiteral("accepted"), {}, QStringLiteral("job %1 runs").arg(name)}),
        202);
}

Task<ServerResponse> metrics(ApiContext& context, Call call) {
    QueryReader query(call.request.query);
    const QString format = query.word(QStringLiteral("format"), QStringLiteral("text"),
                                      {QStringLiteral("text"), QStringLiteral("json")});
    if (query.mistake())
        co_return answer::failed(*query.mistake());
    if (format == QLatin1String("json"))
        co_return answer::json(context.metrics.json());
    ServerResponse response = ServerResponse::text(200, context.metrics.text());
    response.contentType = MetricRegistry::contentType;
    co_return response;
}

} // namespace vigie::system_
