// The part of ScalewayProvider that deletes, in the one order that leaks nothing: stop the server,
// delete it, and only when it is gone delete the volumes that were made with it. Each call takes
// one step, so that a crash or a slow server costs nothing but another call.
#include "core/base/log.h"
#include "core/providers/scaleway/scalewayprovider.h"

namespace vigie {

namespace {

Failure conflict(const char* code, const QString& message) {
    return {FailureKind::Conflict, message, 0, {}, QString::fromLatin1(code), {}};
}

} // namespace

Task<Outcome<void>> ScalewayProvider::deleteStep(ScalewayId id, CallToken stop) {
    const Outcome<ScalewayServer> server = co_await ours(id, stop);
    if (!server && server.error().kind == FailureKind::NotFound) {
        Outcome<void> rest = co_await deleteVolumesOf(std::move(id), std::move(stop));
        co_return rest;
    }
    if (!server)
        co_return fail(server.error());
    const QString& state = server->state;
    if (state == QLatin1String("locked"))
        co_return fail(conflict("resource_locked",
                                QStringLiteral("Scaleway has locked the server %1 (%2); only its "
                                               "support can unlock it")
                                    .arg(id.uuid, server->stateDetail)));
    if (state == QLatin1String("starting") || state == QLatin1String("stopping"))
        co_return Outcome<void>(); // to be asked again when the state has settled
    if (server->tags.contains(unfinishedTag)) {
        const Outcome<void> tagged = co_await tagVolumes(*server, stop);
        if (!tagged)
            co_return tagged;
    }
    if (state == QLatin1String("stopped")) {
        Outcome<void> deleted = co_await m_api.deleteServer(std::move(id), std::move(stop));
        co_return deleted;
    }
    // "stopped in place" still has its host and can't be deleted.
    if (!server->allows(QStringLiteral("poweroff")))
        co_return fail(conflict(
            "transient_state",
            QStringLiteral("the server %1 is %2 and allows no poweroff now").arg(id.uuid, state)));
    Outcome<void> stopped =
        co_await m_api.act(std::move(id), QStringLiteral("poweroff"), std::move(stop));
    co_return stopped;
}

Task<Outcome<void>> ScalewayProvider::deleteVolumesOf(ScalewayId machine, CallToken stop) {
    const QString tag = scalewayMachineTag(machine.uuid);
    for (const ScalewayVolumeApi api : {ScalewayVolumeApi::Block, ScalewayVolumeApi::Instance}) {
        const Outcome<std::vector<ScalewayVolume>> all =
            co_await m_api.volumes(api, machine.zone, stop);
        if (!all)
            co_return fail(all.error());
        for (const ScalewayVolume& volume : *all) {
            if (!volume.tags.contains(tag) || volume.tags.contains(keepTag))
                continue;
            const Outcome<void> deleted = co_await deleteVolume(api, volume, stop);
            if (!deleted && deleted.error().kind != FailureKind::NotFound)
                co_return deleted;
        }
    }
    co_return Outcome<void>();
}

namespace {

tl::unexpected<Failure> noVolumeId(const QString& text) {
    return fail(FailureKind::Invalid,
                QStringLiteral("\"%1\" is no id of a Scaleway volume; expected zone/UUID")
                    .arg(text.left(100)));
}

} // namespace

Task<Outcome<bool>> ScalewayProvider::hasVolume(QString volumeId, CallToken stop) {
    const auto id = ScalewayId::from(volumeId);
    if (!id)
        co_return noVolumeId(volumeId);
    for (const ScalewayVolumeApi api : {ScalewayVolumeApi::Block, ScalewayVolumeApi::Instance}) {
        const Outcome<ScalewayVolume> volume = co_await m_api.volume(api, *id, stop);
        if (volume)
            co_return true;
        if (volume.error().kind != FailureKind::NotFound)
            co_return fail(volume.error());
    }
    co_return false;
}

Task<Outcome<void>> ScalewayProvider::deleteVolume(QString volumeId, CallToken stop) {
    const auto id = ScalewayId::from(volumeId);
    if (!id)
        co_return noVolumeId(volumeId);
    // Neither API knows the volumes of the other: only both together can say that it is gone.
    for (const ScalewayVolumeApi api : {ScalewayVolumeApi::Block, ScalewayVolumeApi::Instance}) {
        const Outcome<ScalewayVolume> volume = co_await m_api.volume(api, *id, stop);
        if (!volume && volume.error().kind == FailureKind::NotFound)
            continue;
        if (!volume)
            co_return fail(volume.error());
        Outcome<void> deleted = co_await deleteVolume(api, *volume, std::move(stop));
        if (!deleted && deleted.error().kind == FailureKind::NotFound)
            co_return Outcome<void>(); // it went meanwhile
        co_return deleted;
    }
    co_return Outcome<void>();
}

Task<Outcome<void>> ScalewayProvider::deleteVolume(ScalewayVolumeApi api, ScalewayVolume volume,
                                                   CallToken stop) {
    const bool foreign = !volume.tags.contains(m_options.clusterTag) ||
                         (!volume.project.isEmpty() && volume.project != m_options.api.project);
    if (foreign || volume.tags.contains(keepTag)) {
        Failure failure{FailureKind::Invalid, {}, 0, {}, QStringLiteral("not_ours"), {}};
        failure.message = QStringLiteral("the volume %1 %2; it is left alone")
                              .arg(volume.id, foreign ? QStringLiteral("does not carry our tag ") +
                                                            m_options.clusterTag
                                                      : QStringLiteral("is tagged ") + keepTag);
        co_return fail(std::move(failure));
    }
    // The status is what counts: a reference may be gone from the list before its volume is free.
    if (!volume.server.isEmpty() || volume.status == QLatin1String("in_use"))
        co_return fail(conflict("VOLUMES_DELETE_PENDING",
                                QStringLiteral("the volume %1 is still attached%2")
                                    .arg(volume.id, volume.server.isEmpty()
                                                        ? QString()
                                                        : QStringLiteral(" to ") + volume.server)));
    if (volume.status == QLatin1String("deleted"))
        co_return Outcome<void>();
    const ScalewayId id{volume.zone, volume.id};
    logInfo(QStringLiteral("providers.scaleway"),
            QStringLiteral("delete volume %1").arg(id.text()));
    Outcome<void> deleted = co_await m_api.deleteVolume(api, id, std::move(stop));
    if (deleted)
        m_ourVolumes.remove(id.text());
    co_return deleted;
}

} // namespace vigie
