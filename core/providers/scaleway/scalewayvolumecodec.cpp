#include "core/providers/scaleway/scalewayvolumecodec.h"

#include "core/model/jsonreader.h"
#include "core/providers/scaleway/scalewayid.h"

namespace vigie {

namespace {

constexpr qsizetype maxVolumeAnswer = 8 * 1024 * 1024;

/// Who has a volume of the block API: references that are on their way out count, too.
QString ownerOf(const JsonNode& volume) {
    for (const JsonNode& each : volume["references"].items()) {
        if (each["product_resource_type"].text() == QLatin1String("instance_server"))
            return each["product_resource_id"].text();
    }
    return {};
}

Outcome<ScalewayVolume> volumeOf(ScalewayVolumeApi api, const JsonNode& node) {
    ScalewayVolume volume;
    volume.id = node["id"].text();
    if (!isUuid(volume.id))
        return fail(FailureKind::Malformed,
                    QStringLiteral("Scaleway's answer about a volume has no UUID as its \"id\""));
    const bool block = api == ScalewayVolumeApi::Block;
    volume.name = node["name"].text();
    volume.type = node[block ? "type" : "volume_type"].text();
    volume.zone = node["zone"].text();
    volume.project = node[block ? "project_id" : "project"].text();
    volume.status = node[block ? "status" : "state"].text();
    volume.bytes = node["size"].integer().value_or(0);
    volume.server = block ? ownerOf(node) : node["server"]["id"].text();
    volume.createdAt = node[block ? "created_at" : "creation_date"].time();
    for (const JsonNode& tag : node["tags"].items())
        volume.tags.append(tag.text());
    return volume;
}

} // namespace

Outcome<ScalewayVolume> decodeScalewayVolume(ScalewayVolumeApi api, const QByteArray& body) {
    const auto root =
        JsonNode::parse(body, QStringLiteral("Scaleway's answer about a volume"), maxVolumeAnswer);
    if (!root)
        return fail(root.error());
    // The instance API wraps it, the block API does not.
    return volumeOf(api, api == ScalewayVolumeApi::Block ? *root : (*root)["volume"]);
}

Outcome<ScalewayPage<ScalewayVolume>> decodeScalewayVolumes(ScalewayVolumeApi api,
                                                            const QByteArray& body) {
    const auto root =
        JsonNode::parse(body, QStringLiteral("Scaleway's list of volumes"), maxVolumeAnswer);
    if (!root)
        return fail(root.error());
    if (!(*root)["volumes"].isArray())
        return fail(FailureKind::Malformed,
                    QStringLiteral("Scaleway's list of volumes has no list \"volumes\""));
    ScalewayPage<ScalewayVolume> page;
    page.total = (*root)["total_count"].integer();
    for (const JsonNode& each : (*root)["volumes"].items()) {
        auto volume = volumeOf(api, each);
        if (!volume)
            return fail(volume.error());
        page.items.push_back(std::move(*volume));
    }
    return page;
}

} // namespace vigie
