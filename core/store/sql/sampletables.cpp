#include "core/store/sql/sampletables.h"

#include "core/store/sql/values.h"

#include <algorithm>
#include <span>

namespace vigie::stores::sql {

namespace {

// A statement for many rows, for databases with a dear round trip.
constexpr int rowsAtOnce = 100;

QString insertOf(int rows) {
    return QStringLiteral("INSERT INTO samples (instance_id, at, figures) VALUES (?, ?, ?)") +
           QStringLiteral(", (?, ?, ?)").repeated(rows - 1);
}

Outcome<void> insert(Connection& connection, const QString& sql,
                     std::span<const StoredSample> rows) {
    QVariantList values;
    values.reserve(3 * static_cast<qsizetype>(rows.size()));
    for (const StoredSample& row : rows)
        values << row.instanceId.value() << toSql(row.sample.at)
               << toSql(encodeActivityFigures(row.sample));
    const auto added = connection.change(sql, values);
    if (!added)
        return fail(added.error());
    return {};
}

} // namespace

Outcome<void> saveSamples(Connection& connection, const std::vector<StoredSample>& samples) {
    static const QString many = insertOf(rowsAtOnce);
    static const QString one = insertOf(1);
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        std::span<const StoredSample> left(samples);
        while (!left.empty()) {
            const bool whole = left.size() >= rowsAtOnce;
            const std::size_t taken = whole ? rowsAtOnce : 1;
            if (const auto done = insert(connection, whole ? many : one, left.first(taken)); !done)
                return done;
            left = left.subspan(taken);
        }
        return {};
    });
}

Outcome<std::vector<StoredSample>> samples(Connection& connection, const SampleQuery& query) {
    QString sql =
        QStringLiteral("SELECT instance_id, at, figures FROM samples WHERE at > ? AND at <= ? ");
    QVariantList values{toSql(query.after), toSql(query.until)};
    if (!query.instanceId.isEmpty()) {
        sql += QStringLiteral("AND instance_id = ? ");
        values.append(query.instanceId.value());
    }
    sql += QStringLiteral("LIMIT ?");
    values.append(std::clamp(query.limit, 1, 1'000'000));
    std::vector<StoredSample> all;
    Outcome<void> readable;
    const auto read = connection.each(sql, values, [&](const QSqlQuery& each) {
        RowReader row(each);
        StoredSample stored;
        WallTime at{};
        QByteArray figures;
        row >> stored.instanceId >> at >> figures;
        auto decoded = decodeActivityFigures(figures);
        if (!decoded) {
            readable = fail(FailureKind::Storage, decoded.error().message);
            return;
        }
        stored.sample = std::move(*decoded);
        stored.sample.at = at;
        all.push_back(std::move(stored));
    });
    if (!read)
        return fail(read.error());
    if (!readable)
        return fail(readable.error());
    std::ranges::sort(all, [](const StoredSample& a, const StoredSample& b) {
        return std::tie(a.instanceId.value(), a.sample.at) <
               std::tie(b.instanceId.value(), b.sample.at);
    });
    return all;
}

Outcome<int> removeSamples(Connection& connection, WallTime before, int most) {
    return connection.change(
        QStringLiteral("DELETE FROM samples WHERE seq IN "
                       "(SELECT seq FROM samples WHERE at <= ? ORDER BY at LIMIT ?)"),
        {toSql(before), most});
}

} // namespace vigie::stores::sql
