#include "core/services/supabase/supabaseclient.h"

#include "core/services/servicesettings.h"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

/// A name or value inside a query: everything but letters, digits and "-._~" is encoded, so that
/// nothing in it can end the parameter.
QByteArray encoded(const QString& text) {
    return text.toUtf8().toPercentEncoding();
}

bool isKnownOperator(const QString& op) {
    static constexpr std::array known{"eq",    "neq",    "gt", "gte", "lt", "lte", "like", "ilike",
                                      "match", "imatch", "is", "in",  "cs", "cd",  "fts"};
    return std::ranges::any_of(known,
                               [&op](const char* each) { return op == QLatin1String(each); });
}

/// A column inside a parameter's name or a list.
bool isColumn(const QString& column) {
    return !column.isEmpty() && column.size() <= 200 && !column.contains(u',');
}

QString problemOf(const SupabaseSelect& query) {
    if (query.limit < 1 || query.offset < 0)
        return QStringLiteral("limit is %1 and offset %2, but must be 1 or more and 0 or more")
            .arg(query.limit)
            .arg(query.offset);
    for (const SupabaseFilter& filter : query.filters) {
        if (!isColumn(filter.column))
            return QStringLiteral("\"%1\" is no column to filter by").arg(filter.column);
        if (!isKnownOperator(filter.op))
            return QStringLiteral("\"%1\" is no operator of PostgREST, such as eq, gte or in")
                .arg(filter.op);
    }
    return {};
}

QByteArray encodedList(const QStringList& items) {
    QByteArrayList list;
    for (const QString& item : items)
        list.append(encoded(item));
    return list.join(',');
}

QByteArray queryOf(const SupabaseSelect& query) {
    QByteArray text =
        "select=" + (query.columns.isEmpty() ? QByteArray("*") : encodedList(query.columns));
    for (const SupabaseFilter& filter : query.filters)
        text +=
            '&' + encoded(filter.column) + '=' + filter.op.toLatin1() + '.' + encoded(filter.value);
    if (!query.order.isEmpty())
        text += "&order=" + encodedList(query.order);
    text += "&limit=" + QByteArray::number(query.limit);
    if (query.offset > 0)
        text += "&offset=" + QByteArray::number(query.offset);
    return text;
}

Failure invalid(const QString& table, const QString& problem) {
    return {FailureKind::Invalid,
            QStringLiteral("Supabase table \"%1\": %2").arg(table, problem),
            0,
            {},
            {},
            {}};
}

} // namespace

SupabaseClient::SupabaseClient(Clock& clock, HttpClient& client, SupabaseOptions options)
    : m_options(std::move(options)), m_calls{QStringLiteral("supabase"),
                                             decodeSupabaseError,
                                             m_options.classifier,
                                             m_options.resilienceEnabled,
                                             m_options.profiles,
                                             m_options.breakerEnabled,
                                             m_options.shared},
      m_endpoint(clock, client, m_calls.options("database", m_options.url, m_options.callTimeout)) {
}

HttpRequest SupabaseClient::request(const QByteArray& method, const QString& table,
                                    const QByteArray& query) const {
    HttpRequest made;
    made.method = method;
    made.url = below(m_options.url, m_options.restPath.toUtf8() + '/' + encoded(table), query);
    made.deadline = m_options.callTimeout;
    made.maxBodyBytes = m_options.maxBodyBytes;
    made.headers.emplaceBack("Accept", "application/json");
    if (!m_options.key.isEmpty()) {
        made.headers.emplaceBack("apikey", m_options.key);
        const QByteArray& bearer =
            m_options.userToken.isEmpty() ? m_options.key : m_options.userToken;
        made.headers.emplaceBack("Authorization", "Bearer " + bearer);
    }
    if (!m_options.schema.isEmpty())
        made.headers.append(
            {method == "GET" ? "Accept-Profile" : "Content-Profile", m_options.schema.toUtf8()});
    return made;
}

Task<Outcome<JsonNode>> SupabaseClient::select(SupabaseSelect query, std::stop_token stop) {
    if (const QString problem = problemOf(query); !problem.isEmpty())
        co_return fail(invalid(query.table, problem));
    HttpRequest asked = request("GET", query.table, queryOf(query));
    const auto reply = co_await m_endpoint.call(std::move(asked), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeRows(reply->body);
}

Task<Outcome<JsonNode>> SupabaseClient::insert(QString table, QByteArray rows,
                                               std::stop_token stop) {
    HttpRequest order = request("POST", table, {});
    return write(std::move(order), std::move(table), std::move(rows), "return=representation",
                 std::move(stop));
}

Task<Outcome<JsonNode>> SupabaseClient::upsert(QString table, QByteArray rows,
                                               QStringList conflictColumns, std::stop_token stop) {
    QByteArray query;
    if (!conflictColumns.isEmpty())
        query = "on_conflict=" + encodedList(conflictColumns);
    HttpRequest order = request("POST", table, query);
    markRepeatable(order);
    return write(std::move(order), std::move(table), std::move(rows),
                 "resolution=merge-duplicates,return=representation", std::move(stop));
}

Task<Outcome<JsonNode>> SupabaseClient::write(HttpRequest order, QString table, QByteArray rows,
                                              QByteArray prefer, std::stop_token stop) {
    if (const QString problem = rowsProblem(rows); !problem.isEmpty())
        co_return fail(invalid(table, problem));
    order.headers.emplaceBack("Content-Type", "application/json");
    order.headers.emplaceBack("Prefer", prefer);
    order.body = std::move(rows);
    const auto reply = co_await m_endpoint.call(std::move(order), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodeRows(reply->body);
}

Task<Outcome<PostgrestRoot>> SupabaseClient::root(std::stop_token stop) {
    HttpRequest asked = request("GET", {}, {});
    const auto reply = co_await m_endpoint.call(std::move(asked), std::move(stop));
    if (!reply)
        co_return fail(reply.error());
    co_return decodePostgrestRoot(reply->body);
}

} // namespace vigie
