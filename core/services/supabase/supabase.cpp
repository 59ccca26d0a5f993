#include "core/services/service.h"
#include "core/services/serviceoptions.h"
#include "core/services/supabase/supabaseclient.h"

namespace vigie {

namespace {

const QString& name() {
    static const QString word = QStringLiteral("supabase");
    return word;
}

/// Says whether PostgREST answers this key and, where a table is named, the database behind it.
class SupabaseService final : public Service {
public:
    SupabaseService(const ServiceContext& context, SupabaseOptions options, QString table)
        : m_client(context.clock, context.client, std::move(options)), m_table(std::move(table)) {}

    Task<Outcome<ServiceFinding>> check(std::stop_token stop) override {
        if (m_table.isEmpty()) {
            const auto root = co_await m_client.root(std::move(stop));
            if (!root)
                co_return fail(root.error());
            const QString tables = QStringLiteral("%1 tables and views for this key");
            co_return ServiceFinding{root->version, tables.arg(root->tables)};
        }
        SupabaseSelect one;
        one.table = m_table;
        one.limit = 1;
        const auto rows = co_await m_client.select(std::move(one), std::move(stop));
        if (!rows)
            co_return fail(rows.error());
        const QString found = rows->items().empty() ? QStringLiteral("table %1 is empty or hidden")
                                                    : QStringLiteral("table %1 can be read");
        co_return ServiceFinding{{}, found.arg(m_table)};
    }
    const Endpoint& endpoint() const override { return m_client.endpoint(); }

private:
    SupabaseClient m_client;
    QString m_table;
};

Outcome<std::unique_ptr<Service>> create(const ServiceContext& context) {
    auto checked = commonServiceOptions<SupabaseOptions>(name(), context);
    if (!checked)
        return fail(checked.error());
    SupabaseOptions options = std::move(*checked);
    options.restPath = context.settings.text(servicePath(name(), "rest_path"));
    options.schema = context.settings.text(servicePath(name(), "schema"));
    return std::make_unique<SupabaseService>(context, std::move(options),
                                             context.settings.text(servicePath(name(), "table")));
}

} // namespace

namespace services::supabase {

ServiceDescriptor descriptor() {
    ServiceDescriptor made;
    made.name = name();
    made.summary = QStringLiteral("Supabase: a PostgreSQL behind PostgREST");
    made.settings = commonServiceSettings(
        name(), {}, QStringLiteral("the project's key, anon or service_role"), 5);
    made.settings.push_back(serviceText(name(), QStringLiteral("rest_path"),
                                        QStringLiteral("/rest/v1"),
                                        QStringLiteral("Path of PostgREST below the address; empty "
                                                       "for a PostgREST without Supabase")));
    made.settings.push_back(
        serviceText(name(), QStringLiteral("schema"), {},
                    QStringLiteral("Schema to use; empty: the server's first")));
    made.settings.push_back(
        serviceText(name(), QStringLiteral("table"), {},
                    QStringLiteral("Table that a check reads one row of; empty: it reads "
                                   "PostgREST's own description")));
    made.create = create;
    return made;
}

} // namespace services::supabase

} // namespace vigie
