#include "ui/models/words.h"
#include "ui/shell/statusstrip.h"

#include <QCoreApplication>

namespace vigie {

namespace {

struct T {
    Q_DECLARE_TR_FUNCTIONS(StatusStrip)
};

Token inkOf(Verdict verdict) {
    return verdict == Verdict::Dead      ? Token::Dead
           : verdict == Verdict::Suspect ? Token::Suspect
           : verdict == Verdict::Alive   ? Token::Text
                                         : Token::Unknown;
}

void addVerdicts(std::vector<StatusFact>& facts, const FleetSnapshot& snapshot) {
    QHash<Verdict, int> counts;
    for (const auto& view : snapshot.instances)
        ++counts[view->assessment.verdict];
    for (const Verdict verdict :
         {Verdict::Dead, Verdict::Suspect, Verdict::Unknown, Verdict::Alive}) {
        const int count = counts.value(verdict);
        StatusFact fact;
        fact.id = toString(verdict);
        fact.number = countText(count);
        fact.label = word(verdict, count);
        fact.shape = verdict;
        fact.ink = inkOf(verdict);
        fact.quiet = count == 0;
        fact.hatched = verdict == Verdict::Unknown && count > 0;
        fact.panel = QStringLiteral("fleet");
        fact.filter = QStringLiteral("verdict:") + toString(verdict);
        fact.tip = T::tr("Instances judged %1").arg(word(verdict));
        facts.push_back(fact);
    }
}

StatusFact sourcesFact(const FleetSnapshot& snapshot) {
    int live = 0;
    const SourceStatus* worst = nullptr;
    for (const SourceStatus& source : snapshot.sources) {
        live += source.freshness == Freshness::Live ? 1 : 0;
        if (!worst || source.freshness > worst->freshness)
            worst = &source;
    }
    StatusFact fact;
    fact.id = QStringLiteral("sources");
    const int all = static_cast<int>(snapshot.sources.size());
    fact.number = QStringLiteral("%1/%2").arg(live).arg(all);
    fact.label = T::tr("sources live");
    fact.shape = worst ? worst->freshness : Freshness::Waiting;
    fact.ink = live == all                                  ? Token::Text
               : worst->freshness == Freshness::Unreachable ? Token::Dead
                                                            : Token::Suspect;
    fact.hatched = live != all;
    fact.panel = QStringLiteral("overview");
    QStringList lines;
    for (const SourceStatus& source : snapshot.sources)
        lines.append(QStringLiteral("%1: %2, %3")
                         .arg(source.name, word(source.freshness),
                              source.lastSuccess ? ageText(*source.lastSuccess, snapshot.takenAt)
                                                 : T::tr("never answered")));
    fact.tip = lines.join(QLatin1Char('\n'));
    return fact;
}

StatusFact breakersFact(const FleetSnapshot& snapshot) {
    int open = 0;
    const auto count = [&open](const Breaker& breaker) {
        open +=
            breaker.effective == BreakerMode::Open || breaker.effective == BreakerMode::ForcedOpen
                ? 1
                : 0;
    };
    for (const SourceStatus& source : snapshot.sources) {
        count(source.breaker);
        for (const Breaker& breaker : source.remoteBreakers)
            count(breaker);
    }
    StatusFact fact;
    fact.id = QStringLiteral("breakers");
    fact.number = countText(open);
    fact.label = T::tr("breakers open", nullptr, open);
    fact.shape = open > 0 ? BreakerMode::Open : BreakerMode::Closed;
    fact.ink = open > 0 ? Token::Dead : Token::Text;
    fact.quiet = open == 0;
    fact.panel = QStringLiteral("breakers");
    fact.tip = T::tr("Circuit breakers open or forced open, ours and the orchestrators'");
    return fact;
}

StatusFact alertsFact(const FleetSnapshot& snapshot) {
    int firing = 0;
    Severity worst = Severity::Info;
    for (const Alert& alert : snapshot.alerts)
        if (alert.state == AlertState::Firing) {
            ++firing;
            worst = std::max(worst, alert.severity);
        }
    StatusFact fact;
    fact.id = QStringLiteral("alerts");
    fact.number = countText(firing);
    fact.label = T::tr("alerts firing", nullptr, firing);
    fact.shape = worst;
    fact.ink = firing == 0                   ? Token::Text
               : worst == Severity::Critical ? Token::Dead
                                             : Token::Suspect;
    fact.quiet = firing == 0;
    fact.panel = QStringLiteral("alerts");
    fact.tip = T::tr("Alerts that are firing now");
    return fact;
}

} // namespace

std::vector<StatusFact> statusFacts(const FleetSnapshot& snapshot, Duration silence) {
    std::vector<StatusFact> facts;
    addVerdicts(facts, snapshot);
    facts.push_back(sourcesFact(snapshot));
    facts.push_back(breakersFact(snapshot));
    facts.push_back(alertsFact(snapshot));
    // A silent engine makes everything above old: that comes first.
    if (silence >= std::chrono::seconds(5)) {
        for (StatusFact& fact : facts)
            fact.hatched = true;
        StatusFact fact;
        fact.id = QStringLiteral("silence");
        fact.label = T::tr("everything here is %1 old").arg(shortDuration(silence));
        fact.shape = Freshness::Stale;
        fact.ink = Token::Dead;
        fact.hatched = true;
        facts.insert(facts.begin(), fact);
    }
    return facts;
}

} // namespace vigie
