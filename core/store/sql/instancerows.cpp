#include "core/store/sql/instancerows.h"

#include "core/model/instancecodec.h"
#include "core/model/instancefields.h"
#include "core/store/sql/values.h"

namespace vigie::stores::sql {

namespace {

/// The control plane's own columns, in the order of `ownValues` and `readOwn`.
constexpr const char* ownColumns[] = {"status",
                                      "assessment",
                                      "held",
                                      "worker_id",
                                      "work_in_hand",
                                      "bootstrap_secret_hash",
                                      "worker_token_hash",
                                      "work_log_id",
                                      "next_attempt_at",
                                      "recovery_begun_at",
                                      "cost_since",
                                      "former_secret_hash",
                                      "retiring",
                                      "heard_at_limit",
                                      "drain_asked"};

QStringList columns() {
    QStringList all;
    for (const char* name : ownColumns)
        all.append(QLatin1String(name));
    for (const InstanceField& field : instanceFields())
        all.append(QLatin1String(field.name.data(), static_cast<qsizetype>(field.name.size())));
    return all;
}

QVariantList values(const InstanceRecord& record) {
    const Instance& i = record.instance;
    // A word of a newer program is kept as it is.
    const QString status = i.status == InstanceStatus::Unknown && !i.statusText.isEmpty()
                               ? i.statusText
                               : toString(i.status);
    QVariantList all{status,
                     i.assessment ? toSql(encodeAssessment(*i.assessment)) : QVariant(),
                     i.held ? toSql(encodeHeld(*i.held)) : QVariant(),
                     toSql(record.workerId),
                     toSql(record.workInHand),
                     toSql(record.bootstrapSecretHash),
                     toSql(record.workerTokenHash),
                     toSql(record.workLogId),
                     toSql(record.nextAttemptAt),
                     toSql(record.recoveryBegunAt),
                     toSql(record.costSince),
                     toSql(record.formerSecretHash),
                     toSql(record.retiring),
                     toSql(record.heardAtLimit),
                     toSql(record.drainAsked)};
    for (const InstanceField& field : instanceFields())
        std::visit([&](auto member) { all.append(toSql(i.*member)); }, field.member);
    return all;
}

InstanceRecord readRecord(const QSqlQuery& query) {
    InstanceRecord record;
    Instance& i = record.instance;
    QByteArray assessment;
    QByteArray held;
    RowReader row(query);
    row >> i.id >> record.version >> i.statusText >> assessment >> held >> record.workerId >>
        record.workInHand >> record.bootstrapSecretHash >> record.workerTokenHash >>
        record.workLogId >> record.nextAttemptAt >> record.recoveryBegunAt >> record.costSince >>
        record.formerSecretHash >> record.retiring >> record.heardAtLimit >> record.drainAsked;
    i.status = instanceStatusFromString(i.statusText);
    if (!assessment.isEmpty())
        i.assessment = decodeAssessment(assessment);
    if (!held.isEmpty())
        i.held = decodeHeld(held);
    for (const InstanceField& field : instanceFields())
        std::visit([&](auto member) { row >> i.*member; }, field.member);
    std::optional<qint64> heard;
    row >> heard;
    if (heard)
        record.heardAgo = std::chrono::milliseconds(*heard);
    return record;
}

tl::unexpected<Failure> conflict(const QString& message) {
    Failure failure{FailureKind::Conflict, message, 0, {}, {}, {}};
    failure.code = QStringLiteral("version_conflict");
    return fail(std::move(failure));
}

Outcome<QVariant> storedVersion(Connection& connection, const InstanceId& id) {
    return connection.single(QStringLiteral("SELECT version FROM instances WHERE id = ?"),
                             {id.value()});
}

} // namespace

Outcome<void> insertInstance(Connection& connection, const InstanceRecord& record) {
    static const QString sql = [] {
        const QStringList names = columns();
        return QStringLiteral("INSERT INTO instances (id, version, %1) VALUES (?, 1%2) "
                              "ON CONFLICT (id) DO NOTHING")
            .arg(names.join(QLatin1String(", ")), QStringLiteral(", ?").repeated(names.size()));
    }();
    const auto inserted =
        connection.change(sql, QVariantList{record.instance.id.value()} + values(record));
    if (!inserted)
        return fail(inserted.error());
    if (*inserted == 0)
        return conflict(QStringLiteral("The instance %1 exists already; nothing was written.")
                            .arg(record.instance.id.value()));
    return {};
}

Outcome<void> updateInstance(Connection& connection, const InstanceRecord& record) {
    // What was heard before a remedy was begun says nothing about the worker after it.
    static const QString sql =
        QStringLiteral("UPDATE instances SET version = version + 1, %1 = ?, "
                       "worker_heard_at = CASE WHEN incarnation = ? AND "
                       "coalesce(?, recovery_begun_at, 0) = coalesce(recovery_begun_at, 0) "
                       "THEN worker_heard_at END WHERE id = ? AND version = ?")
            .arg(columns().join(QLatin1String(" = ?, ")));
    const InstanceId& id = record.instance.id;
    const auto updated =
        connection.change(sql, values(record) + QVariantList{record.instance.incarnation,
                                                             toSql(record.recoveryBegunAt),
                                                             id.value(), record.version});
    if (!updated)
        return fail(updated.error());
    if (*updated > 0)
        return {};
    const auto stored = storedVersion(connection, id);
    if (!stored)
        return fail(stored.error());
    if (stored->isNull())
        return conflict(
            QStringLiteral("The instance %1 does not exist; nothing was written.").arg(id.value()));
    return conflict(QStringLiteral("The instance %1 is at version %2, not at %3: somebody else "
                                   "changed it first; nothing was written.")
                        .arg(id.value())
                        .arg(stored->toLongLong())
                        .arg(record.version));
}

Outcome<std::vector<InstanceRecord>> readInstances(Connection& connection,
                                                   const std::optional<QString>& only) {
    const Dialect& words = connection.dialect();
    QString sql = QStringLiteral("SELECT id, version, %1, %2 - worker_heard_at FROM instances ")
                      .arg(columns().join(QLatin1String(", ")), words.now);
    if (only)
        sql += QStringLiteral("WHERE id IN (%1) ").arg(words.elements);
    sql += QStringLiteral("ORDER BY ") + words.order;
    std::vector<InstanceRecord> records;
    const auto read = connection.each(
        sql, only ? QVariantList{*only} : QVariantList(),
        [&records](const QSqlQuery& query) { records.push_back(readRecord(query)); });
    if (!read)
        return fail(read.error());
    return records;
}

} // namespace vigie::stores::sql
