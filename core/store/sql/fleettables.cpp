#include "core/store/sql/fleettables.h"

#include "core/store/sql/audittables.h"
#include "core/store/sql/instancerows.h"
#include "core/store/sql/values.h"

namespace vigie::stores::sql {

namespace {

const QString volumeColumns = QStringLiteral(
    "id, instance_id, provider_volume_id, name, volume_type, size_gb, is_boot, status, "
    "delete_on_terminate, created_at, attached_at, deleted_at, reconciled_at, "
    "last_reconciliation, error_message");

Outcome<void> putVolume(Connection& connection, const Volume& v) {
    static const QString sql = [] {
        QStringList sets;
        for (const QString& name : volumeColumns.split(QLatin1String(", ")).mid(1))
            sets.append(QStringLiteral("%1 = excluded.%1").arg(name));
        return QStringLiteral("INSERT INTO instance_volumes (%1) VALUES (?%2) "
                              "ON CONFLICT (id) DO UPDATE SET %3")
            .arg(volumeColumns, QStringLiteral(", ?").repeated(sets.size()),
                 sets.join(QLatin1String(", ")));
    }();
    const auto put =
        connection.change(sql, {v.id.value(), toSql(v.instanceId), toSql(v.providerVolumeId),
                                toSql(v.name), toSql(v.volumeType), v.sizeGb, toSql(v.isBoot),
                                toString(v.status), toSql(v.deleteOnTerminate), toSql(v.createdAt),
                                toSql(v.attachedAt), toSql(v.deletedAt), toSql(v.reconciledAt),
                                toSql(v.lastReconciliation), toSql(v.errorMessage)});
    if (!put)
        return fail(put.error());
    return {};
}

Volume readVolume(const QSqlQuery& query) {
    Volume v;
    RowReader row(query);
    row >> v.id >> v.instanceId >> v.providerVolumeId >> v.name >> v.volumeType >> v.sizeGb >>
        v.isBoot;
    v.status = volumeStatusFromString(row.word());
    row >> v.deleteOnTerminate >> v.createdAt >> v.attachedAt >> v.deletedAt >> v.reconciledAt >>
        v.lastReconciliation >> v.errorMessage;
    return v;
}

/// Applies `write` to each item until one fails.
template <typename Items, typename Write>
Outcome<void> all(Connection& connection, const Items& items, const Write& write) {
    for (const auto& item : items) {
        if (const auto written = write(connection, item); !written)
            return fail(written.error());
    }
    return {};
}

} // namespace

Outcome<FleetContents> load(Connection& connection) {
    FleetContents contents;
    const auto read = connection.transaction(Connection::Access::Read, [&]() -> Outcome<void> {
        contents = {};
        auto instances = readInstances(connection);
        if (!instances)
            return fail(instances.error());
        contents.instances = std::move(*instances);
        const auto volumes = connection.each(
            QStringLiteral("SELECT %1 FROM instance_volumes ORDER BY %2")
                .arg(volumeColumns, connection.dialect().order),
            {}, [&](const QSqlQuery& query) { contents.volumes.push_back(readVolume(query)); });
        if (!volumes)
            return volumes;
        return connection.each(QStringLiteral("SELECT key, value FROM meta"), {},
                               [&](const QSqlQuery& query) {
                                   const QString key = query.value(0).toString();
                                   if (key == u"store_id")
                                       contents.storeId = query.value(1).toString();
                                   else if (key == u"cluster_id")
                                       contents.clusterId = query.value(1).toString();
                                   else if (key == u"epoch")
                                       contents.epoch = query.value(1).toLongLong();
                               });
    });
    if (!read)
        return fail(read.error());
    return contents;
}

Outcome<void> commit(Connection& connection, const ChangeSet& changes) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        // Instances first: history and volumes refer to them.
        auto done = all(connection, changes.inserts, insertInstance);
        if (done)
            done = all(connection, changes.updates, updateInstance);
        if (done)
            done = all(connection, changes.history, addHistory);
        if (done)
            done = all(connection, changes.logStarts, addLog);
        if (done)
            done = all(connection, changes.logFinishes, finishLog);
        if (done)
            done = all(connection, changes.volumes, putVolume);
        return done;
    });
}

Outcome<void> saveHeartbeats(Connection& connection, const std::vector<HeartbeatStamp>& beats) {
    return connection.transaction(Connection::Access::Write,
                                  [&] { return connection.stampHeartbeats(beats); });
}

} // namespace vigie::stores::sql
