#pragma once

#include "core/base/clock.h"

#include <QString>

#include <optional>
#include <vector>

namespace vigie {

/// A breaker's state as the wire and the screen name it.
enum class BreakerMode { Closed, HalfOpen, Open, ForcedOpen, ForcedClosed, Disabled, MetricsOnly };
QString toString(BreakerMode mode);
std::optional<BreakerMode> breakerModeFromString(QStringView word);

struct BreakerTransition {
    WallTime at{};
    BreakerMode from = BreakerMode::Closed;
    BreakerMode to = BreakerMode::Closed;
    QString cause;
    bool operator==(const BreakerTransition&) const = default;
};

/// One call of a breaker's window.
struct BreakerCall {
    WallTime at{}; ///< when it began
    Duration duration{};
    bool failed = false;
    bool slow = false;
    QString errorCode;     ///< of a failure: the word of its class
    QString correlationId; ///< empty: not known
    bool operator==(const BreakerCall&) const = default;
};

struct BreakerOverride {
    BreakerMode state = BreakerMode::ForcedOpen;
    QString actor, reason;
    std::optional<WallTime> until;
    bool operator==(const BreakerOverride&) const = default;
};

/// One circuit breaker at one moment: the contract's Breaker.
struct Breaker {
    QString name;
    BreakerMode computed = BreakerMode::Closed;
    BreakerMode effective = BreakerMode::Closed;
    // config (absent: not told by this source)
    std::optional<int> failureThreshold; ///< consecutive failures that open it
    std::optional<double> failureRateThreshold, slowCallRateThreshold; ///< 0..1
    std::optional<Duration> slowCallDurationThreshold;
    std::optional<bool> timeBasedWindow; ///< a window of seconds; false: of calls
    std::optional<int> windowSize;       ///< calls or seconds
    std::optional<int> minimumCalls;     ///< in the window before a rate counts
    std::optional<Duration> waitDurationInOpenState;
    std::optional<int> permittedCallsInHalfOpen, successesToClose;
    // window
    int calls = 0;
    int failures = 0;
    int slow = 0;
    int consecutiveFailures = 0;
    std::optional<double> failureRate, slowRate; ///< 0..1; absent below the minimum number of calls
    /// So many failures (slow calls) from now on, with nothing in between, would open it; absent
    /// where no rule would, or where the source does not tell.
    std::optional<int> failuresToOpen, slowCallsToOpen;
    /// By how many relapses the wait in open state has grown, and what it is now: of this opening,
    /// or of the next; absent where the source does not tell.
    std::optional<int> relapses;
    std::optional<Duration> wait;
    qint64 notPermitted = 0;
    std::optional<qint64> opens, resets; ///< since the start of who holds it
    std::optional<WallTime> openedAt, nextAttemptAt;
    std::vector<BreakerTransition> transitions; ///< newest last, at most 20
    std::optional<BreakerOverride> override_;
    bool operator==(const Breaker&) const = default;
};

} // namespace vigie
