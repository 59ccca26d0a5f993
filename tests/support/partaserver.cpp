#include "tests/support/partaserver.h"

#include "core/model/actionlogcodec.h"
#include "core/model/errorcodec.h"
#include "core/model/instancecodec.h"
#include "core/model/jsonreader.h"

#include <QDateTime>
#include <QLocale>
#include <QUrlQuery>

#include <algorithm>

namespace vigie {

namespace {

Fault error(int status, const QString& code, const QString& message = {}) {
    return faults::json(status, encodeError({code, message, {}}));
}

QByteArray httpDate(WallTime time) {
    const auto when = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC);
    return QLocale::c()
        .toString(when, QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"))
        .toLatin1();
}

} // namespace

PartAServer::PartAServer(quint16 port) : m_server(port) {
    m_server.setScript([this](const FaultyRequest& request) {
        Fault fault = answer(request);
        const QByteArray date = "\r\nDate: " + httpDate(now());
        if (const auto line = fault.bytes.indexOf("\r\n"); line > 0)
            fault.bytes.insert(line, date);
        return fault;
    });
}

WallTime PartAServer::now() const {
    return m_clock.wallNow() + std::chrono::round<std::chrono::milliseconds>(m_ahead);
}

Instance& PartAServer::add(const QString& id, InstanceStatus status) {
    Instance& instance = m_instances[id];
    instance.id = InstanceId(id);
    instance.status = status;
    instance.statusText = toString(status);
    instance.providerId = QStringLiteral("11111111-1111-4111-8111-111111111111");
    instance.providerName = QStringLiteral("scaleway");
    instance.providerInstanceId = QStringLiteral("machine-") + id;
    instance.zone = QStringLiteral("fr-par-2");
    instance.region = QStringLiteral("fr-par");
    instance.instanceType = QStringLiteral("L4-1-24G");
    instance.modelCode = QStringLiteral("llama-3-8b");
    instance.modelName = QStringLiteral("Llama 3 8B");
    instance.ipAddress = QStringLiteral("192.0.2.%1").arg(m_instances.size() % 250 + 1);
    instance.createdAt = now() - std::chrono::hours(1);
    instance.gpuCount = 1;
    instance.gpuVram = 24;
    instance.costPerHour = 0.75;
    return instance;
}

void PartAServer::setStatus(const QString& id, InstanceStatus status) {
    Instance& changed = instance(id);
    changed.status = status;
    changed.statusText = toString(status);
    if (status == InstanceStatus::Terminated)
        changed.terminatedAt = now();
}

void PartAServer::beat(const QString& id) {
    instance(id).workerLastHeartbeat = now();
    instance(id).workerStatus = QStringLiteral("ready");
}

void PartAServer::beatAll() {
    for (const auto& [id, known] : m_instances)
        beat(id);
}

void PartAServer::addVolume(const QString& instance, const Volume& volume) {
    m_volumes[instance].push_back(volume);
}

void PartAServer::setAccount(const QString& email, const QString& password, Login how) {
    m_email = email;
    m_password = password;
    m_login = how;
}

int PartAServer::count(const QByteArray& methodAndPath) const {
    return static_cast<int>(std::ranges::count_if(requests(), [&](const FaultyRequest& request) {
        return request.method + ' ' + request.target.split('?').first() == methodAndPath;
    }));
}

Fault PartAServer::answer(const FaultyRequest& request) {
    const QUrl url = QUrl::fromEncoded(request.target);
    for (const QString& path : {url.path(), QStringLiteral("*")}) {
        if (const auto fault = m_faults.find(path); fault != m_faults.end())
            return fault->second;
    }
    if (request.method == "POST" && url.path() == QLatin1String("/auth/login"))
        return login(request);
    return route({request.method, url.path(), url, &request});
}

Fault PartAServer::login(const FaultyRequest& request) {
    const auto body = JsonNode::parse(request.body, QStringLiteral("the login"));
    if (!body || (*body)["email"].text().isEmpty() || (*body)["password"].text().isEmpty())
        return error(400, QStringLiteral("invalid_request"));
    if ((*body)["email"].text() != m_email || (*body)["password"].text() != m_password)
        return error(401, QStringLiteral("invalid_credentials"));
    const QByteArray session = newUuid().toLatin1();
    m_sessions.insert(session);
    if (m_login == Login::Token)
        return faults::json(200, "{\"token\":\"" + session + "\"}");
    return faults::answer(200, "{\"status\":\"ok\"}",
                          {{"Content-Type", "application/json"},
                           {"Set-Cookie", "theme=dark; Path=/"},
                           {"Set-Cookie", "inventiv_session=" + session + "; Path=/; HttpOnly"}});
}

bool PartAServer::mayCall(const FaultyRequest& request) const {
    if (m_email.isEmpty() && m_token.isEmpty())
        return true;
    const QByteArray bearer = request.header("Authorization");
    if (!m_token.isEmpty() && bearer == "Bearer " + m_token)
        return true;
    if (m_login == Login::Token)
        return bearer.startsWith("Bearer ") && m_sessions.contains(bearer.mid(7));
    const QByteArray cookie = request.header("Cookie");
    return cookie.startsWith("inventiv_session=") && m_sessions.contains(cookie.mid(17));
}

Fault PartAServer::route(const Call& call) {
    if (call.path == QLatin1String("/version"))
        return faults::json(200, R"({"version":"0.7.0","name":"inventiv-backend"})");
    const bool known = call.path == QLatin1String("/instances") ||
                       call.path == QLatin1String("/action_logs") ||
                       call.path.startsWith(QLatin1String("/instances/"));
    if (!known)
        return notServed();
    if (!mayCall(*call.request))
        return error(401, QStringLiteral("unauthorized"));
    if (call.path == QLatin1String("/instances"))
        return instances(call);
    if (call.path == QLatin1String("/action_logs"))
        return actionLogs(call);
    return oneInstance(call);
}

Fault PartAServer::instances(const Call& call) const {
    if (call.method != "GET")
        return error(405, QStringLiteral("method_not_allowed"));
    const bool archived =
        QUrlQuery(call.url).queryItemValue(QStringLiteral("archived")) == QLatin1String("true");
    std::vector<const Instance*> rows;
    for (const auto& [id, instance] : m_instances) {
        if (instance.isArchived == archived)
            rows.push_back(&instance);
    }
    return faults::json(200, encodeInstances(rows));
}

Fault PartAServer::oneInstance(const Call& call) {
    const QStringList parts = call.path.split(QLatin1Char('/')); // "", "instances", id, ...
    const auto found = m_instances.find(parts.value(2));
    const QString below = parts.value(3);
    if (parts.size() > 4 || (below != QString() && below != QLatin1String("reinstall") &&
                             below != QLatin1String("archive")))
        return notServed();
    if (found == m_instances.end())
        return error(404, QStringLiteral("instance_not_found"));
    Instance& instance = found->second;
    if (call.method == "GET" && below.isEmpty())
        return faults::json(200, encodeInstanceDetail(instance, m_volumes[parts.value(2)]));
    if (call.method == "DELETE" && below.isEmpty())
        return act(Action::Terminate, instance, call);
    if (call.method == "POST" && below == QLatin1String("reinstall"))
        return act(Action::Reinstall, instance, call);
    if (call.method == "PUT" && below == QLatin1String("archive"))
        return act(Action::Archive, instance, call);
    return error(405, QStringLiteral("method_not_allowed"));
}

Fault PartAServer::act(Action action, Instance& instance, const Call& call) {
    const QString id = instance.id.value();
    const QString before = toString(instance.status);
    const bool over = isOver(instance.status);
    QString type;
    Fault said;
    switch (action) {
    case Action::Terminate:
        if (over)
            return faults::json(200, R"({"status":"already_terminated"})");
        type = QString::fromUtf16(actiontype::requestTerminate);
        setStatus(id, InstanceStatus::Terminating);
        said = faults::json(202, R"({"status":"accepted","message":"termination started"})");
        break;
    case Action::Reinstall:
        if (over)
            return error(400, QStringLiteral("instance_terminated"));
        if (instance.status == InstanceStatus::Terminating)
            return error(409, QStringLiteral("instance_terminating"));
        type = QString::fromUtf16(actiontype::requestReinstall);
        setStatus(id, InstanceStatus::Booting);
        said = faults::json(202, R"({"status":"accepted"})");
        break;
    case Action::Archive:
        if (instance.status != InstanceStatus::Terminated)
            return error(400, QStringLiteral("instance_not_terminated"));
        type = QString::fromUtf16(actiontype::archiveInstance);
        instance.isArchived = true;
        said = faults::json(200, R"({"status":"ok","message":"archived"})");
        break;
    default:
        return notServed(); // part B
    }
    ActionLog entry;
    entry.id = ActionLogId(newUuid());
    entry.actionType = type;
    entry.component = QStringLiteral("api");
    entry.status = ActionLogStatus::Success;
    entry.instanceId = instance.id;
    entry.userId = m_email;
    entry.createdAt = now();
    entry.completedAt = now();
    entry.instanceStatusBefore = before;
    entry.instanceStatusAfter = toString(instance.status);
    entry.correlationId = QString::fromLatin1(call.request->header("X-Correlation-Id"));
    m_log.insert(m_log.begin(), std::move(entry));
    return said;
}

Fault PartAServer::actionLogs(const Call& call) const {
    const QUrlQuery query(call.url);
    const QString id = query.queryItemValue(QStringLiteral("instance_id"));
    const int limit = query.queryItemValue(QStringLiteral("limit")).toInt();
    std::vector<ActionLog> rows;
    for (const ActionLog& entry : m_log) {
        if (!id.isEmpty() && entry.instanceId.value() != id)
            continue;
        if (limit > 0 && static_cast<int>(rows.size()) >= limit)
            break;
        rows.push_back(entry);
    }
    return faults::json(200, encodeActionLogs(rows));
}

/// What servers say to a path they don't know; none of it is the contract's error body.
Fault PartAServer::notServed() {
    switch (m_oddBodies++ % 4) {
    case 0:
        return faults::answer(404, "404 page not found\n", {{"Content-Type", "text/plain"}});
    case 1:
        return faults::answer(404, "<html><body><h1>Not Found</h1></body></html>",
                              {{"Content-Type", "text/html"}});
    case 2:
        return faults::answer(404);
    default:
        return faults::json(404, R"({"detail":"Not Found"})");
    }
}

} // namespace vigie
