#include "core/store/sql/replicatables.h"

#include "core/model/jsonwriter.h"
#include "core/store/sql/values.h"

namespace vigie::stores::sql {

namespace {

using Access = Connection::Access;

Outcome<void> done(const Outcome<int>& rows) {
    if (!rows)
        return fail(rows.error());
    return {};
}

tl::unexpected<Failure> leaseLost() {
    Failure failure{FailureKind::Conflict,
                    QStringLiteral("The lease of this orchestrator at the store has ended; nothing "
                                   "was written."),
                    0,
                    {},
                    {},
                    {}};
    failure.code = QStringLiteral("lease_lost");
    return fail(std::move(failure));
}

Outcome<void> giveUp(Connection& connection, qint64 lease) {
    for (const char* sql : {"DELETE FROM claims WHERE replica = ?",
                            "UPDATE commands SET replica = NULL WHERE replica = ?",
                            "DELETE FROM replicas WHERE id = ?"}) {
        if (const auto gone = connection.change(QLatin1String(sql), {lease}); !gone)
            return fail(gone.error());
    }
    return {};
}

} // namespace

Outcome<void> bury(Connection& connection) {
    QVariantList ended;
    const auto found = connection.each(
        QStringLiteral("SELECT id FROM replicas WHERE lease_until <= %1 ORDER BY id %2")
            .arg(connection.dialect().now, connection.dialect().lockRows),
        {}, [&ended](const QSqlQuery& row) { ended.append(row.value(0)); });
    if (!found)
        return found;
    for (const QVariant& id : ended) {
        for (const char* sql : {"UPDATE claims SET replica = NULL WHERE replica = ?",
                                "UPDATE commands SET replica = NULL WHERE replica = ?",
                                "DELETE FROM replicas WHERE id = ?"}) {
            if (const auto gone = connection.change(QLatin1String(sql), {id}); !gone)
                return fail(gone.error());
        }
    }
    return {};
}

QString jsonTexts(const QStringList& texts) {
    JsonWriter json;
    json.beginArray();
    for (const QString& text : texts)
        json.value(text);
    json.endArray();
    return QString::fromUtf8(json.take());
}

Outcome<qint64> join(Connection& connection, const QString& name, std::chrono::milliseconds lease) {
    qint64 token = 0;
    const auto joined = connection.transaction(Access::Write, [&]() -> Outcome<void> {
        if (const auto known = connection.checkSchema(); !known)
            return known;
        if (const auto buried = bury(connection); !buried)
            return buried;
        const auto made = connection.single(
            QStringLiteral("INSERT INTO replicas (name, lease_until) VALUES (?, %1 + ?) "
                           "RETURNING id")
                .arg(connection.dialect().now),
            {name, qint64(lease.count())});
        if (!made)
            return fail(made.error());
        token = made->toLongLong();
        return {};
    });
    if (!joined)
        return fail(joined.error());
    connection.setLease(token);
    return token;
}

Outcome<void> checkLease(Connection& connection) {
    if (connection.lease() == 0)
        return {};
    const auto there = connection.single(
        QStringLiteral("SELECT 1 FROM replicas WHERE id = ? AND lease_until > %1 %2")
            .arg(connection.dialect().now, connection.dialect().keepRow),
        {connection.lease()});
    if (!there)
        return fail(there.error());
    if (!there->isValid())
        return leaseLost();
    return {};
}

Outcome<void> renew(Connection& connection, std::chrono::milliseconds lease) {
    // Also one that has ended, while nobody has noticed: then nobody took anything over.
    return connection.transaction(Access::Write, [&]() -> Outcome<void> {
        const auto renewed = connection.change(
            QStringLiteral("UPDATE replicas SET lease_until = %1 + ? WHERE id = ?")
                .arg(connection.dialect().now),
            {qint64(lease.count()), connection.lease()});
        if (!renewed)
            return fail(renewed.error());
        if (*renewed == 0)
            return leaseLost();
        return {};
    });
}

Outcome<QStringList> claim(Connection& connection, const QStringList& names) {
    const Dialect& words = connection.dialect();
    const QString wanted = jsonTexts(names);
    QStringList ours;
    const auto claimed = connection.transaction(Access::Write, [&]() -> Outcome<void> {
        ours.clear();
        if (const auto valid = checkLease(connection); !valid)
            return valid;
        if (const auto buried = bury(connection); !buried)
            return buried;
        // In one order everywhere, so that no two wait for each other.
        const auto made = connection.change(
            QStringLiteral("INSERT INTO claims (name) SELECT * FROM (%1) AS n WHERE true "
                           "ORDER BY 1 ON CONFLICT (name) DO NOTHING")
                .arg(words.elements),
            {wanted});
        if (!made)
            return fail(made.error());
        return connection.each(
            QStringLiteral("UPDATE claims SET replica = ? WHERE name IN (SELECT name FROM claims "
                           "WHERE name IN (%1) AND (replica IS NULL OR replica = ?) "
                           "ORDER BY name %2) RETURNING name")
                .arg(words.elements, words.lockRows),
            {connection.lease(), wanted, connection.lease()},
            [&ours](const QSqlQuery& row) { ours.append(row.value(0).toString()); });
    });
    if (!claimed)
        return fail(claimed.error());
    return ours;
}

Outcome<void> unclaim(Connection& connection, const QStringList& names) {
    return connection.transaction(Access::Write, [&] {
        return done(connection.change(
            QStringLiteral("DELETE FROM claims WHERE replica = ? AND name IN (%1)")
                .arg(connection.dialect().elements),
            {connection.lease(), jsonTexts(names)}));
    });
}

Outcome<void> leave(Connection& connection) {
    return connection.transaction(Access::Write,
                                  [&] { return giveUp(connection, connection.lease()); });
}

Outcome<QString> holder(Connection& connection, const QString& name) {
    const auto found = connection.single(
        QStringLiteral("SELECT r.name FROM claims c JOIN replicas r ON r.id = c.replica "
                       "WHERE c.name = ?"),
        {name});
    if (!found)
        return fail(found.error());
    return found->toString();
}

} // namespace vigie::stores::sql
