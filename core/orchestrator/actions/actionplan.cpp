#include "core/orchestrator/actions/actionplan.h"

#include "core/base/timeformat.h"
#include "core/model/holding.h"
#include "core/watchdog/remediation.h"

#include <QSet>

#include <algorithm>

namespace vigie {

namespace {

using Objection = std::optional<QString>;

constexpr std::array guardOrder{
    ManualGuard::State,      ManualGuard::WorkInHand,  ManualGuard::Volume,   ManualGuard::Hold,
    ManualGuard::StormBrake, ManualGuard::BlastRadius, ManualGuard::InFlight, ManualGuard::Pace,
};

Objection stateSays(Action action, const TargetFacts& target, WallTime now) {
    if (!target.known)
        return action == Action::DeleteVolume ? QStringLiteral("There is no such volume.")
                                              : QStringLiteral("There is no such instance.");
    if (auto why = whyNot(action, target.status, target.hasMachine))
        return why;
    if (action == Action::Terminate && target.status == InstanceStatus::Terminating)
        return QStringLiteral("It is being terminated already.");
    if (action == Action::Release && !isHeld(target.held, now))
        return QStringLiteral("Nobody holds it.");
    return std::nullopt;
}

Objection volumeSays(const TargetFacts& target) {
    switch (target.volume->status) {
    case VolumeStatus::Deleted:
        return QStringLiteral("The volume is deleted already.");
    case VolumeStatus::Unknown:
        return QStringLiteral("The volume's status is one that this version does not know.");
    default:
        return std::nullopt;
    }
}

Objection holdSays(const TargetFacts& target, WallTime now) {
    if (!isHeld(target.held, now))
        return std::nullopt;
    return QStringLiteral("%1 holds it (%2)").arg(target.held->actor, target.held->reason);
}

Objection stormSays(const TargetFacts& target, const FleetFacts& fleet) {
    for (const QString& scope : {QString(), target.pool}) {
        const auto brake = fleet.brakes.constFind(scope);
        if (brake != fleet.brakes.constEnd())
            return *brake;
    }
    return std::nullopt;
}

Objection blastSays(const PoolFacts& pool, const GuardPolicy& policy) {
    const int most = blastRadius(pool.instances, policy);
    if (pool.inRecovery < most)
        return std::nullopt;
    return QStringLiteral("%1 of %2 in the pool are in recovery, at most %3 may be")
        .arg(pool.inRecovery)
        .arg(pool.instances)
        .arg(most);
}

Objection inFlightSays(const PoolFacts& pool, const FleetFacts& fleet, const GuardPolicy& policy) {
    if (pool.inRecovery >= policy.inFlightPerPool)
        return QStringLiteral("%1 recoveries run in the pool, at most %2 may")
            .arg(pool.inRecovery)
            .arg(policy.inFlightPerPool);
    if (fleet.inRecovery >= policy.inFlight)
        return QStringLiteral("%1 recoveries run in all, at most %2 may")
            .arg(fleet.inRecovery)
            .arg(policy.inFlight);
    return std::nullopt;
}

Objection paceSays(const PoolFacts& pool, const FleetFacts& fleet, const GuardPolicy& policy) {
    if (!pool.lastStart || fleet.now - *pool.lastStart >= policy.pace)
        return std::nullopt;
    return QStringLiteral("the last start in the pool was %1 ago, at least %2 lie between two")
        .arg(humanDuration(fleet.now - *pool.lastStart), humanDuration(policy.pace));
}

bool leaves(Action action) {
    return action == Action::Terminate || action == Action::Drain;
}

Objection ask(ManualGuard guard, Action action, const TargetFacts& target, const FleetFacts& fleet,
              const GuardPolicy& policy) {
    const PoolFacts pool = fleet.pools.value(target.pool);
    switch (guard) {
    case ManualGuard::State:
        return stateSays(action, target, fleet.wallNow);
    case ManualGuard::WorkInHand:
        return target.workInHand.isEmpty() ? Objection() : Objection(target.workInHand);
    case ManualGuard::Volume:
        return volumeSays(target);
    case ManualGuard::Hold:
        return holdSays(target, fleet.wallNow);
    case ManualGuard::StormBrake:
        return stormSays(target, fleet);
    case ManualGuard::BlastRadius:
        // Who goes and does not serve takes nothing from the pool.
        return leaves(action) && !target.serves() ? Objection() : blastSays(pool, policy);
    case ManualGuard::InFlight:
        return inFlightSays(pool, fleet, policy);
    case ManualGuard::Pace:
        return paceSays(pool, fleet, policy);
    }
    return std::nullopt;
}

QString effectOf(Action action, const TargetFacts& target) {
    switch (action) {
    case Action::RestartWorker:
        return QStringLiteral("the provider reboots the machine; its disk stays");
    case Action::Reinstall:
        return QStringLiteral("its disk and its worker are set up from nothing");
    case Action::Replace:
        return QStringLiteral("a new one like it is created; once that is ready, this one is "
                              "drained and terminated");
    case Action::Drain:
        return QStringLiteral("takes no more work and is terminated once its queue is empty, or "
                              "its time is up");
    case Action::Undrain:
        return QStringLiteral("serves again");
    case Action::Hold:
        return QStringLiteral("automation leaves it alone");
    case Action::Release:
        return QStringLiteral("automation may act on it again");
    case Action::Terminate:
        return target.volumes > 0
                   ? QStringLiteral("its machine is deleted with %1 volumes").arg(target.volumes)
                   : QStringLiteral("its machine is deleted");
    case Action::Archive:
        return QStringLiteral("leaves the lists; its history stays");
    case Action::DeleteVolume:
        return target.volume ? QStringLiteral("%1 GB are gone for good").arg(target.volume->sizeGb)
                             : QString();
    }
    return {};
}

bool isRemedyAction(Action action) {
    return action == Action::RestartWorker || action == Action::Reinstall ||
           action == Action::Replace;
}

Capacity capacityOf(const FleetFacts& fleet) {
    Capacity capacity;
    capacity.pools = fleet.pools;
    for (const PoolFacts& pool : fleet.pools) {
        capacity.instances += pool.instances;
        capacity.ready += pool.ready;
        capacity.costPerHour += pool.costPerHour;
    }
    return capacity;
}

void count(Action action, const TargetFacts& target, FleetFacts& fleet) {
    if (!isRemedyAction(action))
        return;
    PoolFacts& pool = fleet.pools[target.pool];
    ++pool.inRecovery;
    ++fleet.inRecovery;
    pool.lastStart = fleet.now;
}

/// The fleet once it is done.
void settle(Action action, const TargetFacts& target, Capacity& after, int& lowestReady) {
    PoolFacts& pool = after.pools[target.pool];
    if (leaves(action)) {
        --pool.instances;
        --after.instances;
        pool.costPerHour -= target.costPerHour;
        after.costPerHour -= target.costPerHour;
        pool.ready -= target.serves() ? 1 : 0;
        after.ready -= target.serves() ? 1 : 0;
    }
    const bool back = isRemedyAction(action) || action == Action::Undrain;
    pool.ready += back && !target.serves() ? 1 : 0;
    after.ready += back && !target.serves() ? 1 : 0;
    // A replacement serves before the old one goes.
    const bool missing = leaves(action) || (back && action != Action::Replace);
    lowestReady -= missing && target.serves() ? 1 : 0;
}

} // namespace

ItemVerdict judgeItem(Action action, const TargetFacts& target, const FleetFacts& fleet,
                      const GuardPolicy& policy, bool override) {
    ItemVerdict verdict;
    verdict.effect = effectOf(action, target);
    for (const ManualGuard guard : guardOrder) {
        if (!(ruleFor(action).guards & bit(guard)))
            continue;
        const Objection objection = ask(guard, action, target, fleet, policy);
        if (!objection)
            continue;
        if (override && mayBePassed(guard)) {
            verdict.passed.append(nameOf(guard));
            continue;
        }
        verdict.guard = nameOf(guard);
        verdict.says = *objection;
        verdict.waits = liftsByItself(guard);
        return verdict;
    }
    verdict.allowed = true;
    return verdict;
}

ActionPlan planAction(Action action, std::vector<TargetFacts> targets, const FleetFacts& fleet,
                      const GuardPolicy& policy, bool override) {
    ActionPlan plan;
    plan.action = action;
    plan.before = capacityOf(fleet);
    plan.after = plan.before;
    plan.lowestReady = plan.before.ready;
    FleetFacts counted = fleet;
    QSet<QString> seen;
    QHash<QString, int> heldBack;
    for (TargetFacts& target : targets) {
        if (seen.contains(target.id))
            continue;
        seen.insert(target.id);
        ItemVerdict verdict = judgeItem(action, target, counted, policy, override);
        if (!verdict.guard.isEmpty())
            ++heldBack[verdict.guard];
        if (verdict.allowed)
            count(action, target, counted);
        if (verdict.allowed || verdict.waits)
            settle(action, target, plan.after, plan.lowestReady);
        plan.items.push_back({std::move(target), std::move(verdict)});
    }
    for (const ManualGuard guard : guardOrder)
        plan.guards.push_back({nameOf(guard), (ruleFor(action).guards & bit(guard)) != 0,
                               mayBePassed(guard), heldBack.value(nameOf(guard))});
    return plan;
}

} // namespace vigie
