#include "core/watchdog/remediation.h"

#include "core/base/timeformat.h"
#include "core/model/holding.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace vigie {

namespace {

using Verdict_ = std::optional<QString>; // why not; nothing: the guard lets it pass

/// The limits as they stand while one plan is made.
struct Counts {
    QHash<QString, int> size, healthy, inRecovery;
    int allInRecovery = 0;
    QHash<QString, MonotonicTime> lastStart;
    QHash<QString, ZonePast> zones;
    QHash<InstanceId, int> preserved; // 1 is the first of those that are kept
};

struct Asked {
    const GuardedInstance& instance;
    const GuardState& state;
    const GuardPolicy& policy;
    const Counts& counts;
    MonotonicTime now;
    WallTime wallNow;
};

QString said(const QString& sentence, int first, int second) {
    return sentence.arg(first).arg(second);
}

Verdict_ recovery(const Asked& a) {
    if (a.policy.enabled)
        return std::nullopt;
    return QStringLiteral("WORKER_DEAD_RECOVERY_ENABLED is false");
}

Verdict_ hold(const Asked& a) {
    const auto& held = a.instance.held;
    if (!isHeld(held, a.wallNow))
        return std::nullopt;
    return QStringLiteral("%1 keeps automation away (%2)").arg(held->actor, held->reason);
}

Verdict_ workInHand(const Asked& a) {
    if (a.instance.workInHand.isEmpty())
        return std::nullopt;
    return QString(a.instance.workInHand);
}

Verdict_ pause(const Asked& a) {
    if (a.state.pausedBy.empty())
        return std::nullopt;
    QStringList reasons;
    for (const PauseReason& one : a.state.pausedBy)
        reasons.append(QStringLiteral("%1 (%2)").arg(one.reason, one.actor));
    return reasons.join(QLatin1String("; "));
}

Verdict_ storm(const Asked& a) {
    for (const QString& scope : {QString(), a.instance.pool}) {
        const auto brake = a.state.brakes.constFind(scope);
        if (brake != a.state.brakes.constEnd())
            return *brake;
    }
    return std::nullopt;
}

Verdict_ holdTime(const Asked& a) {
    if (a.instance.verdictTicks >= a.policy.holdTicks)
        return std::nullopt;
    return said(QStringLiteral("the verdict stands for %1 of %2 ticks"), a.instance.verdictTicks,
                a.policy.holdTicks);
}

Verdict_ flapping(const Asked& a) {
    const WallTime from =
        a.wallNow - std::chrono::floor<std::chrono::milliseconds>(a.policy.flapWindow);
    const auto since = [from](const std::vector<WallTime>& times) {
        return std::ranges::count_if(times, [from](WallTime time) { return time >= from; });
    };
    // Coming back because it was remedied is what a remedy is for.
    const auto turns = since(a.instance.past.turns) - since(a.instance.past.helped);
    if (turns < a.policy.flaps)
        return std::nullopt;
    return QStringLiteral("%1 changes between dead and alive in %2; only a person acts now")
        .arg(QString::number(turns), humanDuration(a.policy.flapWindow));
}

Verdict_ preserve(const Asked& a) {
    const int place = a.counts.preserved.value(a.instance.id);
    if (place == 0)
        return std::nullopt;
    return said(QStringLiteral("kept for debugging, number %1 of %2"), place,
                a.policy.preserveFailed);
}

Verdict_ retryCap(const Asked& a) {
    const auto tries = std::ranges::count(a.instance.past.tries, false, &RemedyTry::skipped);
    if (tries < a.policy.maxTries)
        return std::nullopt;
    return QStringLiteral("%1 of %2 tries are used up; a person is asked (they count anew after "
                          "%3 of health)")
        .arg(QString::number(tries), QString::number(a.policy.maxTries),
             humanDuration(a.policy.healthResetsTries));
}

const std::vector<RemedyStep>& refusedBy(const GuardState& state, const QString& pool) {
    static const std::vector<RemedyStep> none;
    const auto found = state.unsupported.constFind(pool.section(u'/', 0, 0));
    return found == state.unsupported.constEnd() ? none : *found;
}

Verdict_ ladder(const Asked& a) {
    QStringList skipped;
    if (nextRung(a.instance.past, refusedBy(a.state, a.instance.pool), a.policy, &skipped))
        return std::nullopt;
    QString says = QStringLiteral("every step was tried; a person is asked");
    if (!skipped.isEmpty())
        says += QStringLiteral(" (not available at the provider: %1)")
                    .arg(skipped.join(QLatin1String(", ")));
    return says;
}

/// Open after so many failures in a row; one trial per reset time.
Verdict_ openBreaker(int failed, std::optional<Duration> sinceNewest, const GuardPolicy& policy,
                     const QString& of) {
    if (!policy.breakerEnabled || failed < policy.breakerFailures || !sinceNewest ||
        *sinceNewest >= policy.breakerReset)
        return std::nullopt;
    return QStringLiteral("%1 recoveries of %2 failed in a row; the next trial is in %3")
        .arg(QString::number(failed), of, humanDuration(policy.breakerReset - *sinceNewest));
}

Verdict_ instanceBreaker(const Asked& a) {
    const RemedyPast& past = a.instance.past;
    std::optional<WallTime> newest = past.lastFailure;
    for (const RemedyTry& one : past.tries)
        newest = std::max(newest.value_or(one.at), one.at);
    const auto since = newest ? std::optional(Duration(a.wallNow - *newest)) : std::nullopt;
    return openBreaker(past.failedInARow, since, a.policy, QStringLiteral("this instance"));
}

Verdict_ zoneBreaker(const Asked& a) {
    const ZonePast zone = a.counts.zones.value(a.instance.zone);
    std::optional<MonotonicTime> newest = zone.lastFailure;
    if (zone.lastStart && (!newest || *zone.lastStart > *newest))
        newest = zone.lastStart;
    const auto since = newest ? std::optional(a.now - *newest) : std::nullopt;
    return openBreaker(zone.failedInARow, since, a.policy,
                       QStringLiteral("zone ") + a.instance.zone);
}

Verdict_ lastHealthy(const Asked& a) {
    const QString& pool = a.instance.pool;
    if (a.counts.size.value(pool) > 2 || a.instance.witnessed || a.counts.healthy.value(pool) > 0)
        return std::nullopt;
    return QStringLiteral("no other instance of this pool of %1 is healthy, and only its silence "
                          "speaks against this one")
        .arg(a.counts.size.value(pool));
}

Verdict_ blast(const Asked& a) {
    const int size = a.counts.size.value(a.instance.pool);
    const int most = blastRadius(size, a.policy);
    const int now = a.counts.inRecovery.value(a.instance.pool);
    if (now < most)
        return std::nullopt;
    return QStringLiteral("%1 of %2 in the pool are in recovery, at most %3 may be")
        .arg(now)
        .arg(size)
        .arg(most);
}

Verdict_ inFlight(const Asked& a) {
    const int pool = a.counts.inRecovery.value(a.instance.pool);
    if (pool >= a.policy.inFlightPerPool)
        return said(QStringLiteral("%1 recoveries run in the pool, at most %2 may"), pool,
                    a.policy.inFlightPerPool);
    if (a.counts.allInRecovery >= a.policy.inFlight)
        return said(QStringLiteral("%1 recoveries run in all, at most %2 may"),
                    a.counts.allInRecovery, a.policy.inFlight);
    return std::nullopt;
}

Verdict_ pace(const Asked& a) {
    const auto last = a.counts.lastStart.constFind(a.instance.pool);
    if (last == a.counts.lastStart.constEnd() || a.now - *last >= a.policy.pace)
        return std::nullopt;
    return QStringLiteral("the last start in the pool was %1 ago, at least %2 lie between two")
        .arg(humanDuration(a.now - *last), humanDuration(a.policy.pace));
}

struct Guard {
    QStringView name;
    Verdict_ (*asks)(const Asked&);
};

/// The first that objects is told. `mode` comes last: what it holds back is what would have been
/// done.
constexpr std::array guards{
    Guard{u"recovery", recovery},        Guard{u"hold", hold},
    Guard{u"work in hand", workInHand},  Guard{u"pause", pause},
    Guard{u"storm brake", storm},        Guard{u"hold time", holdTime},
    Guard{u"flapping", flapping},        Guard{u"preserve", preserve},
    Guard{u"retry cap", retryCap},       Guard{u"ladder", ladder},
    Guard{u"breaker", instanceBreaker},  Guard{u"zone breaker", zoneBreaker},
    Guard{u"last healthy", lastHealthy}, Guard{u"blast radius", blast},
    Guard{u"in flight", inFlight},       Guard{u"pace", pace},
};
constexpr QStringView modeGuard = u"mode";

constexpr auto names = [] {
    std::array<QStringView, guards.size() + 1> all;
    for (std::size_t i = 0; i < guards.size(); ++i)
        all[i] = guards[i].name;
    all.back() = modeGuard;
    return all;
}();

Counts countAll(const std::vector<GuardedInstance>& all,
                const std::vector<const GuardedInstance*>& due, const GuardState& state,
                const GuardPolicy& policy) {
    Counts counts;
    counts.lastStart = state.lastStart;
    counts.zones = state.zones;
    for (const GuardedInstance& one : all) {
        ++counts.size[one.pool];
        counts.healthy[one.pool] += one.healthy ? 1 : 0;
        counts.inRecovery[one.pool] += one.inRecovery ? 1 : 0;
        counts.allInRecovery += one.inRecovery ? 1 : 0;
    }
    for (const GuardedInstance* one : due) {
        const int kept = static_cast<int>(counts.preserved.size());
        if (kept < policy.preserveFailed)
            counts.preserved.insert(one->id, kept + 1);
    }
    return counts;
}

PlannedStep stepFor(const GuardedInstance& one, const GuardState& state,
                    const GuardPolicy& policy) {
    QStringList skipped;
    PlannedStep step;
    step.instance = one.id;
    step.pool = one.pool;
    step.zone = one.zone;
    step.further = one.further;
    step.step = *nextRung(one.past, refusedBy(state, one.pool), policy, &skipped);
    step.attempt =
        static_cast<int>(std::ranges::count(one.past.tries, false, &RemedyTry::skipped)) + 1;
    step.says = QStringLiteral("%1, try %2 of %3, dead by %4")
                    .arg(toString(step.step), QString::number(step.attempt),
                         QString::number(policy.maxTries), one.rule);
    if (!skipped.isEmpty())
        step.says += QStringLiteral("; not available at the provider, so skipped: ") +
                     skipped.join(QLatin1String(", "));
    return step;
}

} // namespace

std::span<const QStringView> guardNames() {
    return names;
}

int blastRadius(int poolSize, const GuardPolicy& policy) {
    // The share of ten times 0.3 is three, not a hair less.
    return std::max(1, static_cast<int>(std::floor(poolSize * policy.blastShare + 1e-9)));
}

std::optional<RemedyStep> nextRung(const RemedyPast& past, const std::vector<RemedyStep>& refused,
                                   const GuardPolicy& policy, QStringList* skipped) {
    for (const RemedyStep step : policy.ladder) {
        const bool tried =
            std::ranges::find(past.tries, step, &RemedyTry::step) != past.tries.end();
        const bool possible = std::ranges::find(refused, step) == refused.end();
        if (!possible && skipped)
            skipped->append(toString(step));
        if (possible && !tried)
            return step;
    }
    return std::nullopt;
}

RemediationPlan plan(const std::vector<GuardedInstance>& instances, const GuardState& state,
                     const GuardPolicy& policy, MonotonicTime now, WallTime wallNow) {
    RemediationPlan made;
    std::vector<const GuardedInstance*> due;
    for (const GuardedInstance& one : instances) {
        if (one.due)
            due.push_back(&one);
    }
    if (due.empty())
        return made;
    std::ranges::sort(due, [](const GuardedInstance* a, const GuardedInstance* b) {
        return std::pair(a->since, a->id.value()) < std::pair(b->since, b->id.value());
    });
    Counts counts = countAll(instances, due, state, policy);
    for (const GuardedInstance* each : due) {
        const GuardedInstance& one = *each;
        const Asked asked{one, state, policy, counts, now, wallNow};
        const bool observe = state.modeOf(one.pool) == AutomationMode::Observe;
        Verdict_ objection;
        QStringView by = modeGuard;
        // What was said once is neither planned again nor counted against the others.
        if (observe && one.announced)
            objection = QStringLiteral("observe");
        for (const Guard& guard : guards) {
            if (objection)
                break;
            objection = guard.asks(asked);
            by = guard.name;
        }
        if (objection) {
            made.blocked.push_back({one.id, by.toString(), *objection});
            continue;
        }
        const PlannedStep step = stepFor(one, state, policy);
        ++counts.inRecovery[one.pool];
        ++counts.allInRecovery;
        if (!one.further)
            counts.lastStart[one.pool] = now;
        counts.zones[one.zone].lastStart = now;
        if (observe) {
            made.blocked.push_back({one.id, modeGuard.toString(), QStringLiteral("observe")});
            made.wouldHaveDone.push_back(step);
        } else {
            made.steps.push_back(step);
        }
    }
    return made;
}

} // namespace vigie
