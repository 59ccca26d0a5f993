#pragma once

#include "core/orchestrator/actions/actionfacts.h"
#include "core/orchestrator/actions/actionrule.h"
#include "core/watchdog/guards.h"

#include <QStringList>

namespace vigie {

/// What the guards say about one target.
struct ItemVerdict {
    bool allowed = false;
    QString guard;      ///< that blocks it or that it waits for; empty: none
    QString says;       ///< with its figures
    bool waits = false; ///< the guard lifts by itself: an operation waits, a single call is refused
    QStringList passed; ///< guards that `override` passed
    QString effect;     ///< what the action does to it, one sentence
};

/// Pure. An item that waits is not allowed now.
ItemVerdict judgeItem(Action action, const TargetFacts& target, const FleetFacts& fleet,
                      const GuardPolicy& policy, bool override);

/// Who serves, and what it costs.
struct Capacity {
    int instances = 0, ready = 0;
    double costPerHour = 0; ///< EUR
    QHash<QString, PoolFacts> pools;
};

struct PlannedItem {
    TargetFacts target;
    ItemVerdict verdict; ///< with `waits`, it will be done, but not at once
};

/// One guard as the plan met it.
struct PlanGuard {
    QString name;
    bool applies = false, mayBePassed = false;
    int holdsBack = 0; ///< items
};

/// A dry run of an action on many.
struct ActionPlan {
    Action action = Action::Terminate;
    std::vector<PlannedItem> items;
    Capacity before, after;
    int lowestReady = 0; ///< while it is being done, if all that is allowed is done at once
    std::vector<PlanGuard> guards;
};

/// Pure. Each item that is planned counts against the limits of those after it; ids named twice
/// count once.
ActionPlan planAction(Action action, std::vector<TargetFacts> targets, const FleetFacts& fleet,
                      const GuardPolicy& policy, bool override);

} // namespace vigie
