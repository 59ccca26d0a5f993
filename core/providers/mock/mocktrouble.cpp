// The part of MockFleet that makes trouble.
#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/providers/mock/mockfleet.h"

#include <algorithm>

namespace vigie {

namespace {

const QString category = QStringLiteral("providers.mock");

void warnUnsaved(const Outcome<void>& saved) {
    if (!saved)
        logWarning(category, saved.error().message);
}

} // namespace

void MockFleet::inject(const MachineId& id, MockFault fault, Duration lasts) {
    const auto found = m_lives.find(id);
    if (found == m_lives.end() || !found->second.worker || fault == MockFault::None)
        return;
    logInfo(category, QStringLiteral("trouble: %1 befalls %2, instance %3")
                          .arg(toString(fault), id.value(), at(id).boot.instanceId.value()));
    if (fault == MockFault::Crash) {
        warnUnsaved(stop(id));
        return;
    }
    if (fault == MockFault::Vanish) {
        warnUnsaved(remove(id));
        return;
    }
    Life& life = found->second;
    life.fault = fault;
    if (fault == MockFault::Silent)
        life.worker.reset();
    else if (fault == MockFault::AgentDead)
        life.worker->setBeating(false);
    else if (fault == MockFault::Hung)
        life.worker->setHung(true);
    life.faultEnds = m_clock.schedule(lasts, [this, id] { endFault(id); });
}

Outcome<void> MockFleet::befall(const ProviderMishap& mishap, const QString& clusterTag) {
    if (mishap.vanish.isEmpty() && mishap.loseVolumes.isEmpty() && mishap.strayMachines == 0)
        return {};
    const auto entered = enter();
    if (!entered)
        return fail(entered.error());
    const auto missing = [](const QString& what, const QString& id) {
        return fail(FailureKind::NotFound,
                    QStringLiteral("the mock provider has no %1 \"%2\"").arg(what, id.left(100)));
    };
    const std::vector<MachineVolume> disks = volumes();
    for (const QString& id : mishap.vanish) {
        if (!find(MachineId(id)))
            return missing(QStringLiteral("machine"), id);
    }
    for (const QString& id : mishap.loseVolumes) {
        if (std::ranges::find(disks, id, &MachineVolume::id) == disks.end())
            return missing(QStringLiteral("volume"), id);
    }
    for (const QString& id : mishap.loseVolumes) {
        const MachineId owner = std::ranges::find(disks, id, &MachineVolume::id)->attachedTo;
        if (!owner.isEmpty())
            at(owner).diskLost = true;
        else
            std::erase_if(m_cloud.leftVolumes,
                          [&id](const MachineVolume& each) { return each.id == id; });
    }
    for (int i = 0; i < mishap.strayMachines; ++i) {
        MockMachine stray;
        stray.id = MachineId(QStringLiteral("mock-") + newUuid());
        stray.tags = {clusterTag};
        stray.createdAt = m_clock.wallNow();
        stray.running = false;
        stray.boot.instanceId = InstanceId(QStringLiteral("none"));
        m_cloud.machines.push_back(std::move(stray));
    }
    for (const QString& id : mishap.vanish) {
        if (const MockMachine* gone = find(MachineId(id))) // named twice, it is gone once
            drop(*gone);
    }
    return save();
}

void MockFleet::endFault(const MachineId& id) {
    Life& life = m_lives.at(id); // a life that ended took its timer with it
    logInfo(category,
            QStringLiteral("trouble: %1 of %2 is over").arg(toString(life.fault), id.value()));
    const MockFault fault = std::exchange(life.fault, MockFault::None);
    if (fault == MockFault::Silent)
        bring(at(id), false);
    else if (fault == MockFault::AgentDead)
        life.worker->setBeating(true);
    else if (fault == MockFault::Hung)
        life.worker->setHung(false);
}

void MockFleet::armNextFault() {
    if (!m_server || !m_options.faults.every)
        return;
    m_nextFault = m_clock.schedule(m_dice.exponential(*m_options.faults.every), [this] {
        befallSomeone();
        armNextFault();
    });
}

void MockFleet::befallSomeone() {
    // In order of creation, so that the same seed hits the same machines.
    std::vector<MachineId> healthy;
    std::size_t troubled = 0;
    for (const MockMachine& machine : m_cloud.machines) {
        const auto life = m_lives.find(machine.id);
        if (life == m_lives.end() || life->second.fault != MockFault::None)
            ++troubled;
        else if (life->second.worker->ready())
            healthy.push_back(machine.id);
    }
    const double share = static_cast<double>(troubled + 1) /
                         static_cast<double>(std::max<std::size_t>(m_cloud.machines.size(), 1));
    // Rolled also when nobody is hit, so that the sequence does not depend on it.
    const MockFault fault = m_dice.fault(m_options.faults);
    const Duration lasts = m_dice.around(m_options.faults.lasts, 0.5);
    if (!healthy.empty() && share <= m_options.faults.maxShare)
        inject(healthy[m_dice.below(healthy.size())], fault, lasts);
}

} // namespace vigie
