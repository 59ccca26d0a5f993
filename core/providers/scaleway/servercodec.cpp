#include "core/providers/scaleway/servercodec.h"

#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"
#include "core/providers/scaleway/scalewayid.h"

namespace vigie {

namespace {

constexpr qsizetype maxAnswer = 8 * 1024 * 1024;
constexpr qint64 gigabyte = 1'000'000'000; // Scaleway sells volumes in powers of ten
constexpr double gibibyte = 1024.0 * 1024 * 1024;

tl::unexpected<Failure> wrong(const char* what, const char* why) {
    return fail(FailureKind::Malformed, QStringLiteral("Scaleway's answer about %1 %2")
                                            .arg(QLatin1String(what), QLatin1String(why)));
}

QStringList texts(const JsonNode& list) {
    QStringList all;
    for (const JsonNode& each : list.items())
        all.append(each.text());
    return all;
}

/// public_ip is the old form of public_ips; IPv4 first, because every image has it.
QString addressOf(const JsonNode& server) {
    QString other;
    for (const JsonNode& ip : server["public_ips"].items()) {
        const QString address = ip["address"].text();
        if (ip["family"].text() != QLatin1String("inet6") && !address.isEmpty())
            return address;
        if (other.isEmpty())
            other = address;
    }
    if (const QString old = server["public_ip"]["address"].text(); !old.isEmpty())
        return old;
    return other.isEmpty() ? server["private_ip"].text() : other;
}

Outcome<ScalewayServer> serverOf(const JsonNode& node) {
    ScalewayServer server;
    server.id = node["id"].text();
    if (!isUuid(server.id))
        return wrong("a server", "has no UUID as its \"id\"");
    server.state = node["state"].text();
    if (server.state.isEmpty())
        return wrong("a server", "has no \"state\"");
    server.name = node["name"].text();
    server.zone = node["zone"].text();
    server.project = node["project"].text();
    server.stateDetail = node["state_detail"].text();
    server.allowedActions = texts(node["allowed_actions"]);
    server.tags = texts(node["tags"]);
    server.address = addressOf(node);
    server.createdAt = node["creation_date"].time();
    for (const auto& [slot, each] : node["volumes"].members()) {
        ScalewayServerVolume volume;
        volume.id = each["id"].text();
        if (!isUuid(volume.id))
            return wrong("a server", "has a volume without a UUID");
        volume.name = each["name"].text();
        volume.type = each["volume_type"].text();
        volume.bytes = each["size"].integer().value_or(0);
        volume.boot = each["boot"].boolean().value_or(false) || slot == QLatin1String("0");
        server.volumes.push_back(std::move(volume));
    }
    return server;
}

} // namespace

QByteArray encodeNewServer(const NewScalewayServer& server) {
    JsonWriter out;
    out.beginObject()
        .field("name", server.name)
        .field("commercial_type", server.commercialType)
        .field("image", server.image)
        .field("project", server.project)
        .field("dynamic_ip_required", server.publicAddress)
        .textIfAny("security_group", server.securityGroup);
    out.key("tags").beginArray();
    for (const QString& tag : server.tags)
        out.value(tag);
    out.endArray();
    if (!server.volumeType.isEmpty() || server.volumeGb > 0) {
        out.key("volumes").beginObject().key("0").beginObject();
        out.field("boot", true).textIfAny("volume_type", server.volumeType);
        if (server.volumeGb > 0)
            out.field("size", qint64(server.volumeGb) * gigabyte);
        out.endObject().endObject();
    }
    out.endObject();
    return out.take();
}

QByteArray encodeServerAction(const QString& action) {
    JsonWriter out;
    out.beginObject().field("action", action).endObject();
    return out.take();
}

QByteArray encodeTags(const QStringList& tags) {
    JsonWriter out;
    out.beginObject().key("tags").beginArray();
    for (const QString& tag : tags)
        out.value(tag);
    out.endArray().endObject();
    return out.take();
}

Outcome<ScalewayServer> decodeServer(const QByteArray& body) {
    const auto root =
        JsonNode::parse(body, QStringLiteral("Scaleway's answer about a server"), maxAnswer);
    if (!root)
        return fail(root.error());
    if (!(*root)["server"].isObject())
        return wrong("a server", "has no \"server\"");
    return serverOf((*root)["server"]);
}

Outcome<ScalewayPage<ScalewayServer>> decodeServers(const QByteArray& body) {
    const auto root =
        JsonNode::parse(body, QStringLiteral("Scaleway's list of servers"), maxAnswer);
    if (!root)
        return fail(root.error());
    // Without the list itself nothing was said, least of all that there are none.
    if (!(*root)["servers"].isArray())
        return wrong("servers", "has no list \"servers\"");
    ScalewayPage<ScalewayServer> page;
    for (const JsonNode& each : (*root)["servers"].items()) {
        auto server = serverOf(each);
        if (!server)
            return fail(server.error());
        page.items.push_back(std::move(*server));
    }
    return page;
}

Outcome<std::vector<ScalewayType>> decodeServerTypes(const QByteArray& body) {
    const auto root =
        JsonNode::parse(body, QStringLiteral("Scaleway's list of server types"), maxAnswer);
    if (!root)
        return fail(root.error());
    if (!(*root)["servers"].isObject())
        return wrong("server types", "has no object \"servers\"");
    std::vector<ScalewayType> types;
    for (const auto& [name, each] : (*root)["servers"].members()) {
        ScalewayType type;
        type.name = name;
        type.hourlyPrice = each["hourly_price"].number().value_or(0);
        type.cpus = each["ncpus"].smallInteger().value_or(0);
        type.ramGb = static_cast<int>(each["ram"].number().value_or(0) / gibibyte);
        type.gpus = each["gpu"].smallInteger().value_or(0);
        type.gpuVramGb =
            static_cast<int>(each["gpu_info"]["gpu_memory"].number().value_or(0) / gibibyte);
        types.push_back(std::move(type));
    }
    return types;
}

Outcome<QHash<QString, QString>> decodeStock(const QByteArray& body) {
    const auto root =
        JsonNode::parse(body, QStringLiteral("Scaleway's answer about its stock"), maxAnswer);
    if (!root)
        return fail(root.error());
    if (!(*root)["servers"].isObject())
        return wrong("its stock", "has no object \"servers\"");
    QHash<QString, QString> stock;
    for (const auto& [name, each] : (*root)["servers"].members())
        stock.insert(name, each["availability"].text());
    return stock;
}

} // namespace vigie
