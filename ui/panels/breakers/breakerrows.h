#pragma once

#include "core/model/fleetsnapshot.h"
#include "ui/models/cell.h"

namespace vigie::panels::breakers {

/// One breaker as the bench shows it.
struct BreakerRow {
    QString key;
    Breaker breaker;
    QString place; ///< whose: "dashboard" or the orchestrator's name
    bool own = false;
    bool stale = false;
    WallTime now{};
};

/// Ours first within one urgency; worst first.
std::vector<BreakerRow> rows(const FleetSnapshot& snapshot);

/// 0 for open to 4 for closed without a failure.
int urgency(const Breaker& breaker);
/// Share of the way to tripping, 0..1, by the nearest of its thresholds; nothing when none is told.
std::optional<double> nearness(const Breaker& breaker);
/// "3 of 5 in a row, 2 to go", "41 % of 50 % failing": the same in words, with the failures that
/// are missing where the source tells them.
QString nearnessText(const Breaker& breaker);
/// What its rates are taken over: "last 100 calls", "last 1 min".
QString windowText(const Breaker& breaker);
/// "opened 3 times, closed again 2 times · last 100 calls, rates from 10 on · slow from 1 min":
/// what the source tells of it; empty when it tells nothing.
QString factsText(const Breaker& breaker);
/// When it tries again, or until when it is forced: "in 26 s"; empty when nothing is counting.
QString countdownText(const Breaker& breaker, WallTime now);

std::vector<Column<BreakerRow>> columns();

/// One change of state, for the table below the bench; newest first.
struct TransitionRow {
    QString key;
    BreakerTransition transition;
    WallTime now{};
};
std::vector<TransitionRow> transitionRows(const BreakerRow& row);
std::vector<Column<TransitionRow>> transitionColumns();

} // namespace vigie::panels::breakers
