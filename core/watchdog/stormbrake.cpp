#include "core/watchdog/stormbrake.h"

#include "core/base/timeformat.h"

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

/// Rounded down: of four, three are enough, else one lone death would keep the brake on for ever.
int enoughBack(qsizetype expected, const GuardPolicy& policy) {
    return static_cast<int>(std::floor(static_cast<double>(expected) * policy.backShare + 1e-9));
}

} // namespace

StormBrake::On& StormBrake::engage(const QString& scope, const QString& cause, bool grace,
                                   Change& change) {
    const auto known = std::ranges::find(m_on, scope, &On::scope);
    if (known != m_on.end()) {
        known->calmSince.reset();
        if (known->grace && !grace) {
            known->grace = false;
            known->cause = cause;
            change.engaged.push_back(*known);
        }
        return *known;
    }
    On on;
    on.scope = scope;
    on.cause = cause;
    on.grace = grace;
    m_on.push_back(std::move(on));
    change.engaged.push_back(m_on.back());
    return m_on.back();
}

StormBrake::Change StormBrake::advance(const std::vector<Member>& members, const Storm& storm,
                                       const Watcher& watcher, const GuardPolicy& policy,
                                       MonotonicTime now) {
    Change change;
    if (watcher.unhealthy)
        engage({}, QStringLiteral("the watcher was not healthy: ") + *watcher.unhealthy,
               watcher.grace, change);
    if (!storm.overFleet().isEmpty())
        engage({}, storm.overFleet(), false, change);
    for (auto pool = storm.overPools().begin(); pool != storm.overPools().end(); ++pool)
        engage(pool.key(), *pool, false, change);

    for (On& on : m_on) {
        QSet<InstanceId> stillWatched;
        on.back = 0;
        for (const Member& member : members) {
            if (!on.scope.isEmpty() && member.pool != on.scope)
                continue;
            if (!member.dead)
                on.expected.insert(member.id);
            if (!on.expected.contains(member.id))
                continue;
            stillWatched.insert(member.id);
            on.back += member.silent ? 0 : 1;
        }
        on.expected.intersect(stillWatched); // who was sent away need not come back
        const bool raging = on.scope.isEmpty()
                                ? watcher.unhealthy.has_value() || !storm.overFleet().isEmpty()
                                : storm.overPools().contains(on.scope);
        on.helpless = on.scope.isEmpty() && watcher.unhealthy.has_value();
        if (!raging && !on.calmSince && on.back >= enoughBack(on.expected.size(), policy))
            on.calmSince = now;
    }
    std::erase_if(m_on, [&](const On& on) {
        const bool over = on.calmSince && now - *on.calmSince >= policy.cooldown;
        if (over)
            change.released.push_back(on);
        return over;
    });
    return change;
}

void StormBrake::release(MonotonicTime now, SilentAre silent) {
    m_releasedAt = now;
    if (silent == SilentAre::Dead)
        m_calledDeadAt = now;
    for (On& on : m_on) {
        if (!on.calmSince)
            on.calmSince = now;
    }
}

void StormBrake::restore(const QString& scope, const QString& cause, QSet<InstanceId> expected) {
    On on;
    on.scope = scope;
    on.cause = cause;
    on.expected = std::move(expected);
    m_on.push_back(std::move(on));
}

QHash<QString, QString> StormBrake::says(const GuardPolicy& policy, MonotonicTime now) const {
    QHash<QString, QString> says;
    for (const On& on : m_on) {
        const QString next =
            on.helpless ? QStringLiteral("it lasts at least as long as that; a release does not "
                                         "end it, what is known to be dead is recovered by hand")
            : on.calmSince
                ? QStringLiteral("it is over, the cool-down lasts for another %1")
                      .arg(humanDuration(policy.cooldown - (now - *on.calmSince)))
                : QStringLiteral("%1 of %2 are back, %3 must be, or a person releases it")
                      .arg(on.back)
                      .arg(on.expected.size())
                      .arg(enoughBack(on.expected.size(), policy));
        says.insert(on.scope, on.cause + QStringLiteral("; ") + next);
    }
    return says;
}

} // namespace vigie
