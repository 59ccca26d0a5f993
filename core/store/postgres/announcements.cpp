#include "core/store/postgres/announcements.h"

#include "core/store/postgres/connection.h"
#include "core/store/postgres/schema.h"

#include <QSqlDriver>

#include <libpq-fe.h>
#include <poll.h>

namespace vigie::stores::postgres {

namespace {

constexpr qsizetype longestPayload = 7900; // the server takes 8000 bytes

/// The handle of a session that Qt opened; null when it is closed.
PGconn* handleOf(const QSqlDatabase& database) {
    const QVariant handle = database.driver()->handle();
    // PGconn is libpq's other name of struct pg_conn; which one Qt tells depends on its version.
    const QLatin1String type(handle.typeName());
    if (type != QLatin1String("PGconn*") && type != QLatin1String("pg_conn*"))
        return nullptr;
    return *static_cast<PGconn* const*>(handle.constData());
}

} // namespace

QStringList announcementsOf(const StoreNews& news, const QString& origin) {
    const QString head = origin + u'|' + (news.logs ? QLatin1String("l") : QLatin1String()) +
                         (news.tokens ? QLatin1String("t") : QLatin1String()) + u'|';
    QStringList payloads;
    QString payload = head;
    for (const InstanceId& id : news.instances) {
        if (payload.size() + id.value().size() >= longestPayload) {
            payloads.append(payload);
            payload = head;
        }
        payload += id.value() + u',';
    }
    if (payload != head || news.logs || news.tokens)
        payloads.append(payload);
    return payloads;
}

std::optional<StoreNews> newsFrom(const QString& payload, const QString& ownOrigin) {
    const QStringList parts = payload.split(u'|');
    if (parts.size() != 3 || parts.at(0) == ownOrigin)
        return std::nullopt;
    StoreNews news;
    news.logs = parts.at(1).contains(u'l');
    news.tokens = parts.at(1).contains(u't');
    for (const QString& id : parts.at(2).split(u',', Qt::SkipEmptyParts))
        news.instances.emplace_back(id);
    return news;
}

Outcome<void> Connection::announce(const StoreNews& news) {
    for (const QString& payload : announcementsOf(news, m_origin)) {
        const auto sent =
            single(QStringLiteral("SELECT pg_notify(?, ?)"), {QLatin1String(channel), payload});
        if (!sent)
            return fail(sent.error());
    }
    return {};
}

Outcome<std::vector<QString>> Connection::announced(int wake, std::chrono::milliseconds patience) {
    PGconn* handle = alive() ? handleOf(database()) : nullptr;
    const int socket = handle ? PQsocket(handle) : -1;
    if (socket < 0)
        return fail(FailureKind::Storage, QStringLiteral("the connection is lost"));
    pollfd both[] = {{socket, POLLIN, 0}, {wake, POLLIN, 0}};
    ::poll(both, 2, static_cast<int>(patience.count()));
    if (PQconsumeInput(handle) == 0) {
        // Noticed by Qt's driver too: the session counts as closed from here on.
        (void)execute(QStringLiteral("SELECT 1"));
        return fail(FailureKind::Storage, QStringLiteral("the connection is lost"));
    }
    std::vector<QString> payloads;
    while (PGnotify* one = PQnotifies(handle)) {
        payloads.push_back(QString::fromUtf8(one->extra));
        PQfreemem(one);
    }
    return payloads;
}

} // namespace vigie::stores::postgres
