#include "core/store/sql/fleettables.h"

#include "core/model/instancecodec.h"
#include "core/store/sql/audittables.h"
#include "core/store/sql/commandtables.h"
#include "core/store/sql/finopstables.h"
#include "core/store/sql/instancerows.h"
#include "core/store/sql/replicatables.h"
#include "core/store/sql/restoredmarks.h"
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

namespace {

Outcome<std::vector<Volume>> readVolumes(Connection& connection,
                                         const std::optional<QString>& only = {}) {
    QString sql = QStringLiteral("SELECT %1 FROM instance_volumes ").arg(volumeColumns);
    if (only)
        sql += QStringLiteral("WHERE instance_id IN (%1) ").arg(connection.dialect().elements);
    sql += QStringLiteral("ORDER BY ") + connection.dialect().order;
    std::vector<Volume> volumes;
    const auto read =
        connection.each(sql, only ? QVariantList{*only} : QVariantList(),
                        [&](const QSqlQuery& query) { volumes.push_back(readVolume(query)); });
    if (!read)
        return fail(read.error());
    return volumes;
}

Outcome<void> readFleet(Connection& connection, FleetContents& contents,
                        const std::optional<QString>& only = {}) {
    contents = {};
    auto instances = readInstances(connection, only);
    if (!instances)
        return fail(instances.error());
    contents.instances = std::move(*instances);
    auto volumes = readVolumes(connection, only);
    if (!volumes)
        return fail(volumes.error());
    contents.volumes = std::move(*volumes);
    return connection.each(QStringLiteral("SELECT key, value FROM meta"), {},
                           [&](const QSqlQuery& query) {
                               const QString key = query.value(0).toString();
                               if (key == u"store_id")
                                   contents.storeId = query.value(1).toString();
                               else if (key == u"cluster_id")
                                   contents.clusterId = query.value(1).toString();
                               else if (key == u"epoch")
                                   contents.epoch = query.value(1).toLongLong();
                               else
                                   readRestored(key, query.value(1).toString(), contents.restored);
                           });
}

/// What others are told of a change set.
StoreNews newsOf(const ChangeSet& changes) {
    StoreNews news;
    for (const auto* records : {&changes.inserts, &changes.updates}) {
        for (const InstanceRecord& record : *records)
            news.instances.push_back(record.instance.id);
    }
    for (const Volume& volume : changes.volumes)
        news.instances.push_back(volume.instanceId);
    news.logs = !changes.logStarts.empty() || !changes.logFinishes.empty();
    return news;
}

} // namespace

Outcome<FleetContents> load(Connection& connection) {
    FleetContents contents;
    const auto read = connection.transaction(Connection::Access::Read,
                                             [&] { return readFleet(connection, contents); });
    if (!read)
        return fail(read.error());
    return contents;
}

Outcome<FleetContents> loadSome(Connection& connection, const std::vector<InstanceId>& ids) {
    QStringList names;
    for (const InstanceId& id : ids)
        names.append(id.value());
    FleetContents contents;
    const auto read = connection.transaction(Connection::Access::Read, [&] {
        return readFleet(connection, contents, jsonTexts(names));
    });
    if (!read)
        return fail(read.error());
    return contents;
}

Outcome<void> commit(Connection& connection, const ChangeSet& changes) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        auto done = checkLease(connection);
        // Instances first: history and volumes refer to them.
        if (done)
            done = all(connection, changes.inserts, insertInstance);
        if (done)
            done = all(connection, changes.updates, updateInstance);
        if (done)
            done = all(connection, changes.history, addHistory);
        std::vector<LogEvent> events;
        if (done)
            done = all(connection, changes.logStarts,
                       [&](auto& c, const ActionLog& log) { return addLog(c, log, events); });
        if (done)
            done = all(connection, changes.logFinishes, [&](auto& c, const ActionLogFinish& end) {
                return finishLog(c, end, events);
            });
        if (done)
            done = all(connection, changes.volumes, putVolume);
        if (done)
            done = all(connection, changes.finops, addFinopsEvent);
        if (done)
            done = all(connection, changes.commands, addCommand);
        if (done && changes.releasesRestored)
            done = releaseRestored(connection);
        if (done)
            done = appendLogEvents(connection, events); // last: whoever appends next waits here
        if (done)
            done = connection.announce(newsOf(changes));
        return done;
    });
}

Outcome<void> saveAssessments(Connection& connection, const std::vector<AssessmentStamp>& stamps) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        if (const auto valid = checkLease(connection); !valid)
            return valid;
        StoreNews news;
        for (const AssessmentStamp& stamp : stamps) {
            const auto saved = connection.change(
                QStringLiteral("UPDATE instances SET assessment = ? WHERE id = ?"),
                {stamp.assessment ? toSql(encodeAssessment(*stamp.assessment)) : QVariant(),
                 stamp.instanceId.value()});
            if (!saved)
                return fail(saved.error());
            news.instances.push_back(stamp.instanceId);
        }
        return connection.announce(news);
    });
}

// Without a lease too: what was heard is true whoever writes it down.
Outcome<void> saveHeartbeats(Connection& connection, const std::vector<HeartbeatStamp>& beats) {
    return connection.transaction(Connection::Access::Write, [&]() -> Outcome<void> {
        if (const auto stamped = connection.stampHeartbeats(beats); !stamped)
            return stamped;
        StoreNews news;
        for (const HeartbeatStamp& beat : beats)
            news.instances.push_back(beat.instanceId);
        return connection.announce(news);
    });
}

} // namespace vigie::stores::sql
