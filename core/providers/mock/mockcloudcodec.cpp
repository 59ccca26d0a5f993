#include "core/base/timeformat.h"
#include "core/providers/mock/mockmachine.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonParseError>

namespace vigie {

namespace {

QJsonObject toJson(const MockMachine& m) {
    return {{QStringLiteral("id"), m.id.value()},
            {QStringLiteral("tags"), QJsonArray::fromStringList(m.tags)},
            {QStringLiteral("zone"), m.zone},
            {QStringLiteral("instance_type"), m.instanceType},
            {QStringLiteral("created_at"), toRfc3339(m.createdAt)},
            {QStringLiteral("running"), m.running},
            {QStringLiteral("ever_ready"), m.everReady},
            {QStringLiteral("disk_lost"), m.diskLost},
            {QStringLiteral("seed"), static_cast<qint64>(m.seed)},
            {QStringLiteral("generation"), m.generation},
            {QStringLiteral("instance_id"), m.boot.instanceId.value()},
            {QStringLiteral("control_plane_url"), m.boot.controlPlaneUrl.toString()},
            {QStringLiteral("model_id"), m.boot.modelId},
            {QStringLiteral("correlation_id"), m.boot.correlationId},
            {QStringLiteral("bootstrap_secret"), m.boot.bootstrapSecret}};
}

QJsonObject toJson(const MachineVolume& v) {
    return {{QStringLiteral("id"), v.id},
            {QStringLiteral("name"), v.name},
            {QStringLiteral("type"), v.type},
            {QStringLiteral("size_gb"), v.sizeGb},
            {QStringLiteral("tags"), QJsonArray::fromStringList(v.tags)},
            {QStringLiteral("created_at"), v.createdAt ? toRfc3339(*v.createdAt) : QString()}};
}

QJsonObject toJson(const ProviderTrouble& t) {
    return {{QStringLiteral("latency_s"), toSeconds(t.latency)},
            {QStringLiteral("error_rate"), t.errorRate},
            {QStringLiteral("rate_limit_rate"), t.rateLimitRate},
            {QStringLiteral("lost_answer_rate"), t.lostAnswerRate},
            {QStringLiteral("volume_leak_rate"), t.volumeLeakRate},
            {QStringLiteral("out_of_stock"), QJsonArray::fromStringList(t.outOfStock)},
            {QStringLiteral("quota"), t.quota ? QJsonValue(*t.quota) : QJsonValue()},
            {QStringLiteral("list_lag_s"), toSeconds(t.listLag)},
            {QStringLiteral("seed"), static_cast<qint64>(t.seed)}};
}

QStringList texts(const QJsonValue& list) {
    QStringList out;
    for (const QJsonValue& text : list.toArray())
        out.append(text.toString());
    return out;
}

std::optional<MockMachine> machine(const QJsonObject& o) {
    const auto word = [&o](const char* key) { return o.value(QLatin1String(key)).toString(); };
    MockMachine m;
    m.id = MachineId(word("id"));
    m.tags = texts(o.value(QLatin1String("tags")));
    m.zone = word("zone");
    m.instanceType = word("instance_type");
    const auto created = fromRfc3339(word("created_at"));
    m.running = o.value(QLatin1String("running")).toBool();
    m.everReady = o.value(QLatin1String("ever_ready")).toBool();
    m.diskLost = o.value(QLatin1String("disk_lost")).toBool();
    m.seed = static_cast<quint32>(o.value(QLatin1String("seed")).toInteger());
    m.generation = o.value(QLatin1String("generation")).toInt();
    m.boot = {InstanceId(word("instance_id")), QUrl(word("control_plane_url"), QUrl::StrictMode),
              word("bootstrap_secret"), word("model_id"), word("correlation_id")};
    if (m.id.isEmpty() || m.tags.isEmpty() || !created || m.boot.instanceId.isEmpty())
        return {};
    m.createdAt = *created;
    return m;
}

MachineVolume volume(const QJsonObject& o) {
    const auto word = [&o](const char* key) { return o.value(QLatin1String(key)).toString(); };
    MachineVolume v;
    v.id = word("id");
    v.name = word("name");
    v.type = word("type");
    v.sizeGb = o.value(QLatin1String("size_gb")).toInt();
    v.boot = true;
    v.tags = texts(o.value(QLatin1String("tags")));
    v.createdAt = fromRfc3339(word("created_at"));
    return v;
}

ProviderTrouble trouble(const QJsonObject& o) {
    const auto figure = [&o](const char* key) { return o.value(QLatin1String(key)).toDouble(); };
    ProviderTrouble t;
    t.latency = fromSeconds(figure("latency_s"));
    t.errorRate = figure("error_rate");
    t.rateLimitRate = figure("rate_limit_rate");
    t.lostAnswerRate = figure("lost_answer_rate");
    t.volumeLeakRate = figure("volume_leak_rate");
    t.outOfStock = texts(o.value(QLatin1String("out_of_stock")));
    if (const QJsonValue quota = o.value(QLatin1String("quota")); quota.isDouble())
        t.quota = quota.toInt();
    t.listLag = fromSeconds(figure("list_lag_s"));
    t.seed = static_cast<quint32>(o.value(QLatin1String("seed")).toInteger());
    return t;
}

} // namespace

QByteArray encodeCloud(const MockCloud& cloud) {
    QJsonArray machines, volumes;
    for (const MockMachine& m : cloud.machines)
        machines.append(toJson(m));
    for (const MachineVolume& v : cloud.leftVolumes)
        volumes.append(toJson(v));
    QJsonObject whole{{QStringLiteral("machines"), machines},
                      {QStringLiteral("left_volumes"), volumes}};
    if (cloud.told) {
        whole.insert(QStringLiteral("told"), toJson(*cloud.told));
        whole.insert(QStringLiteral("tellings"), cloud.tellings);
    }
    return QJsonDocument(whole).toJson(QJsonDocument::Indented);
}

Outcome<MockCloud> decodeCloud(const QByteArray& text) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    const QJsonValue machines = document.object().value(QLatin1String("machines"));
    if (!machines.isArray())
        return fail(FailureKind::Malformed,
                    error.error == QJsonParseError::NoError
                        ? QStringLiteral("\"machines\" is missing or no list")
                        : QStringLiteral("not JSON: %1 at byte %2")
                              .arg(error.errorString())
                              .arg(error.offset));
    MockCloud cloud;
    for (const QJsonValue& entry : machines.toArray()) {
        auto read = machine(entry.toObject());
        if (!read)
            return fail(FailureKind::Malformed,
                        QStringLiteral("machine %1 lacks one of id, tags, created_at and "
                                       "instance_id")
                            .arg(cloud.machines.size() + 1));
        cloud.machines.push_back(std::move(*read));
    }
    for (const QJsonValue& entry : document.object().value(QLatin1String("left_volumes")).toArray())
        cloud.leftVolumes.push_back(volume(entry.toObject()));
    if (const QJsonValue told = document.object().value(QLatin1String("told")); told.isObject()) {
        cloud.told = trouble(told.toObject());
        cloud.tellings = document.object().value(QLatin1String("tellings")).toInt();
    }
    return cloud;
}

} // namespace vigie
