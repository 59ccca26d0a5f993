#include "core/providers/process/processprovider.h"

#include <algorithm>
#include <thread>

namespace vigie {

namespace {

const QString volumeSuffix = QStringLiteral("-root");

} // namespace

QString ProcessProvider::code() const {
    return QStringLiteral("process");
}

std::vector<ProviderZone> ProcessProvider::zones() const {
    return {{QStringLiteral("local-1"), QStringLiteral("local")},
            {QStringLiteral("local-2"), QStringLiteral("local")}};
}

std::vector<ProviderType> ProcessProvider::types() const {
    const int vramGb = m_options.simulateGpuVramMb / 1024;
    const int cpus = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return {{QStringLiteral("local.worker"), 0, cpus, 1, m_options.simulateGpuCount, vramGb}};
}

Machine ProcessProvider::toMachine(const SlotRecord& slot, MachineState state) const {
    return {slot.machine, state,          QStringLiteral("127.0.0.1"),
            slot.tags,    slot.createdAt, {rootVolume(slot)}};
}

MachineVolume ProcessProvider::rootVolume(const SlotRecord& slot) const {
    return {slot.machine.value() + volumeSuffix,
            slot.machine.value() + volumeSuffix,
            QStringLiteral("directory"),
            m_slots.diskGb(slot.machine),
            true,
            slot.machine,
            slot.tags,
            slot.createdAt};
}

Task<Outcome<std::vector<Machine>>> ProcessProvider::machines(QString tag, CallToken) {
    const auto known = m_slots.all();
    if (!known)
        co_return fail(known.error());
    std::vector<Machine> found;
    for (const SlotRecord& slot : *known) {
        if (!tag.isEmpty() && !slot.tags.contains(tag))
            continue;
        const auto state = stateOf(slot);
        found.push_back(toMachine(slot, state ? *state : MachineState::Unknown));
    }
    co_return found;
}

Task<Outcome<std::vector<MachineVolume>>> ProcessProvider::volumes(QString clusterTag, CallToken) {
    const auto known = m_slots.all();
    if (!known)
        co_return fail(known.error());
    std::vector<MachineVolume> found;
    for (const SlotRecord& slot : *known)
        if (clusterTag.isEmpty() || slot.tags.contains(clusterTag))
            found.push_back(rootVolume(slot));
    co_return found;
}

Task<Outcome<bool>> ProcessProvider::hasVolume(QString volumeId, CallToken) {
    const MachineId id(volumeId.chopped(std::min(volumeId.size(), volumeSuffix.size())));
    if (!volumeId.endsWith(volumeSuffix) || !MachineSlots::isMachineId(id))
        co_return fail(FailureKind::Invalid,
                       QStringLiteral("\"%1\" is no id of a volume of the process provider")
                           .arg(volumeId.left(100)));
    co_return m_slots.exists(id);
}

Task<Outcome<void>> ProcessProvider::deleteVolume(QString volumeId, CallToken stop) {
    const Outcome<bool> there = co_await hasVolume(volumeId, std::move(stop));
    if (!there)
        co_return fail(there.error());
    if (*there)
        co_return fail(FailureKind::Conflict,
                       QStringLiteral("the volume %1 is the boot disk of its machine and goes with "
                                      "it")
                           .arg(volumeId));
    co_return Outcome<void>();
}

} // namespace vigie
