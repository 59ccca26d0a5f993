#pragma once

#include "core/base/clock.h"

#include <QString>

#include <optional>
#include <vector>

namespace vigie {

/// What the evidence says about an instance (judgement.md).
enum class Verdict { Unknown, Alive, Suspect, Dead, Gone };
QString toString(Verdict verdict);
Verdict verdictFromString(QStringView word);

/// One witness: who says what, and when it was said.
struct Evidence {
    QString source; ///< "heartbeat", "probe", "provider", "watcher", "orchestrator"
    QString says;   ///< one short sentence or word, e.g. "silent for 312 s", "readyz answered 503"
    WallTime at{};
    bool operator==(const Evidence&) const = default;
};

/// A verdict with its reasons.
struct Assessment {
    Verdict verdict = Verdict::Unknown;
    QString rule; ///< the row of the evidence table, e.g. "silent-probe-failing"
    std::optional<double> phi;
    std::optional<Duration> heartbeatAge;
    std::vector<Evidence> evidence;
    QString blockedBy; ///< the guard that holds a remedy back, with its figures; empty when none
    bool operator==(const Assessment&) const = default;
};

} // namespace vigie
