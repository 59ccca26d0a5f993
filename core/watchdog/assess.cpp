#include "core/watchdog/assess.h"

#include "core/base/timeformat.h"

#include <QList>
#include <QStringBuilder>
#include <QStringView>

#include <algorithm>
#include <array>

namespace vigie {

namespace {

// The words of the table's columns; a fact is a place in its list.
constexpr std::array heartbeatWords{QStringView(u"fresh"), QStringView(u"late"),
                                    QStringView(u"waiting"), QStringView(u"silent"),
                                    QStringView(u"silent twice")};
constexpr std::array probeWords{QStringView(u"ok"), QStringView(u"not tried"),
                                QStringView(u"failing"), QStringView(u"failing N times"),
                                QStringView(u"not possible")};
constexpr std::array providerWords{QStringView(u"exists"), QStringView(u"unknown"),
                                   QStringView(u"stopped"), QStringView(u"absent")};
constexpr std::array watcherWords{QStringView(u"healthy"), QStringView(u"not healthy")};
constexpr std::array fleetWords{QStringView(u"alone"), QStringView(u"others silent"),
                                QStringView(u"storm")};
constexpr std::array phaseWords{QStringView(u"serving"), QStringView(u"starting"),
                                QStringView(u"other")};

enum Heartbeat : std::size_t { Fresh, Late, Waiting, Silent, SilentTwice };
enum Probe : std::size_t { ProbeOk, NotTried, Failing, FailingOften, NotPossible };
enum ProviderSays : std::size_t { Exists, ProviderUnknown, Stopped, Absent };
enum Phase : std::size_t { Serving, Starting, Other };

/// The evidence of one instance as places in those lists.
struct Facts {
    std::size_t heartbeat = 0, probe = 0, provider = 0, watcher = 0, fleet = 0, phase = 0;
};

constexpr std::size_t combinations = heartbeatWords.size() * probeWords.size() *
                                     providerWords.size() * watcherWords.size() *
                                     fleetWords.size() * phaseWords.size();

std::size_t placeOf(const Facts& facts) {
    std::size_t place = facts.heartbeat;
    place = place * probeWords.size() + facts.probe;
    place = place * providerWords.size() + facts.provider;
    place = place * watcherWords.size() + facts.watcher;
    place = place * fleetWords.size() + facts.fleet;
    return place * phaseWords.size() + facts.phase;
}

Facts factsAt(std::size_t place) {
    const auto next = [&place](std::size_t size) {
        const std::size_t fact = place % size;
        place /= size;
        return fact;
    };
    Facts facts;
    facts.phase = next(phaseWords.size());
    facts.fleet = next(fleetWords.size());
    facts.watcher = next(watcherWords.size());
    facts.provider = next(providerWords.size());
    facts.probe = next(probeWords.size());
    facts.heartbeat = next(heartbeatWords.size());
    return facts;
}

/// Whether one of the words of `column`, parted by '|', is `fact`.
bool admits(QStringView column, QStringView fact) {
    return column == u"any" || column.split(u'|').contains(fact);
}

bool matches(const EvidenceRow& row, const Facts& facts) {
    return admits(row.heartbeat, heartbeatWords[facts.heartbeat]) &&
           admits(row.probe, probeWords[facts.probe]) &&
           admits(row.provider, providerWords[facts.provider]) &&
           admits(row.watcher, watcherWords[facts.watcher]) &&
           admits(row.fleet, fleetWords[facts.fleet]) && admits(row.phase, phaseWords[facts.phase]);
}

using Answers = std::array<const EvidenceRow*, combinations>;

/// The table answers every combination of facts (a test walks them all), so that each can be looked
/// up instead of searched for.
const Answers& answers() {
    static const Answers all = [] {
        Answers made{};
        for (std::size_t place = 0; place < combinations; ++place) {
            const Facts facts = factsAt(place);
            const auto table = evidenceTable();
            const auto row = std::ranges::find_if(
                table, [&](const EvidenceRow& candidate) { return matches(candidate, facts); });
            made[place] = row == table.end() ? nullptr : &*row;
        }
        return made;
    }();
    return all;
}

/// Whether a beat of this incarnation came after everything that restarts the grace.
bool heardSinceGrace(const InstanceEvidence& instance, const WatcherEvidence& watcher) {
    return instance.lastBeat && *instance.lastBeat >= silenceSince(instance, watcher);
}

Heartbeat heartbeatFact(const InstanceEvidence& instance, const WatcherEvidence& watcher,
                        const WatchdogPolicy& policy, MonotonicTime now) {
    const Duration silence = now - silenceSince(instance, watcher);
    if (silence > 2 * policy.heartbeatThreshold)
        return SilentTwice;
    if (silence > policy.heartbeatThreshold)
        return Silent;
    if (!heardSinceGrace(instance, watcher))
        return Waiting;
    return instance.phi.value_or(0) >= policy.phiSuspect ? Late : Fresh;
}

Probe probeFact(const InstanceEvidence& instance, const WatchdogPolicy& policy) {
    switch (instance.probe) {
    case ProbeFinding::Ok:
        return ProbeOk;
    case ProbeFinding::Failing:
        return instance.probeFailures >= policy.failingProbes ? FailingOften : Failing;
    case ProbeFinding::NotPossible:
        return NotPossible;
    case ProbeFinding::NotTried:
        break;
    }
    return NotTried;
}

ProviderSays providerFact(ProviderFinding finding) {
    switch (finding) {
    case ProviderFinding::Exists:
        return Exists;
    case ProviderFinding::Stopped:
        return Stopped;
    case ProviderFinding::Absent:
        return Absent;
    case ProviderFinding::Unknown:
        break;
    }
    return ProviderUnknown;
}

Phase phaseFact(InstanceStatus status) {
    if (isStarting(status))
        return Starting;
    switch (status) {
    case InstanceStatus::Ready:
    case InstanceStatus::Unavailable:
    case InstanceStatus::Draining:
    case InstanceStatus::WorkerDead:
        return Serving;
    default:
        return Other;
    }
}

QString heartbeatSays(const InstanceEvidence& instance, const WatcherEvidence& watcher,
                      MonotonicTime now) {
    const Duration silence = now - silenceSince(instance, watcher);
    if (heardSinceGrace(instance, watcher))
        return u"last beat " % humanDuration(silence) % u" ago";
    const bool stalled = watcher.lastStall && *watcher.lastStall > watcher.startedAt;
    return QStringLiteral("no beat in the %1 since the watcher %2")
        .arg(humanDuration(silence),
             stalled ? QStringLiteral("stalled") : QStringLiteral("started"));
}

/// Why a watcher can't trust its own silence.
enum class Trouble {
    None,
    Started,
    Stalled,
    StoreFails,
    StoreNever,
    StoreStale,
    OwnAddress,
    NobodyYet,
    NobodyLately
};

Trouble troubleOf(const WatcherEvidence& watcher, const WatchdogPolicy& policy, MonotonicTime now) {
    const Duration threshold = policy.heartbeatThreshold;
    if (now - watcher.startedAt < threshold)
        return Trouble::Started;
    if (watcher.lastStall && now - *watcher.lastStall < threshold)
        return Trouble::Stalled;
    if (watcher.storeFailure)
        return Trouble::StoreFails;
    if (!watcher.storeRefreshed)
        return Trouble::StoreNever;
    if (now - *watcher.storeRefreshed > threshold)
        return Trouble::StoreStale;
    if (!watcher.ownAddressAnswers)
        return Trouble::OwnAddress;
    if (!watcher.othersHeard)
        return Trouble::NobodyYet;
    return now - *watcher.othersHeard > threshold ? Trouble::NobodyLately : Trouble::None;
}

QString orWord(const QString& sentence, QStringView word) {
    return sentence.isEmpty() ? word.toString() : sentence;
}

} // namespace

bool isHealthy(const WatcherEvidence& watcher, const WatchdogPolicy& policy, MonotonicTime now) {
    return troubleOf(watcher, policy, now) == Trouble::None;
}

std::optional<QString> whyUnhealthy(const WatcherEvidence& watcher, const WatchdogPolicy& policy,
                                    MonotonicTime now) {
    const auto said = [&](QStringView before, MonotonicTime since, QStringView after) {
        return QString(before % humanDuration(now - since) % after %
                       humanDuration(policy.heartbeatThreshold));
    };
    switch (troubleOf(watcher, policy, now)) {
    case Trouble::None:
        break;
    case Trouble::Started:
        return said(u"the watcher has been up for ", watcher.startedAt, u" only; its grace is ");
    case Trouble::Stalled:
        return said(u"the watcher stalled ", *watcher.lastStall, u" ago; its grace is ");
    case Trouble::StoreFails:
        return QStringLiteral("the store does not answer: ") + *watcher.storeFailure;
    case Trouble::StoreNever:
        return QStringLiteral("the store has never answered");
    case Trouble::StoreStale:
        return said(u"the store last answered ", *watcher.storeRefreshed,
                    u" ago, over the threshold of ");
    case Trouble::OwnAddress:
        return QStringLiteral("the watcher's own address does not answer, so beats can't arrive");
    case Trouble::NobodyYet:
        return QStringLiteral(
            "no other worker (or, in a fleet of one, the provider) was heard yet");
    case Trouble::NobodyLately:
        return said(u"no other worker (or, in a fleet of one, the provider) was heard for ",
                    *watcher.othersHeard, u", over the threshold of ");
    }
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
                 const WatchdogPolicy& policy, MonotonicTime now) {
    Facts facts;
    facts.heartbeat = heartbeatFact(instance, watcher, policy, now);
    facts.probe = probeFact(instance, policy);
    facts.provider = providerFact(instance.provider);
    facts.watcher = isHealthy(watcher, policy, now) ? 0 : 1;
    facts.fleet = watcher.storm ? 2 : (watcher.alone ? 0 : 1);
    facts.phase = phaseFact(instance.status);
    const EvidenceRow* row = answers()[placeOf(facts)];
    return row ? Judgement{row, row->verdict, row->writes, facts.watcher == 0} : Judgement{};
}

Assessment explain(const Judgement& judgement, const InstanceEvidence& instance,
                   const WatcherEvidence& watcher, const WatchdogPolicy& policy, MonotonicTime now,
                   WallTime wallNow) {
    Assessment said;
    said.verdict = judgement.verdict;
    said.rule = judgement.rule().toString();
    said.phi = instance.phi;
    if (instance.lastBeat)
        said.heartbeatAge = now - *instance.lastBeat;

    said.evidence.reserve(5);
    const auto witness = [&](const QString& source, QString says) {
        said.evidence.push_back({source, std::move(says), wallNow});
    };
    const auto unhealthy = whyUnhealthy(watcher, policy, now);
    witness(QStringLiteral("heartbeat"), heartbeatSays(instance, watcher, now));
    witness(QStringLiteral("probe"),
            orWord(instance.probeSays, probeWords[probeFact(instance, policy)]));
    witness(QStringLiteral("provider"),
            orWord(instance.providerSays, providerWords[providerFact(instance.provider)]));
    if (watcher.storm)
        witness(QStringLiteral("watcher"), orWord(watcher.stormSays, u"storm"));
    if (unhealthy)
        witness(QStringLiteral("watcher"), *unhealthy);

    if (said.rule == u"storm")
        said.blockedBy = QStringLiteral("storm: ") + orWord(watcher.stormSays, u"many are silent");
    else if (unhealthy &&
             (said.rule == u"watcher-not-healthy" || said.rule == u"fresh-not-serving-unsure"))
        said.blockedBy = QStringLiteral("watcher: ") + *unhealthy;
    return said;
}

} // namespace vigie
