#include "core/watchdog/assess.h"

#include "core/base/timeformat.h"

#include <QStringView>

#include <algorithm>

namespace vigie {

namespace {

/// The evidence of one instance in the words of the table.
struct Facts {
    QStringView heartbeat, probe, provider, watcher, fleet, phase;
};

/// Whether one of the words of `column`, parted by '|', is `fact`; allocates nothing, as it runs
/// for every row and instance.
bool admits(QStringView column, QStringView fact) {
    if (column == u"any")
        return true;
    qsizetype begin = 0;
    while (begin <= column.size()) {
        qsizetype end = column.indexOf(u'|', begin);
        if (end < 0)
            end = column.size();
        if (column.mid(begin, end - begin) == fact)
            return true;
        begin = end + 1;
    }
    return false;
}

bool matches(const EvidenceRow& row, const Facts& facts) {
    return admits(row.heartbeat, facts.heartbeat) && admits(row.probe, facts.probe) &&
           admits(row.provider, facts.provider) && admits(row.watcher, facts.watcher) &&
           admits(row.fleet, facts.fleet) && admits(row.phase, facts.phase);
}

/// Whether a beat of this incarnation came after everything that restarts the grace.
bool heardSinceGrace(const InstanceEvidence& instance, const WatcherEvidence& watcher) {
    return instance.lastBeat && *instance.lastBeat >= silenceSince(instance, watcher);
}

QStringView heartbeatFact(const InstanceEvidence& instance, const WatcherEvidence& watcher,
                          const WatchdogPolicy& policy, MonotonicTime now) {
    const Duration silence = now - silenceSince(instance, watcher);
    if (silence > 2 * policy.heartbeatThreshold)
        return u"silent twice";
    if (silence > policy.heartbeatThreshold)
        return u"silent";
    if (!heardSinceGrace(instance, watcher))
        return u"waiting";
    return instance.phi.value_or(0) >= policy.phiSuspect ? u"late" : u"fresh";
}

QStringView probeFact(const InstanceEvidence& instance, const WatchdogPolicy& policy) {
    switch (instance.probe) {
    case ProbeFinding::Ok:
        return u"ok";
    case ProbeFinding::Failing:
        return instance.probeFailures >= policy.failingProbes ? u"failing N times" : u"failing";
    case ProbeFinding::NotPossible:
        return u"not possible";
    case ProbeFinding::NotTried:
        break;
    }
    return u"not tried";
}

QStringView providerFact(ProviderFinding finding) {
    switch (finding) {
    case ProviderFinding::Exists:
        return u"exists";
    case ProviderFinding::Stopped:
        return u"stopped";
    case ProviderFinding::Absent:
        return u"absent";
    case ProviderFinding::Unknown:
        break;
    }
    return u"unknown";
}

QStringView phaseFact(InstanceStatus status) {
    if (isStarting(status))
        return u"starting";
    switch (status) {
    case InstanceStatus::Ready:
    case InstanceStatus::Unavailable:
    case InstanceStatus::Draining:
    case InstanceStatus::WorkerDead:
        return u"serving";
    default:
        return u"other";
    }
}

QString heartbeatSays(const InstanceEvidence& instance, const WatcherEvidence& watcher,
                      MonotonicTime now) {
    const Duration silence = now - silenceSince(instance, watcher);
    if (heardSinceGrace(instance, watcher))
        return QStringLiteral("last beat %1 ago").arg(humanDuration(silence));
    const bool stalled = watcher.lastStall && *watcher.lastStall > watcher.startedAt;
    return QStringLiteral("no beat in the %1 since the watcher %2")
        .arg(humanDuration(silence),
             stalled ? QStringLiteral("stalled") : QStringLiteral("started"));
}

QString orWord(const QString& sentence, QStringView word) {
    return sentence.isEmpty() ? word.toString() : sentence;
}

} // namespace

std::optional<QString> whyUnhealthy(const WatcherEvidence& watcher, const WatchdogPolicy& policy,
                                    MonotonicTime now) {
    const Duration threshold = policy.heartbeatThreshold;
    const auto within = [&](std::optional<MonotonicTime> time) {
        return time && now - *time <= threshold;
    };
    const auto short_ = [&](const QString& sentence, Duration elapsed) {
        return sentence.arg(humanDuration(elapsed), humanDuration(threshold));
    };
    if (now - watcher.startedAt < threshold)
        return short_(QStringLiteral("the watcher has been up for %1 only; its grace is %2"),
                      now - watcher.startedAt);
    if (watcher.lastStall && now - *watcher.lastStall < threshold)
        return short_(QStringLiteral("the watcher stalled %1 ago; its grace is %2"),
                      now - *watcher.lastStall);
    if (watcher.storeFailure)
        return QStringLiteral("the store does not answer: ") + *watcher.storeFailure;
    if (!watcher.storeRefreshed)
        return QStringLiteral("the store has never answered");
    if (!within(watcher.storeRefreshed))
        return short_(QStringLiteral("the store last answered %1 ago, over the threshold of %2"),
                      now - *watcher.storeRefreshed);
    if (!watcher.ownAddressAnswers)
        return QStringLiteral("the watcher's own address does not answer, so beats can't arrive");
    if (!watcher.othersHeard)
        return QStringLiteral(
            "no other worker (or, in a fleet of one, the provider) was heard yet");
    if (!within(watcher.othersHeard))
        return short_(QStringLiteral("no other worker (or, in a fleet of one, the provider) was "
                                     "heard for %1, over the threshold of %2"),
                      now - *watcher.othersHeard);
    return std::nullopt;
}

MonotonicTime silenceSince(const InstanceEvidence& instance, const WatcherEvidence& watcher) {
    MonotonicTime since = watcher.startedAt;
    if (instance.lastBeat)
        since = std::max(since, *instance.lastBeat);
    if (watcher.lastStall)
        since = std::max(since, *watcher.lastStall);
    return since;
}

Judgement assess(const InstanceEvidence& instance, const WatcherEvidence& watcher,
                 const WatchdogPolicy& policy, MonotonicTime now, WallTime wallNow) {
    const auto unhealthy = whyUnhealthy(watcher, policy, now);
    Facts facts;
    facts.heartbeat = heartbeatFact(instance, watcher, policy, now);
    facts.probe = probeFact(instance, policy);
    facts.provider = providerFact(instance.provider);
    facts.watcher = unhealthy ? u"not healthy" : u"healthy";
    facts.fleet = watcher.storm ? u"storm" : (watcher.alone ? u"alone" : u"others silent");
    facts.phase = phaseFact(instance.status);

    Judgement judgement;
    Assessment& said = judgement.assessment;
    const auto table = evidenceTable();
    const auto row = std::ranges::find_if(
        table, [&](const EvidenceRow& candidate) { return matches(candidate, facts); });
    // The table answers every combination (a test walks them all); no answer means no action.
    if (row != table.end()) {
        said.verdict = row->verdict;
        said.rule = row->rule.toString();
        judgement.writes = row->writes;
    }
    said.phi = instance.phi;
    if (instance.lastBeat)
        said.heartbeatAge = now - *instance.lastBeat;

    const auto witness = [&](const QString& source, const QString& says) {
        said.evidence.push_back({source, says, wallNow});
    };
    witness(QStringLiteral("heartbeat"), heartbeatSays(instance, watcher, now));
    witness(QStringLiteral("probe"), orWord(instance.probeSays, facts.probe));
    witness(QStringLiteral("provider"), orWord(instance.providerSays, facts.provider));
    if (watcher.storm)
        witness(QStringLiteral("watcher"), orWord(watcher.stormSays, u"storm"));
    if (unhealthy)
        witness(QStringLiteral("watcher"), *unhealthy);

    if (said.rule == u"storm")
        said.blockedBy = QStringLiteral("storm: ") + orWord(watcher.stormSays, u"many are silent");
    else if (unhealthy &&
             (said.rule == u"watcher-not-healthy" || said.rule == u"fresh-not-serving-unsure"))
        said.blockedBy = QStringLiteral("watcher: ") + *unhealthy;
    return judgement;
}

} // namespace vigie
