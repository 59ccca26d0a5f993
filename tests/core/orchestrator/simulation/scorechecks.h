#pragma once

#include "core/orchestrator/simulation/simulation.h"

#include <algorithm>

namespace vigie {

/// What judgement.md asks of a score that does not hold, a sentence each, with the seed; empty: it
/// holds.
inline QStringList shortcomings(const Scenario& scenario, const Score& score) {
    QStringList all;
    const auto none = [&all](int count, const char* what) {
        if (count != 0)
            all.append(QStringLiteral("%1: %2").arg(QLatin1String(what)).arg(count));
    };
    const auto atMost = [&all](const std::vector<double>& times, double seconds, const char* what) {
        if (!times.empty() && std::ranges::max(times) > seconds)
            all.append(QStringLiteral("%1 after %2 s, at most %3 are allowed")
                           .arg(QLatin1String(what))
                           .arg(std::ranges::max(times))
                           .arg(seconds));
    };
    const auto isOneOf = [&scenario](std::initializer_list<const char*> names) {
        return std::ranges::any_of(
            names, [&](const char* name) { return scenario.name == QLatin1String(name); });
    };
    constexpr double threshold = 300; // and the cool-down after a release
    const double tick = std::chrono::duration<double>(scenario.tick).count();
    none(score.falseKills, "false kills");
    none(score.missedDeaths, "missed deaths");
    none(score.leakedVolumes, "leaked volumes");
    none(score.wronglyDeletedVolumes, "wrongly deleted volumes");
    none(score.actionsInOutage, "automatic actions in an outage");
    none(score.untoldOutages, "outages of which nobody was told");
    atMost(score.resumeSeconds, threshold + tick, "recovery resumed");
    if (isOneOf({"crash", "silent_hang", "agent_crash"}))
        none(score.blockedByGuard, "deaths blocked by a guard");
    if (isOneOf({"crash", "silent_hang", "provider_down", "clock_skew"}))
        atMost(score.detectSeconds, threshold + tick, "a silent death was detected");
    if (isOneOf({"agent_crash", "hung_model", "slow_worker", "provider_lies", "mass_return"}))
        none(score.automaticActions, "automatic actions");
    if (!all.isEmpty())
        all.prepend(QStringLiteral("%1, seed %2").arg(scenario.name).arg(score.seed));
    return all + (all.isEmpty() ? QStringList() : score.mistakes);
}

} // namespace vigie
