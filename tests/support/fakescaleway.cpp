#include "tests/support/fakescaleway.h"

#include "core/base/ids.h"
#include "tests/support/fakescalewaypage.h"

#include <QUrlQuery>

namespace vigie {

using namespace fakescaleway;

namespace scalewayfaults {

Fault error(int status, const QByteArray& type) {
    return faults::json(status, "{\"type\":\"" + type + "\",\"message\":\"as told\"}");
}

Fault notFound(const QByteArray& resource, const QByteArray& id) {
    return faults::json(404, "{\"type\":\"not_found\",\"resource\":\"" + resource +
                                 "\",\"resource_id\":\"" + id + "\"}");
}

Fault rateLimited(int resetSeconds) {
    return faults::json(429, "{\"help_message\":\"slow down\",\"limit\":{\"quota\":100,"
                             "\"window_seconds\":60,\"reset\":" +
                                 QByteArray::number(resetSeconds) + "}}");
}

} // namespace scalewayfaults

FakeScaleway::FakeScaleway(QObject* parent) : QObject(parent) {
    m_http.setScript([this](const FaultyRequest& request) { return answer(request); });
}

FakeScaleway::~FakeScaleway() {
    for (auto& [id, worker] : m_workers) {
        worker->kill();
        worker->waitForFinished();
    }
}

QUrl FakeScaleway::url() const {
    return m_http.url(QString());
}

int FakeScaleway::requestsLike(const QByteArray& method, const QByteArray& path) const {
    int count = 0;
    for (const FaultyRequest& each : m_http.requests())
        count += each.method == method && each.target.contains(path);
    return count;
}

int FakeScaleway::workersRunning() const {
    int count = 0;
    for (const auto& [id, worker] : m_workers)
        count += worker->state() == QProcess::Running;
    return count;
}

Fault FakeScaleway::answer(const FaultyRequest& request) {
    for (auto each = m_troubles.begin(); each != m_troubles.end(); ++each) {
        const bool fits = (each->method.isEmpty() || each->method == request.method) &&
                          request.target.contains(each->path);
        if (!fits)
            continue;
        const Trouble trouble = *each;
        if (--each->times <= 0)
            m_troubles.erase(each);
        if (trouble.takesEffect)
            route(request);
        return trouble.fault;
    }
    return route(request);
}

Fault FakeScaleway::route(const FaultyRequest& request) {
    if (request.header("X-Auth-Token") != secretKey())
        return faults::json(401, R"({"type":"denied_authentication","method":"api_key",)"
                                 R"("reason":"not_found","message":"no such key"})");
    const QUrl target(QString::fromUtf8(request.target));
    const QStringList parts = target.path().split(QLatin1Char('/'), Qt::SkipEmptyParts);
    if (parts.size() < 5 || parts[1] != u"v1" || parts[2] != u"zones")
        return scalewayfaults::error(404, "unknown_route");
    Call call{request.method, parts[3], parts.mid(4), {}, request.body};
    const QUrlQuery query(target);
    for (const auto& [name, value] : query.queryItems(QUrl::FullyDecoded))
        call.query.insert(name, value);
    if (parts[0] == u"block" && parts[4] == u"volumes")
        return serveVolumes(call, true);
    if (parts[0] == u"instance" && parts[4] == u"volumes")
        return serveVolumes(call, false);
    if (parts[0] == u"instance" && parts[4] == u"products")
        return serveProducts(call);
    return serve(call);
}

Fault FakeScaleway::serve(const Call& call) {
    if (call.path.size() == 1 && call.method == "POST")
        return create(call);
    if (call.path.size() == 1) {
        std::vector<const Server*> all;
        const QString tag = call.query.value(QStringLiteral("tags"));
        for (const auto& [id, server] : servers) {
            if (server.zone == call.zone && server.listed &&
                (tag.isEmpty() || server.tags.contains(tag)))
                all.push_back(&server);
        }
        return page(all, call.query, QStringLiteral("per_page"), QStringLiteral("servers"), false,
                    [this](const Server& each) { return describe(each); });
    }
    const auto server = servers.find(call.path.value(1));
    if (server == servers.end() || server->second.zone != call.zone)
        return scalewayfaults::notFound("instance_server", call.path.value(1).toUtf8());
    return serveServer(call, server->second);
}

Fault FakeScaleway::serveServer(const Call& call, Server& server) {
    const QJsonObject body = QJsonDocument::fromJson(call.body).object();
    const QString below = call.path.value(2);
    if (below == u"user_data") {
        server.userData = call.body;
        return faults::answer(204);
    }
    if (below == u"action")
        return act(server, body.value(QStringLiteral("action")).toString());
    if (call.method == "PATCH") {
        server.tags.clear();
        for (const QJsonValue& tag : body.value(QStringLiteral("tags")).toArray())
            server.tags.append(tag.toString());
    }
    if (call.method != "DELETE")
        return faults::json(200, bytes({{QStringLiteral("server"), describe(server)}}));
    if (server.state != u"stopped")
        return faults::json(400, R"({"type":"invalid_request_error","message":"instance should be)"
                                 R"( powered off"})");
    for (const QString& id : server.volumes) {
        Volume& volume = volumes[id];
        if (volumesLinger)
            continue;
        volume.server.clear();
        volume.status = QStringLiteral("available");
    }
    deletedServers.append(server.id);
    m_workers.erase(server.id);
    servers.erase(server.id);
    return faults::answer(204);
}

Fault FakeScaleway::act(Server& server, const QString& action) {
    if (!server.allowedActions.contains(action))
        return scalewayfaults::error(400, "invalid_request_error");
    if (server.state == u"starting" || server.state == u"stopping")
        return faults::json(409, "{\"type\":\"transient_state\",\"resource\":\"instance_server\","
                                 "\"resource_id\":\"" +
                                     server.id.toUtf8() + "\",\"current_state\":\"" +
                                     server.state.toUtf8() + "\"}");
    const bool off = action == u"poweroff";
    if (off || action == u"reboot")
        switchOff(server);
    if (!off)
        switchOn(server);
    server.state = off ? QStringLiteral("stopping") : QStringLiteral("starting");
    if (!statesLag)
        settleStates();
    return faults::json(202, R"({"task":{"id":"00000000-0000-0000-0000-000000000000"}})");
}

void FakeScaleway::settleStates() {
    for (auto& [id, server] : servers) {
        if (server.state == u"starting")
            server.state = QStringLiteral("running");
        if (server.state == u"stopping")
            server.state = QStringLiteral("stopped");
    }
}

Fault FakeScaleway::create(const Call& call) {
    const QJsonObject body = QJsonDocument::fromJson(call.body).object();
    const QString type = body.value(QStringLiteral("commercial_type")).toString();
    if (body.value(QStringLiteral("image")).toString() != image())
        return faults::json(404, R"({"type":"not_found","resource":"image","resource_id":"?"})");
    if (body.value(QStringLiteral("project")).toString() != project())
        return faults::json(403, R"({"type":"permissions_denied","details":)"
                                 R"([{"resource":"servers","action":"write"}]})");
    if (outOfStock.contains(type))
        return faults::json(500, R"({"type":"out_of_stock","resource":"servers"})");
    if (static_cast<int>(servers.size()) >= quota)
        return faults::json(403, R"({"type":"quotas_exceeded","details":)"
                                 R"([{"resource":"InstanceServer","quota":1,"current":1}]})");
    QStringList tags;
    for (const QJsonValue& tag : body.value(QStringLiteral("tags")).toArray())
        tags.append(tag.toString());
    Server& server = addServer(call.zone, tags);
    server.type = type;
    server.name = body.value(QStringLiteral("name")).toString();
    server.listed = !listsLag;
    for (const bool block : {true, false}) {
        Volume& volume = addVolume(call.zone, block, {});
        volume.server = server.id;
        volume.status = QStringLiteral("in_use");
        server.volumes.append(volume.id);
    }
    ++created;
    for (const QString& tag : tags)
        ++createdByTag[tag];
    return faults::json(201, bytes({{QStringLiteral("server"), describe(server)}}));
}

FakeScaleway::Server& FakeScaleway::addServer(const QString& zone, const QStringList& tags) {
    Server server;
    server.id = newUuid();
    server.zone = zone;
    server.tags = tags;
    // Of the range for documentation: nothing answers there, and nobody is bothered.
    if (publicAddresses)
        server.address = QStringLiteral("192.0.2.%1").arg(m_nextAddress++ % 250 + 1);
    return servers[server.id] = server;
}

void FakeScaleway::showAll() {
    for (auto& [id, server] : servers)
        server.listed = true;
}

QJsonObject FakeScaleway::describe(const Server& server) const {
    QJsonObject disks;
    int slot = 0;
    for (const QString& id : server.volumes) {
        const Volume& volume = volumes.at(id);
        // Of those of the block API it tells neither name nor size.
        QJsonObject disk{{QStringLiteral("id"), id},
                         {QStringLiteral("boot"), slot == 0},
                         {QStringLiteral("volume_type"),
                          volume.block ? QStringLiteral("sbs_volume") : QStringLiteral("l_ssd")}};
        if (!volume.block)
            disk[QStringLiteral("size")] = volume.bytes;
        disks[QString::number(slot++)] = disk;
    }
    return {{QStringLiteral("id"), server.id},
            {QStringLiteral("name"), server.name},
            {QStringLiteral("zone"), server.zone},
            {QStringLiteral("project"), project()},
            {QStringLiteral("state"), server.state},
            {QStringLiteral("commercial_type"), server.type},
            {QStringLiteral("tags"), QJsonArray::fromStringList(server.tags)},
            {QStringLiteral("allowed_actions"), QJsonArray::fromStringList(server.allowedActions)},
            {QStringLiteral("creation_date"), QStringLiteral("2026-11-22T08:00:00.123456+00:00")},
            {QStringLiteral("public_ips"),
             QJsonArray{QJsonObject{{QStringLiteral("address"), server.address},
                                    {QStringLiteral("family"), QStringLiteral("inet")},
                                    {QStringLiteral("dynamic"), true}}}},
            {QStringLiteral("volumes"), disks},
            {QStringLiteral("a_field_of_next_year"), 1}};
}

Fault FakeScaleway::serveProducts(const Call& call) {
    if (call.query.value(QStringLiteral("page"), QStringLiteral("1")) != u"1")
        return faults::json(200, R"({"servers":{}})");
    if (call.path.value(2) == u"availability") {
        QJsonObject stock;
        for (const QString& type : {QStringLiteral("L4-1-24G"), QStringLiteral("DEV1-S")})
            stock[type] = QJsonObject{{QStringLiteral("availability"),
                                       outOfStock.contains(type) ? QStringLiteral("shortage")
                                                                 : QStringLiteral("available")}};
        return faults::json(200, bytes({{QStringLiteral("servers"), stock}}));
    }
    return faults::json(200, R"({"servers":{"L4-1-24G":{"hourly_price":0.75,"ncpus":8,)"
                             R"("ram":51539607552,"gpu":1,"gpu_info":{"gpu_name":"L4",)"
                             R"("gpu_memory":25769803776}},"DEV1-S":{"hourly_price":0.0088,)"
                             R"("ncpus":2,"ram":2147483648,"gpu":0}}})");
}

} // namespace vigie
