#include "tests/support/fakeprovider.h"

#include <utility>

namespace vigie {

FakeProvider::Slot& FakeProvider::add(const QString& id, const QString& address) {
    Slot& slot = byId[MachineId(id)];
    slot.machine.id = MachineId(id);
    slot.machine.state = MachineState::Running;
    slot.machine.address = address;
    return slot;
}

void FakeProvider::finishDeletions() {
    for (const MachineId& id : std::exchange(m_deleting, {}))
        byId.remove(id);
}

Task<Outcome<Machine>> FakeProvider::create(CreateMachine request, std::stop_token) {
    ++creates;
    if (failCreate && !createTakesEffect)
        co_return fail(*failCreate);
    Slot& slot = add(QStringLiteral("m-%1").arg(creates));
    slot.machine.tags = {request.tag, request.clusterTag};
    slot.machine.volumes = volumesOfNew;
    slot.boot = request.boot;
    if (failCreate)
        co_return fail(*failCreate);
    Machine made = slot.machine; // QCoro moves out of what is returned
    co_return made;
}

Task<Outcome<void>> FakeProvider::command(MachineCommand command, std::stop_token) {
    commands.push_back(command);
    if (failCommand)
        co_return fail(*failCommand);
    const auto slot = byId.find(command.machine);
    if (slot == byId.end())
        co_return fail(FailureKind::NotFound, QStringLiteral("no such machine"));
    switch (command.kind) {
    case MachineCommandKind::Stop:
        slot->machine.state = MachineState::Stopped;
        break;
    case MachineCommandKind::Reinstall:
        ++slot->reinstalls;
        slot->boot = command.boot.value_or(WorkerBoot{});
        [[fallthrough]];
    case MachineCommandKind::Start:
    case MachineCommandKind::Reboot:
        slot->machine.state = MachineState::Running;
        break;
    case MachineCommandKind::Delete:
        m_deleting.append(command.machine);
        if (deleteTakesEffect)
            finishDeletions();
        break;
    }
    co_return Outcome<void>{};
}

Task<Outcome<Machine>> FakeProvider::describe(MachineId id, CallToken) {
    ++describes;
    if (failDescribe)
        co_return fail(*failDescribe);
    const auto slot = byId.constFind(id);
    if (slot != byId.constEnd())
        co_return slot->machine;
    Machine absent;
    absent.id = id;
    absent.state = MachineState::Absent;
    co_return absent;
}

Task<Outcome<std::vector<Machine>>> FakeProvider::machines(QString tag, CallToken) {
    ++lookups;
    if (failLookup)
        co_return fail(*failLookup);
    std::vector<Machine> found;
    for (const Slot& slot : std::as_const(byId)) {
        if (!listsLag && (tag.isEmpty() || slot.machine.tags.contains(tag)))
            found.push_back(slot.machine);
    }
    co_return found;
}

Task<Outcome<std::vector<MachineVolume>>> FakeProvider::volumes(QString clusterTag, CallToken) {
    ++volumeLists;
    if (failVolumeList)
        co_return fail(*failVolumeList);
    if (failVolume && !volumeListWorks)
        co_return fail(*failVolume);
    std::vector<MachineVolume> found;
    for (const Slot& slot : std::as_const(byId)) {
        if (clusterTag.isEmpty() || slot.machine.tags.contains(clusterTag))
            found.insert(found.end(), slot.machine.volumes.begin(), slot.machine.volumes.end());
    }
    for (const MachineVolume& volume : looseVolumes) {
        if (clusterTag.isEmpty() || volume.tags.contains(clusterTag))
            found.push_back(volume);
    }
    co_return found;
}

Task<Outcome<bool>> FakeProvider::hasVolume(QString volumeId, CallToken) {
    if (failHasVolume)
        co_return fail(*failHasVolume);
    const auto same = [&volumeId](const MachineVolume& v) { return v.id == volumeId; };
    co_return unlistedVolumes.contains(volumeId) || std::ranges::any_of(looseVolumes, same) ||
        std::ranges::any_of(byId, [&same](const Slot& slot) {
            return std::ranges::any_of(slot.machine.volumes, same);
        });
}

Task<Outcome<void>> FakeProvider::deleteVolume(QString volumeId, CallToken) {
    if (failVolume)
        co_return fail(*failVolume);
    deletedVolumes.append(volumeId);
    std::erase_if(looseVolumes, [&](const MachineVolume& v) { return v.id == volumeId; });
    co_return Outcome<void>{};
}

std::vector<ProviderZone> FakeProvider::zones() const {
    return {{QStringLiteral("zone-1"), QStringLiteral("region-1")}};
}

std::vector<ProviderType> FakeProvider::types() const {
    if (!catalogueRead)
        return {};
    return {{QStringLiteral("small"), 0.1, 2, 4, 1, 24}};
}

Task<Outcome<void>> FakeProvider::syncCatalog(CallToken /*stop*/) {
    ++syncs;
    if (failSync)
        co_return fail(*failSync);
    co_return Outcome<void>{};
}

} // namespace vigie
