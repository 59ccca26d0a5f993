#include "core/providers/process/slotcodec.h"

#include "core/base/timeformat.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

namespace {

QByteArray pretty(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

tl::unexpected<Failure> malformed(const char* file, const char* field) {
    return fail(FailureKind::Malformed, QStringLiteral("%1: the field \"%2\" is missing or wrong")
                                            .arg(QLatin1String(file), QLatin1String(field)));
}

} // namespace

QByteArray encodeSlot(const SlotRecord& s) {
    return pretty({{QStringLiteral("machine"), s.machine.value()},
                   {QStringLiteral("tags"), QJsonArray::fromStringList(s.tags)},
                   {QStringLiteral("zone"), s.zone},
                   {QStringLiteral("instance_type"), s.instanceType},
                   {QStringLiteral("created_at"), toRfc3339(s.createdAt)},
                   {QStringLiteral("instance_id"), s.instanceId.value()},
                   {QStringLiteral("control_plane_url"), s.controlPlaneUrl.toString()},
                   {QStringLiteral("model_id"), s.modelId},
                   {QStringLiteral("correlation_id"), s.correlationId}});
}

Outcome<SlotRecord> decodeSlot(const QByteArray& text) {
    const QJsonObject root = QJsonDocument::fromJson(text).object();
    const auto word = [&root](const char* key) {
        return root.value(QLatin1String(key)).toString();
    };
    SlotRecord s;
    s.machine = MachineId(word("machine"));
    if (s.machine.isEmpty())
        return malformed("machine.json", "machine");
    if (!root.value(QLatin1String("tags")).isArray())
        return malformed("machine.json", "tags");
    for (const QJsonValue& tag : root.value(QLatin1String("tags")).toArray())
        s.tags.append(tag.toString());
    const auto created = fromRfc3339(word("created_at"));
    if (!created)
        return malformed("machine.json", "created_at");
    s.createdAt = *created;
    s.instanceId = InstanceId(word("instance_id"));
    if (s.instanceId.isEmpty())
        return malformed("machine.json", "instance_id");
    s.controlPlaneUrl = QUrl(word("control_plane_url"), QUrl::StrictMode);
    if (!s.controlPlaneUrl.isValid())
        return malformed("machine.json", "control_plane_url");
    s.zone = word("zone");
    s.instanceType = word("instance_type");
    s.modelId = word("model_id");
    s.correlationId = word("correlation_id");
    return s;
}

QByteArray encodeProcess(const ProcessIdentity& p) {
    // Ticks since boot fit a JSON number for millions of years.
    return pretty({{QStringLiteral("pid"), p.pid},
                   {QStringLiteral("start_ticks"), static_cast<qint64>(p.startTicks)},
                   {QStringLiteral("boot_id"), p.bootId}});
}

Outcome<ProcessIdentity> decodeProcess(const QByteArray& text) {
    const QJsonObject root = QJsonDocument::fromJson(text).object();
    const qint64 pid = root.value(QLatin1String("pid")).toInteger(-1);
    const qint64 ticks = root.value(QLatin1String("start_ticks")).toInteger(-1);
    if (pid <= 0)
        return malformed("process.json", "pid");
    if (ticks < 0)
        return malformed("process.json", "start_ticks");
    return ProcessIdentity{pid, static_cast<quint64>(ticks),
                           root.value(QLatin1String("boot_id")).toString()};
}

} // namespace vigie
