#include "core/store/sql/accesstables.h"

#include "core/store/sql/values.h"

namespace vigie::stores::sql {

using Answer = AccessStore::RememberedAnswer;

namespace {

/// Bytes as they are; a null QByteArray would be taken for NULL.
QVariant blob(const QByteArray& bytes) {
    return QVariant(bytes.isNull() ? QByteArray("") : bytes);
}

} // namespace

Outcome<std::vector<AccessToken>> tokens(Connection& connection) {
    std::vector<AccessToken> all;
    const auto read = connection.each(
        QStringLiteral("SELECT name, role, hash, created_at, expires_at FROM api_tokens "
                       "ORDER BY name"),
        {}, [&all](const QSqlQuery& query) {
            AccessToken& token = all.emplace_back();
            RowReader(query) >> token.name >> token.role >> token.hash >> token.createdAt >>
                token.expiresAt;
        });
    if (!read)
        return fail(read.error());
    return all;
}

Outcome<void> addToken(Connection& connection, const AccessToken& token) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        const auto added = connection.change(
            QStringLiteral("INSERT INTO api_tokens (name, role, hash, created_at, expires_at) "
                           "VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"),
            {token.name, token.role, token.hash, toSql(token.createdAt), toSql(token.expiresAt)});
        if (!added)
            return fail(added.error());
        if (*added == 0)
            return fail(FailureKind::Conflict,
                        QStringLiteral("A token named \"%1\" exists already; choose another name.")
                            .arg(token.name));
        StoreNews news;
        news.tokens = true;
        return connection.announce(news);
    });
}

Outcome<void> removeToken(Connection& connection, const QString& name) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        const auto removed =
            connection.change(QStringLiteral("DELETE FROM api_tokens WHERE name = ?"), {name});
        if (!removed)
            return fail(removed.error());
        if (*removed == 0)
            return fail(FailureKind::NotFound,
                        QStringLiteral("There is no token named \"%1\".").arg(name));
        StoreNews news;
        news.tokens = true;
        return connection.announce(news);
    });
}

Outcome<Answer> rememberAnswer(Connection& connection, const QByteArray& key,
                               const Answer& answer) {
    std::optional<Answer> kept;
    const auto done = connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        const auto pruned =
            connection.change(QStringLiteral("DELETE FROM idempotency_keys WHERE created_at < ?"),
                              {toSql(answer.at - std::chrono::hours(24))});
        if (!pruned)
            return fail(pruned.error());
        const auto added = connection.change(
            QStringLiteral("INSERT INTO idempotency_keys (key, request_digest, status, body, "
                           "created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"),
            {blob(key), blob(answer.requestDigest), answer.status, blob(answer.body),
             toSql(answer.at)});
        if (!added)
            return fail(added.error());
        auto there = recallAnswer(connection, key);
        if (!there)
            return fail(there.error());
        kept = std::move(*there);
        return {};
    });
    if (!done)
        return fail(done.error());
    return kept.value_or(answer);
}

Outcome<std::optional<Answer>> recallAnswer(Connection& connection, const QByteArray& key) {
    std::optional<Answer> found;
    const auto read = connection.each(
        QStringLiteral("SELECT request_digest, status, body, created_at FROM idempotency_keys "
                       "WHERE key = ?"),
        {blob(key)}, [&found](const QSqlQuery& query) {
            Answer& answer = found.emplace();
            answer.requestDigest = query.value(0).toByteArray();
            answer.status = query.value(1).toInt();
            answer.body = query.value(2).toByteArray();
            fromSql(query.value(3), answer.at);
        });
    if (!read)
        return fail(read.error());
    return found;
}

} // namespace vigie::stores::sql
