// The part of ScalewayProvider that tells what there is.
#include "core/providers/scaleway/scalewayprovider.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr double bytesPerGb = 1e9;
constexpr qsizetype maxRemembered = 100'000;

/// A server on its way up exists and needs no start; one on its way down may be anything next.
MachineState stateOf(const QString& state) {
    if (state == QLatin1String("running") || state == QLatin1String("starting"))
        return MachineState::Running;
    if (state == QLatin1String("stopped") || state == QLatin1String("stopped in place"))
        return MachineState::Stopped;
    return MachineState::Unknown;
}

} // namespace

MachineVolume toMachineVolume(const ScalewayVolume& volume, bool boot) {
    MachineVolume made;
    made.id = ScalewayId{volume.zone, volume.id}.text();
    made.name = volume.name;
    made.type = volume.type;
    made.sizeGb = static_cast<int>(static_cast<double>(volume.bytes) / bytesPerGb);
    made.boot = boot;
    if (!volume.server.isEmpty())
        made.attachedTo = ScalewayId{volume.zone, volume.server}.machine();
    made.tags = volume.tags;
    made.createdAt = volume.createdAt;
    return made;
}

Machine ScalewayProvider::toMachine(const ScalewayServer& server) const {
    Machine machine;
    machine.id = ScalewayId{server.zone, server.id}.machine();
    machine.state = stateOf(server.state);
    machine.address = server.address;
    machine.tags = server.tags;
    machine.createdAt = server.createdAt;
    machine.unfinished = server.tags.contains(unfinishedTag);
    return machine;
}

// Those made with it, by their tag: what a person attached is theirs, and must not become ours by
// being listed.
Task<Outcome<std::vector<MachineVolume>>> ScalewayProvider::volumesOf(ScalewayServer server,
                                                                      CallToken stop) {
    std::vector<MachineVolume> made;
    for (const ScalewayServerVolume& each : server.volumes) {
        const ScalewayId id{server.zone, each.id};
        auto known = m_ourVolumes.constFind(id.text());
        if (known == m_ourVolumes.constEnd()) {
            const Outcome<ScalewayVolume> volume = co_await m_api.volume(each.api(), id, stop);
            if (!volume && volume.error().kind == FailureKind::NotFound)
                continue; // detached and deleted meanwhile
            if (!volume)
                co_return fail(volume.error());
            if (!volume->tags.contains(m_options.clusterTag))
                continue;
            if (m_ourVolumes.size() >= maxRemembered)
                m_ourVolumes.clear();
            known = m_ourVolumes.insert(id.text(), toMachineVolume(*volume, each.boot));
        }
        MachineVolume volume = *known;
        volume.attachedTo = ScalewayId{server.zone, server.id}.machine();
        made.push_back(std::move(volume));
    }
    co_return made;
}

Task<Outcome<std::vector<Machine>>> ScalewayProvider::machines(QString tag, CallToken stop) {
    std::vector<Machine> found;
    for (const QString& zone : m_options.zones) {
        const Outcome<std::vector<ScalewayServer>> servers =
            co_await m_api.servers(zone, tag, stop);
        if (!servers)
            co_return fail(servers.error()); // without one zone it would be a list with a hole
        for (const ScalewayServer& server : *servers) {
            Machine machine = toMachine(server);
            Outcome<std::vector<MachineVolume>> volumes = co_await volumesOf(server, stop);
            if (!volumes)
                co_return fail(volumes.error());
            machine.volumes = std::move(*volumes);
            found.push_back(std::move(machine));
        }
    }
    co_return found;
}

Task<Outcome<std::vector<MachineVolume>>> ScalewayProvider::volumes(QString clusterTag,
                                                                    CallToken stop) {
    std::vector<MachineVolume> found;
    for (const QString& zone : m_options.zones) {
        for (const ScalewayVolumeApi api :
             {ScalewayVolumeApi::Block, ScalewayVolumeApi::Instance}) {
            const Outcome<std::vector<ScalewayVolume>> all =
                co_await m_api.volumes(api, zone, stop);
            if (!all)
                co_return fail(all.error());
            for (const ScalewayVolume& volume : *all) {
                if (volume.status == QLatin1String("deleted"))
                    continue;
                if (clusterTag.isEmpty() || volume.tags.contains(clusterTag))
                    found.push_back(toMachineVolume(volume, false));
            }
        }
    }
    co_return found;
}

std::vector<ProviderZone> ScalewayProvider::zones() const {
    std::vector<ProviderZone> all;
    for (const QString& zone : m_options.zones)
        all.push_back({zone, zone.left(zone.lastIndexOf(QLatin1Char('-')))});
    return all;
}

} // namespace vigie
