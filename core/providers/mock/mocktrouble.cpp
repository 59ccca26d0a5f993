// The part of MockFleet that makes trouble.
#include "core/base/log.h"
#include "core/base/timeformat.h"
#include "core/providers/mock/mockfleet.h"

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
