#include "core/store/sql/connection.h"

#include "core/base/ids.h"
#include "core/store/sql/values.h"
#include "core/store/store.h"

#include <QSqlError>

namespace vigie::stores::sql {

Connection::Connection(const QString& driver)
    : m_driver(driver), m_name(newUuid()), m_database(QSqlDatabase::addDatabase(driver, m_name)) {}

Connection::~Connection() {
    forgetConnection();
}

void Connection::close() {
    m_statements.clear();
    m_database.close();
}

void Connection::forgetConnection() {
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
    // Only now: without a driver they don't try to be freed at the server that is gone.
    m_statements.clear();
}

void Connection::startAnew() {
    forgetConnection();
    m_database = QSqlDatabase::addDatabase(m_driver, m_name);
}

Outcome<QSqlQuery*> Connection::run(const QString& sql, const QVariantList& values) {
    std::shared_ptr<QSqlQuery>& statement = m_statements[sql];
    if (!statement) {
        auto fresh = std::make_shared<QSqlQuery>(m_database);
        fresh->setForwardOnly(true);
        if (!fresh->prepare(sql))
            return fail(failureOf(fresh->lastError()));
        statement = std::move(fresh);
    }
    for (int i = 0; i < values.size(); ++i)
        statement->bindValue(i, bindable(values.at(i)));
    if (!statement->exec()) {
        Failure failure = failureOf(statement->lastError());
        statement->finish();
        return fail(std::move(failure));
    }
    return statement.get();
}

Outcome<void> Connection::execute(const QString& sql) {
    QSqlQuery query(m_database);
    if (!query.exec(sql))
        return fail(failureOf(query.lastError()));
    return {};
}

Outcome<int> Connection::change(const QString& sql, const QVariantList& values) {
    const auto done = run(sql, values);
    if (!done)
        return fail(done.error());
    const int rows = (*done)->numRowsAffected();
    (*done)->finish();
    return rows;
}

Outcome<void> Connection::each(const QString& sql, const QVariantList& values,
                               const std::function<void(const QSqlQuery&)>& row) {
    const auto query = run(sql, values);
    if (!query)
        return fail(query.error());
    while ((*query)->next())
        row(**query);
    const QSqlError error = (*query)->lastError();
    (*query)->finish();
    if (error.isValid())
        return fail(failureOf(error));
    return {};
}

Outcome<QVariant> Connection::single(const QString& sql, const QVariantList& values) {
    QVariant first;
    const auto done = each(sql, values, [&first](const QSqlQuery& query) {
        if (!first.isValid())
            first = query.value(0);
    });
    if (!done)
        return fail(done.error());
    return first;
}

Outcome<void> Connection::transaction(Access access, const std::function<Outcome<void>()>& work) {
    if (const auto begun = execute(beginOf(access)); !begun)
        return fail(begun.error());
    Outcome<void> done = work();
    if (done) {
        if (const auto committed = execute(QStringLiteral("COMMIT")); committed)
            return {};
        else
            done = fail(committed.error());
    }
    // After some errors the database has rolled back by itself; then nothing is left to undo.
    (void)execute(QStringLiteral("ROLLBACK"));
    return done;
}

Outcome<void> Connection::stampHeartbeats(const std::vector<HeartbeatStamp>& beats) {
    static const QString sql = QStringLiteral(
        "UPDATE instances SET worker_last_heartbeat = ?, worker_status = ?, worker_model_id = ?, "
        "ip_address = coalesce(?, ip_address), worker_queue_depth = ?, "
        "worker_gpu_utilization = ?, worker_metadata = ? "
        "WHERE id = ? AND incarnation = coalesce(?, incarnation)");
    for (const HeartbeatStamp& beat : beats) {
        const auto saved = change(
            sql, {toSql(beat.receivedAt), toSql(beat.workerStatus), toSql(beat.workerModelId),
                  toSql(beat.ipAddress), toSql(beat.queueDepth), toSql(beat.gpuUtilization),
                  toSql(beat.metadata), beat.instanceId.value(), toSql(beat.incarnation)});
        if (!saved)
            return fail(saved.error());
    }
    return {};
}

} // namespace vigie::stores::sql
