#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/services/servicecalls.h"
#include "core/services/supabase/supabasecodec.h"

#include <QStringList>

namespace vigie {

struct SupabaseOptions {
    QUrl url;                                      ///< of the project, "https://abc.supabase.co"
    QString restPath = QStringLiteral("/rest/v1"); ///< empty for a bare PostgREST
    QByteArray key;                                ///< anon or service_role; empty: none is sent
    QByteArray userToken; ///< a signed-in user's JWT in place of the key as bearer; may be empty
    QString schema;       ///< empty: the server's first
    Duration callTimeout = std::chrono::seconds(5);
    qint64 maxBodyBytes = 16 * 1024 * 1024;
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
    bool resilienceEnabled = true, breakerEnabled = true;
    std::shared_ptr<const ProfileSet> profiles{}; ///< null: those that are built in
    SharedCalls shared{};                         ///< with the other calls of the program
};

/// One condition on a column, in PostgREST's words: {"age", "gte", "18"}.
struct SupabaseFilter {
    QString column;
    QString op;    ///< eq neq gt gte lt lte like ilike match imatch is in cs cd fts
    QString value; ///< as PostgREST takes it: "null" for is, "(1,2)" for in
};

struct SupabaseSelect {
    QString table;
    QStringList columns; ///< empty: all
    std::vector<SupabaseFilter> filters;
    QStringList order; ///< "created_at.desc"
    int limit = 1000;  ///< rows, 1 or more
    int offset = 0;
};

/// Talks to one Supabase project's PostgREST. Belongs to one thread, and outlives the tasks it
/// returned.
class SupabaseClient {
public:
    SupabaseClient(Clock& clock, HttpClient& client, SupabaseOptions options);

    /// The rows, as a JSON list. Retried like every read.
    Task<Outcome<JsonNode>> select(SupabaseSelect query, std::stop_token stop);
    /// Adds rows (one JSON object or a list of them) and returns them as stored. Repeated only when
    /// the database rolled back or was not reached: it would be there twice otherwise.
    Task<Outcome<JsonNode>> insert(QString table, QByteArray rows, std::stop_token stop);
    /// Adds rows, or replaces those that have the same values in `conflictColumns` (empty: the
    /// primary key). Doing it twice is doing it once, so it is retried.
    Task<Outcome<JsonNode>> upsert(QString table, QByteArray rows, QStringList conflictColumns,
                                   std::stop_token stop);
    /// Reads PostgREST's own description.
    Task<Outcome<PostgrestRoot>> root(std::stop_token stop);

    const Endpoint& endpoint() const { return m_endpoint; }

private:
    HttpRequest request(const QByteArray& method, const QString& table,
                        const QByteArray& query) const;
    Task<Outcome<JsonNode>> write(HttpRequest order, QString table, QByteArray rows,
                                  QByteArray prefer, std::stop_token stop);

    SupabaseOptions m_options;
    ServiceCalls m_calls;
    Endpoint m_endpoint;
};

} // namespace vigie
