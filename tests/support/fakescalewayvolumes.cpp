// The volumes of FakeScaleway's two APIs.
#include "core/base/ids.h"
#include "tests/support/fakescaleway.h"
#include "tests/support/fakescalewaypage.h"

namespace vigie {

using namespace fakescaleway;

Fault FakeScaleway::serveVolumes(const Call& call, bool block) {
    const auto shown = [this](const Volume& each) { return describe(each); };
    if (call.path.size() == 1) {
        std::vector<const Volume*> all;
        for (const auto& [id, volume] : volumes) {
            if (volume.zone == call.zone && volume.block == block)
                all.push_back(&volume);
        }
        return page(all, call.query,
                    block ? QStringLiteral("page_size") : QStringLiteral("per_page"),
                    QStringLiteral("volumes"), block, shown);
    }
    const auto found = volumes.find(call.path.value(1));
    if (found == volumes.end() || found->second.block != block || found->second.zone != call.zone)
        return scalewayfaults::notFound(block ? "volume" : "instance_volume",
                                        call.path.value(1).toUtf8());
    Volume& volume = found->second;
    if (call.method == "PATCH") {
        volume.tags.clear();
        const QJsonObject body = QJsonDocument::fromJson(call.body).object();
        for (const QJsonValue& tag : body.value(QStringLiteral("tags")).toArray())
            volume.tags.append(tag.toString());
    }
    if (call.method != "DELETE")
        return faults::json(200, block ? bytes(describe(volume))
                                       : bytes({{QStringLiteral("volume"), describe(volume)}}));
    if (!volume.server.isEmpty())
        return faults::json(412, R"({"type":"precondition_failed","precondition":)"
                                 R"("resource_still_in_use"})");
    deletedVolumes.append(volume.id);
    volumes.erase(found);
    return faults::answer(204);
}

FakeScaleway::Volume& FakeScaleway::addVolume(const QString& zone, bool block,
                                              const QStringList& tags) {
    Volume volume;
    volume.id = newUuid();
    volume.zone = zone;
    volume.block = block;
    volume.name = QStringLiteral("disk");
    volume.tags = tags;
    return volumes[volume.id] = volume;
}

void FakeScaleway::freeVolumes() {
    for (auto& [id, volume] : volumes) {
        if (!volume.server.isEmpty() && !servers.contains(volume.server)) {
            volume.server.clear();
            volume.status = QStringLiteral("available");
        }
    }
}

QJsonObject FakeScaleway::describe(const Volume& volume) {
    QJsonObject made{{QStringLiteral("id"), volume.id},
                     {QStringLiteral("name"), volume.name},
                     {QStringLiteral("zone"), volume.zone},
                     {QStringLiteral("size"), volume.bytes},
                     {QStringLiteral("tags"), QJsonArray::fromStringList(volume.tags)}};
    if (!volume.block) {
        made[QStringLiteral("volume_type")] = QStringLiteral("l_ssd");
        made[QStringLiteral("state")] = QStringLiteral("available");
        made[QStringLiteral("project")] = project();
        made[QStringLiteral("creation_date")] = QStringLiteral("2026-11-22T08:00:00+00:00");
        made[QStringLiteral("server")] = volume.server.isEmpty()
                                             ? QJsonValue()
                                             : QJsonObject{{QStringLiteral("id"), volume.server}};
        return made;
    }
    made[QStringLiteral("type")] = QStringLiteral("sbs_5k");
    made[QStringLiteral("status")] = volume.status;
    made[QStringLiteral("project_id")] = project();
    made[QStringLiteral("created_at")] = QStringLiteral("2026-11-22T08:00:00Z");
    QJsonArray references;
    if (!volume.server.isEmpty())
        references.append(QJsonObject{
            {QStringLiteral("product_resource_type"), QStringLiteral("instance_server")},
            {QStringLiteral("product_resource_id"), volume.server},
            {QStringLiteral("status"), QStringLiteral("attached")}});
    made[QStringLiteral("references")] = references;
    return made;
}

} // namespace vigie
