#pragma once

#include "core/base/clock.h"
#include "core/model/assessment.h"
#include "core/model/instancestatus.h"

#include <optional>
#include <span>

namespace vigie {

/// Thresholds of judgement.md. Validated by the configuration reader.
struct WatchdogPolicy {
    Duration heartbeatThreshold = std::chrono::seconds(300); ///< silent beyond it
    Duration expectedBeatInterval = std::chrono::seconds(4);
    double phiSuspect = 8;   ///< late at or above it
    int failingProbes = 3;   ///< N in a row
    double stormShare = 0.3; ///< share of a pool or the fleet
    int stormMinimum = 3;
};

enum class ProbeFinding {
    NotTried, ///< no probe result yet, or none is configured
    Ok,
    Failing,     ///< the last one failed; `failures` in a row
    NotPossible, ///< no address, or one that must not be probed
};

enum class ProviderFinding {
    Unknown, ///< never asked, or any answer that proves nothing
    Exists,
    Stopped,
    Absent, ///< typed not-found for that very id, twice, at least one tick apart
};

/// What is known about one instance at one moment. Times are the watcher's, at receipt.
struct InstanceEvidence {
    InstanceStatus status = InstanceStatus::Unknown;
    std::optional<MonotonicTime> lastBeat; ///< of the current incarnation; nothing: none yet
    std::optional<double> phi;
    ProbeFinding probe = ProbeFinding::NotTried;
    int probeFailures = 0;
    QString probeSays;
    ProviderFinding provider = ProviderFinding::Unknown;
    QString providerSays;
};

/// What the watcher knows about itself and the fleet around the instance.
struct WatcherEvidence {
    MonotonicTime startedAt{};
    std::optional<MonotonicTime> lastStall;
    std::optional<MonotonicTime> storeRefreshed; ///< last success; nothing: never
    std::optional<QString> storeFailure;         ///< of the newest attempt
    bool ownAddressAnswers = false;
    /// Newest beat of any *other* worker; in a fleet of one, the provider's last good answer.
    std::optional<MonotonicTime> othersHeard;
    bool storm = false; ///< a large share of the pool or fleet is silent within one threshold
    QString stormSays;
    bool alone = true; ///< no other watched instance is silent at the same time (storm.h)
};

/// Whether the watcher may trust its own silence.
bool isHealthy(const WatcherEvidence& watcher, const WatchdogPolicy& policy, MonotonicTime now);
/// The reason when it may not.
std::optional<QString> whyUnhealthy(const WatcherEvidence& watcher, const WatchdogPolicy& policy,
                                    MonotonicTime now);

/// Since when silence counts: max(last beat, watcher's start, last stall).
MonotonicTime silenceSince(const InstanceEvidence& instance, const WatcherEvidence& watcher);

/// One row of judgement.md's table, as data. The words are what a person reads and what is matched:
/// each column lists the facts it admits, parted by '|'; "any" admits all. What judgement.md leaves
/// open (an instance on its way to ready, a probe that failed only once) has rows of its own, so
/// that every combination of facts has an answer.
struct EvidenceRow {
    QStringView rule; ///< stable name, shown to the operator
    /// fresh, late, waiting (no beat since the watcher's start or stall, grace not over), silent,
    /// silent twice (the threshold)
    QStringView heartbeat;
    QStringView probe;    ///< ok, not tried, failing, failing N times, not possible
    QStringView provider; ///< exists, unknown, stopped, absent
    QStringView watcher;  ///< healthy, not healthy
    QStringView fleet;    ///< alone, others silent, storm
    QStringView phase;    ///< serving (ready, unavailable, draining, worker_dead), starting, other
    Verdict verdict;
    /// What is written to the store; nothing: unchanged.
    std::optional<InstanceStatus> writes;
    QStringView explanation; ///< one sentence
};
std::span<const EvidenceRow> evidenceTable();

/// The verdict with the row of the table that gave it; no words are made, see explain().
struct Judgement {
    const EvidenceRow* row = nullptr; ///< nothing only if the table had no answer
    Verdict verdict = Verdict::Unknown;
    /// The status that the row asks for; nothing: unchanged.
    std::optional<InstanceStatus> writes;
    bool watcherHealthy = false;

    QStringView rule() const { return row ? row->rule : QStringView(); }
};

/// Pure, and allocates nothing: a whole fleet is judged in each tick. The first row of the table
/// that matches decides.
Judgement assess(const InstanceEvidence& instance, const WatcherEvidence& watcher,
                 const WatchdogPolicy& policy, MonotonicTime now);

/// The same judgement with its reasons in sentences. `now` is the moment of the judgement;
/// `wallNow` only stamps the evidence.
Assessment explain(const Judgement& judgement, const InstanceEvidence& instance,
                   const WatcherEvidence& watcher, const WatchdogPolicy& policy, MonotonicTime now,
                   WallTime wallNow);

/// Phi accrual suspicion (Hayashibara et al. 2004) of `elapsed` since the last beat, for normally
/// distributed intervals of the given mean and standard deviation. 0 when not late at all.
double phi(Duration elapsed, Duration mean, Duration deviation);

} // namespace vigie
