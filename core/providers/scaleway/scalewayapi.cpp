#include "core/providers/scaleway/scalewayapi.h"

#include "core/base/timeformat.h"
#include "core/http/networkfailure.h"
#include "core/providers/scaleway/scalewayfailure.h"
#include "core/providers/scaleway/scalewayvolumecodec.h"
#include "core/providers/scaleway/servercodec.h"

#include <QSet>
#include <QUrlQuery>

#include <algorithm>
#include <iterator>

namespace vigie {

namespace {

constexpr qint64 maxBodyBytes = 8 * 1024 * 1024;
constexpr int maxPages = 1000;
constexpr Duration quietByDefault = std::chrono::seconds(5); ///< a 429 that names no time

QString serverPath(const ScalewayId& id) {
    return QStringLiteral("/servers/") + id.uuid;
}

QString volumePath(const ScalewayId& id) {
    return QStringLiteral("/volumes/") + id.uuid;
}

/// How many there are in all, where header or body tell.
std::optional<qint64> announced(const HttpReply& reply, std::optional<qint64> inBody) {
    bool number = false;
    const qint64 header = reply.header("X-Total-Count").trimmed().toLongLong(&number);
    return number ? std::optional(header) : inBody;
}

} // namespace

ScalewayApi::ScalewayApi(Clock& clock, HttpClient& client, ScalewayApiOptions options,
                         WhyNot whyNot)
    : m_clock(clock), m_client(client), m_options(std::move(options)), m_whyNot(std::move(whyNot)) {
}

QUrl ScalewayApi::url(ScalewayVolumeApi api, const QString& zone, const QString& path,
                      const Query& query) const {
    const bool block = api == ScalewayVolumeApi::Block;
    QUrl made = block ? m_options.blockUrl : m_options.instanceUrl;
    made.setPath(
        made.path() +
        (block ? QStringLiteral("/block/v1/zones/") : QStringLiteral("/instance/v1/zones/")) +
        zone + path);
    QUrlQuery parts;
    for (const auto& [name, value] : query)
        parts.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    if (!query.isEmpty())
        made.setQuery(parts);
    return made;
}

HttpRequest ScalewayApi::request(const QByteArray& method, QUrl url, QByteArray body) const {
    HttpRequest made;
    made.method = method;
    made.url = std::move(url);
    made.deadline = m_options.callTimeout;
    made.maxBodyBytes = maxBodyBytes;
    made.maxRedirects = 0; // the secret key goes to the configured address and nowhere else
    made.headers.emplaceBack("X-Auth-Token", m_options.secretKey);
    made.headers.emplaceBack("Accept", "application/json");
    if (!body.isEmpty())
        made.headers.emplaceBack("Content-Type", "application/json");
    made.body = std::move(body);
    return made;
}

Task<Outcome<HttpReply>> ScalewayApi::call(HttpRequest request, QString wantedId, CallToken stop) {
    const QString what =
        QString::fromLatin1(request.method) + QLatin1Char(' ') + shownUrl(request.url);
    if (const Duration rest = m_quietUntil - m_clock.now(); rest > Duration::zero()) {
        Failure failure{FailureKind::RateLimited, {}, 0, rest, {}, {}};
        failure.code = QStringLiteral("rate_limiter_empty"); // ours: nothing was sent
        failure.message = QStringLiteral("%1: not sent, Scaleway asked for a pause of another %2")
                              .arg(what, humanDuration(rest));
        co_return fail(std::move(failure));
    }
    if (m_whyNot && request.method != "GET") {
        if (const auto refused = m_whyNot())
            co_return fail(*refused);
    }
    if (!stop.correlationId().isEmpty())
        request.headers.emplaceBack("X-Correlation-Id", stop.correlationId().toUtf8());
    Task<Outcome<HttpReply>> sent = m_client.send(std::move(request), stop.stop());
    Outcome<HttpReply> reply = co_await sent;
    if (!reply || (reply->status >= 200 && reply->status < 300))
        co_return reply;
    const Failure failure = scalewayFailure(*reply, what, wantedId);
    if (failure.kind == FailureKind::RateLimited)
        m_quietUntil =
            std::max(m_quietUntil, m_clock.now() + failure.retryAfter.value_or(quietByDefault));
    co_return fail(failure);
}

Task<Outcome<void>> ScalewayApi::command(HttpRequest request, QString wantedId, CallToken stop) {
    Task<Outcome<HttpReply>> called =
        call(std::move(request), std::move(wantedId), std::move(stop));
    const Outcome<HttpReply> reply = co_await called;
    if (!reply)
        co_return fail(reply.error());
    co_return Outcome<void>();
}

template <typename T>
Task<Outcome<std::vector<T>>> ScalewayApi::allPages(ScalewayVolumeApi api, QString zone,
                                                    QString path, Query query, DecodePage<T> decode,
                                                    CallToken stop) {
    std::vector<T> all;
    QSet<QString> seen; // what moves to another page meanwhile is told twice
    qint64 received = 0;
    for (int number = 1; number <= maxPages; ++number) {
        Query paged = query;
        paged.emplaceBack(QStringLiteral("page"), QString::number(number));
        HttpRequest asked = request("GET", url(api, zone, path, paged));
        Task<Outcome<HttpReply>> called = call(std::move(asked), QString(), stop);
        const Outcome<HttpReply> reply = co_await called;
        if (!reply)
            co_return fail(reply.error());
        Outcome<ScalewayPage<T>> page = decode(reply->body);
        if (!page)
            co_return fail(page.error());
        const std::optional<qint64> total = announced(*reply, page->total);
        const auto count = static_cast<qint64>(page->items.size());
        received += count;
        for (T& each : page->items) {
            if (each.zone.isEmpty())
                each.zone = zone;
            if (!seen.contains(each.id)) {
                seen.insert(each.id);
                all.push_back(std::move(each));
            }
        }
        if (total ? received >= *total : count < m_options.pageSize)
            co_return all;
        if (count == 0)
            co_return fail(FailureKind::Malformed,
                           QStringLiteral("%1 in %2: %3 of %4 came; a list with a hole is none")
                               .arg(path, zone)
                               .arg(received)
                               .arg(*total));
    }
    co_return fail(FailureKind::TooLarge,
                   QStringLiteral("%1 in %2 goes on after %3 pages").arg(path, zone).arg(maxPages));
}

Task<Outcome<ScalewayServer>> ScalewayApi::server(ScalewayId id, CallToken stop) {
    HttpRequest asked = request("GET", url(ScalewayVolumeApi::Instance, id.zone, serverPath(id)));
    Task<Outcome<HttpReply>> called = call(std::move(asked), id.uuid, std::move(stop));
    const Outcome<HttpReply> reply = co_await called;
    if (!reply)
        co_return fail(reply.error());
    Outcome<ScalewayServer> server = decodeServer(reply->body);
    if (server && server->id != id.uuid)
        co_return fail(FailureKind::Malformed,
                       QStringLiteral("Scaleway was asked about the server %1 and told of %2")
                           .arg(id.uuid, server->id));
    if (server && server->zone.isEmpty())
        server->zone = id.zone;
    co_return server;
}

Task<Outcome<std::vector<ScalewayServer>>> ScalewayApi::servers(QString zone, QString tag,
                                                                CallToken stop) {
    Query query{{QStringLiteral("per_page"), QString::number(m_options.pageSize)},
                {QStringLiteral("project"), m_options.project}};
    if (!tag.isEmpty())
        query.emplaceBack(QStringLiteral("tags"), tag);
    Task<Outcome<std::vector<ScalewayServer>>> listing = allPages<ScalewayServer>(
        ScalewayVolumeApi::Instance, std::move(zone), QStringLiteral("/servers"), std::move(query),
        decodeServers, std::move(stop));
    Outcome<std::vector<ScalewayServer>> all = co_await listing;
    // The filter is the API's word; what is ours is decided by what each one carries.
    if (all && !tag.isEmpty())
        std::erase_if(*all, [&tag](const ScalewayServer& s) { return !s.tags.contains(tag); });
    co_return all;
}

Task<Outcome<ScalewayServer>> ScalewayApi::createServer(QString zone, NewScalewayServer server,
                                                        CallToken stop) {
    server.project = m_options.project;
    HttpRequest order =
        request("POST", url(ScalewayVolumeApi::Instance, zone, QStringLiteral("/servers")),
                encodeNewServer(server));
    Task<Outcome<HttpReply>> called = call(std::move(order), QString(), std::move(stop));
    const Outcome<HttpReply> reply = co_await called;
    if (!reply)
        co_return fail(reply.error());
    Outcome<ScalewayServer> made = decodeServer(reply->body);
    if (made && made->zone.isEmpty())
        made->zone = zone;
    co_return made;
}

Task<Outcome<void>> ScalewayApi::setServerTags(ScalewayId id, QStringList tags, CallToken stop) {
    HttpRequest order = request("PATCH", url(ScalewayVolumeApi::Instance, id.zone, serverPath(id)),
                                encodeTags(tags));
    return command(std::move(order), id.uuid, std::move(stop));
}

Task<Outcome<void>> ScalewayApi::setUserData(ScalewayId id, QByteArray userData, CallToken stop) {
    HttpRequest order =
        request("PATCH", url(ScalewayVolumeApi::Instance, id.zone,
                             serverPath(id) + QStringLiteral("/user_data/cloud-init")));
    order.headers.emplaceBack("Content-Type", "text/plain");
    order.body = std::move(userData);
    return command(std::move(order), id.uuid, std::move(stop));
}

Task<Outcome<void>> ScalewayApi::act(ScalewayId id, QString action, CallToken stop) {
    HttpRequest order = request(
        "POST",
        url(ScalewayVolumeApi::Instance, id.zone, serverPath(id) + QStringLiteral("/action")),
        encodeServerAction(action));
    return command(std::move(order), id.uuid, std::move(stop));
}

Task<Outcome<void>> ScalewayApi::deleteServer(ScalewayId id, CallToken stop) {
    HttpRequest order =
        request("DELETE", url(ScalewayVolumeApi::Instance, id.zone, serverPath(id)));
    return command(std::move(order), id.uuid, std::move(stop));
}

Task<Outcome<ScalewayVolume>> ScalewayApi::volume(ScalewayVolumeApi api, ScalewayId id,
                                                  CallToken stop) {
    HttpRequest asked = request("GET", url(api, id.zone, volumePath(id)));
    Task<Outcome<HttpReply>> called = call(std::move(asked), id.uuid, std::move(stop));
    const Outcome<HttpReply> reply = co_await called;
    if (!reply)
        co_return fail(reply.error());
    Outcome<ScalewayVolume> volume = decodeScalewayVolume(api, reply->body);
    if (volume && volume->id != id.uuid)
        co_return fail(FailureKind::Malformed,
                       QStringLiteral("Scaleway was asked about the volume %1 and told of %2")
                           .arg(id.uuid, volume->id));
    if (volume && volume->zone.isEmpty())
        volume->zone = id.zone;
    co_return volume;
}

Task<Outcome<std::vector<ScalewayVolume>>> ScalewayApi::volumes(ScalewayVolumeApi api, QString zone,
                                                                CallToken stop) {
    const bool block = api == ScalewayVolumeApi::Block;
    Query query{
        {block ? QStringLiteral("page_size") : QStringLiteral("per_page"),
         QString::number(m_options.pageSize)},
        {block ? QStringLiteral("project_id") : QStringLiteral("project"), m_options.project}};
    DecodePage<ScalewayVolume> decode = [api](const QByteArray& body) {
        return decodeScalewayVolumes(api, body);
    };
    return allPages<ScalewayVolume>(api, std::move(zone), QStringLiteral("/volumes"),
                                    std::move(query), std::move(decode), std::move(stop));
}

Task<Outcome<ScalewayVolume>> ScalewayApi::setVolumeTags(ScalewayVolumeApi api, ScalewayId id,
                                                         QStringList tags, CallToken stop) {
    HttpRequest order = request("PATCH", url(api, id.zone, volumePath(id)), encodeTags(tags));
    Task<Outcome<HttpReply>> called = call(std::move(order), id.uuid, std::move(stop));
    const Outcome<HttpReply> reply = co_await called;
    if (!reply)
        co_return fail(reply.error());
    Outcome<ScalewayVolume> volume = decodeScalewayVolume(api, reply->body);
    if (volume && volume->zone.isEmpty())
        volume->zone = id.zone;
    co_return volume;
}

Task<Outcome<void>> ScalewayApi::deleteVolume(ScalewayVolumeApi api, ScalewayId id,
                                              CallToken stop) {
    HttpRequest order = request("DELETE", url(api, id.zone, volumePath(id)));
    return command(std::move(order), id.uuid, std::move(stop));
}

Task<Outcome<HttpReply>> ScalewayApi::products(QString zone, QString path, int page,
                                               CallToken stop) {
    const Query query{{QStringLiteral("per_page"), QString::number(m_options.pageSize)},
                      {QStringLiteral("page"), QString::number(page)}};
    HttpRequest asked = request("GET", url(ScalewayVolumeApi::Instance, zone,
                                           QStringLiteral("/products/servers") + path, query));
    return call(std::move(asked), QString(), std::move(stop));
}

Task<Outcome<std::vector<ScalewayType>>> ScalewayApi::serverTypes(QString zone, CallToken stop) {
    std::vector<ScalewayType> all;
    for (int page = 1; page <= maxPages; ++page) {
        Task<Outcome<HttpReply>> called = products(zone, QString(), page, stop);
        const Outcome<HttpReply> reply = co_await called;
        if (!reply)
            co_return fail(reply.error());
        Outcome<std::vector<ScalewayType>> types = decodeServerTypes(reply->body);
        if (!types)
            co_return fail(types.error());
        const auto count = static_cast<int>(types->size());
        std::ranges::move(*types, std::back_inserter(all));
        if (count < m_options.pageSize)
            break;
    }
    co_return all;
}

Task<Outcome<QHash<QString, QString>>> ScalewayApi::stock(QString zone, CallToken stop) {
    QHash<QString, QString> all;
    for (int page = 1; page <= maxPages; ++page) {
        Task<Outcome<HttpReply>> called =
            products(zone, QStringLiteral("/availability"), page, stop);
        const Outcome<HttpReply> reply = co_await called;
        if (!reply)
            co_return fail(reply.error());
        const Outcome<QHash<QString, QString>> stock = decodeStock(reply->body);
        if (!stock)
            co_return fail(stock.error());
        all.insert(*stock);
        if (stock->size() < m_options.pageSize)
            break;
    }
    co_return all;
}

} // namespace vigie
