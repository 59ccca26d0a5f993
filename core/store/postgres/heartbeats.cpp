#include "core/store/postgres/connection.h"
#include "core/store/store.h"

#include <QSet>

namespace vigie::stores::postgres {

namespace {

constexpr std::size_t mostRows = 1000; // of one statement

/// One column of many rows as a literal of an array: {"a",NULL,"b"}.
class ArrayLiteral {
public:
    void add(const QString& text) {
        next();
        if (text.isEmpty()) {
            m_text += QLatin1String("NULL");
            return;
        }
        m_text += u'"';
        for (const QChar c : text) {
            if (c == u'"' || c == u'\\')
                m_text += u'\\';
            m_text += c;
        }
        m_text += u'"';
    }
    template <typename Number>
    void add(const std::optional<Number>& number) {
        next();
        m_text += number ? QString::number(*number) : QStringLiteral("NULL");
    }
    void add(const std::optional<double>& number) {
        next();
        m_text += number ? QString::number(*number, 'g', 17) : QStringLiteral("NULL");
    }
    QString literal() const { return u'{' + m_text + u'}'; }

private:
    void next() {
        if (!m_text.isEmpty())
            m_text += u',';
    }
    QString m_text;
};

} // namespace

// One round trip and one statement for a thousand rows.
Outcome<void> Connection::stampHeartbeats(const std::vector<HeartbeatStamp>& beats) {
    static const QString sql =
        QStringLiteral(
            "UPDATE instances AS i SET worker_last_heartbeat = b.at, worker_status = b.status, "
            "worker_model_id = b.model, ip_address = coalesce(b.ip, i.ip_address), "
            "worker_queue_depth = b.depth, worker_gpu_utilization = b.gpu, "
            "worker_metadata = b.metadata, "
            "worker_heard_at = %1 - b.age "
            "FROM unnest(CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS text[]), "
            "CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]), "
            "CAST(? AS double precision[]), CAST(? AS text[]), CAST(? AS bigint[]), "
            "CAST(? AS bigint[])) "
            "AS b (id, at, status, model, ip, depth, gpu, metadata, incarnation, age) "
            "WHERE i.id = b.id AND i.incarnation = coalesce(b.incarnation, i.incarnation)")
            .arg(dialect().now);
    for (std::size_t begin = 0; begin < beats.size();) {
        ArrayLiteral ids, times, states, models, addresses, depths, gpus, metadata, incarnations,
            ages;
        QSet<InstanceId> seen;
        std::size_t end = begin;
        for (; end < beats.size() && end - begin < mostRows; ++end) {
            const HeartbeatStamp& beat = beats[end];
            if (seen.contains(beat.instanceId))
                break; // a later beat of the same instance: a statement of its own, in order
            seen.insert(beat.instanceId);
            ids.add(beat.instanceId.value());
            times.add(std::optional(qint64(beat.receivedAt.time_since_epoch().count())));
            states.add(beat.workerStatus);
            models.add(beat.workerModelId);
            addresses.add(beat.ipAddress);
            depths.add(beat.queueDepth);
            gpus.add(beat.gpuUtilization);
            metadata.add(QString::fromUtf8(beat.metadata));
            incarnations.add(beat.incarnation);
            ages.add(std::optional(qint64(beat.age.count())));
        }
        const auto saved =
            change(sql, {ids.literal(), times.literal(), states.literal(), models.literal(),
                         addresses.literal(), depths.literal(), gpus.literal(), metadata.literal(),
                         incarnations.literal(), ages.literal()});
        if (!saved)
            return fail(saved.error());
        begin = end;
    }
    return {};
}

QVariant Connection::bindable(const QVariant& value) const {
    // PostgreSQL keeps no NUL in a text.
    if (value.userType() != QMetaType::QString || !value.toString().contains(QChar::Null))
        return value;
    return QVariant(value.toString().replace(QChar::Null, QChar::ReplacementCharacter));
}

} // namespace vigie::stores::postgres
