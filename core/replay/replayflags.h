#pragma once

#include "core/base/outcome.h"
#include "core/resilience/circuitoptions.h"

#include <functional>
#include <vector>

namespace vigie {

/// A flag of `vigied breaker replay` that sets one of the breaker's options.
struct ReplayFlag {
    QString name;      ///< "failure-rate"
    QString valueName; ///< "SHARE"
    QString help;      ///< one sentence
};

std::vector<ReplayFlag> replayFlags();

/// The options of a breaker: the defaults, with what `valueOf` gives for the flags; empty for one
/// that was not given. Invalid names the flag, its value and what was expected.
Outcome<CircuitOptions> circuitOptionsFrom(const std::function<QString(const QString&)>& valueOf);

} // namespace vigie
