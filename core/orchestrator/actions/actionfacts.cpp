#include "core/orchestrator/actions/actionfacts.h"

#include "core/orchestrator/reinstall.h"

#include <algorithm>

namespace vigie {

namespace {

void takeInstance(TargetFacts& facts, const InstanceRecord& record, std::size_t volumes) {
    const Instance& instance = record.instance;
    facts.known = true;
    facts.instance = instance.id;
    facts.status = instance.status;
    facts.incarnation = instance.incarnation;
    facts.hasMachine = !instance.providerInstanceId.isEmpty();
    facts.pool = instance.pool;
    facts.costPerHour = instance.costPerHour.value_or(0);
    facts.volumes = static_cast<int>(volumes);
    facts.held = instance.held;
    facts.workInHand = record.workInHand;
}

bool inRecovery(const InstanceRecord& record) {
    return isRemedy(record.workInHand) ||
           (isStarting(record.instance.status) && record.recoveryBegunAt);
}

} // namespace

FleetFacts fleetFacts(const ControlPlane& plane, const Automation& automation) {
    FleetFacts facts;
    facts.now = plane.clock().now();
    facts.wallNow = plane.clock().wallNow();
    for (const InstanceId& id : plane.ids()) {
        const InstanceRecord& record = *plane.find(id);
        const Instance& instance = record.instance;
        if (isOver(instance.status) || instance.status == InstanceStatus::Terminating)
            continue;
        PoolFacts& pool = facts.pools[instance.pool];
        ++pool.instances;
        pool.ready += instance.status == InstanceStatus::Ready ? 1 : 0;
        pool.costPerHour += instance.costPerHour.value_or(0);
        pool.inRecovery += inRecovery(record) ? 1 : 0;
        facts.inRecovery += inRecovery(record) ? 1 : 0;
    }
    for (auto pool = facts.pools.begin(); pool != facts.pools.end(); ++pool)
        pool->lastStart = automation.lastStart(pool.key());
    const QHash<QString, QString> says = automation.view().brakeSays;
    for (const StormBrake::On& on : automation.brake().all()) {
        if (!on.grace)
            facts.brakes.insert(on.scope, says.value(on.scope, on.cause));
    }
    return facts;
}

TargetFacts targetFacts(const ControlPlane& plane, Action action, const QString& id) {
    TargetFacts facts;
    facts.id = id;
    if (action != Action::DeleteVolume) {
        const InstanceId instance(id);
        if (const InstanceRecord* record = plane.find(instance))
            takeInstance(facts, *record, plane.volumesOf(instance).size());
        return facts;
    }
    for (const InstanceId& instance : plane.ids()) {
        const std::vector<Volume> volumes = plane.volumesOf(instance);
        const auto found = std::ranges::find(volumes, VolumeId(id), &Volume::id);
        if (found == volumes.end())
            continue;
        takeInstance(facts, *plane.find(instance), volumes.size());
        facts.volume = *found;
        break;
    }
    return facts;
}

} // namespace vigie
