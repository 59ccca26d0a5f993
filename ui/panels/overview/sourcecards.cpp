#include "ui/panels/overview/sourcecards.h"

#include "core/base/timeformat.h"
#include "ui/models/words.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace vigie::panels::overview {

namespace {

struct C {
    Q_DECLARE_TR_FUNCTIONS(Overview)
};

QString kindText(const SourceStatus& source) {
    if (source.kind == QLatin1String("prometheus"))
        return C::tr("Prometheus metrics");
    if (source.kind == QLatin1String("orchestrator"))
        return source.capabilities.assessments || !source.lastSuccess
                   ? C::tr("orchestrator")
                   : C::tr("orchestrator (part A only)");
    return source.kind.isEmpty() ? C::tr("kind not known yet") : source.kind;
}

} // namespace

Share shareOf(const InstanceView& view) {
    const InstanceStatus status = view.instance.status;
    if (isOver(status) || view.assessment.verdict == Verdict::Gone)
        return Share::Over;
    if (view.assessment.verdict == Verdict::Dead)
        return Share::Dead;
    if (view.assessment.verdict == Verdict::Suspect)
        return Share::Suspect;
    if (isStarting(status) || status == InstanceStatus::Provisioning)
        return Share::Starting;
    return view.assessment.verdict == Verdict::Alive ? Share::Alive : Share::Unknown;
}

QString word(Share share, int instances) {
    switch (share) {
    case Share::Dead:
        return vigie::word(Verdict::Dead, instances);
    case Share::Suspect:
        return vigie::word(Verdict::Suspect, instances);
    case Share::Unknown:
        return vigie::word(Verdict::Unknown, instances);
    case Share::Starting:
        return C::tr("on the way");
    case Share::Alive:
        return vigie::word(Verdict::Alive, instances);
    case Share::Over:
        return C::tr("over", nullptr, instances);
    }
    return {};
}

std::vector<SourceCard> cards(const FleetSnapshot& snapshot) {
    std::vector<SourceCard> cards;
    QHash<SourceId, size_t> places;
    for (const SourceStatus& source : snapshot.sources) {
        SourceCard card;
        card.id = source.id;
        card.name = source.name;
        card.detail = QStringList{kindText(source), source.version, source.url.toDisplayString()}
                          .filter(QRegularExpression(QStringLiteral(".")))
                          .join(QStringLiteral(" · "));
        card.freshness = source.freshness;
        if (source.lastSuccess)
            card.age = snapshot.takenAt - *source.lastSuccess;
        card.stale = source.freshness != Freshness::Live && source.freshness != Freshness::Late;
        card.instances = source.capabilities.instances;
        card.beats = source.beatsPerSecond;
        card.beatsExpected = source.beatsExpectedPerSecond;
        if (source.pollLatency.count() > 0)
            card.pollP95 = toSeconds(source.pollLatency.quantile(0.95));
        card.breaker = source.breaker.effective;
        card.breakerText = vigie::word(card.breaker);
        if (source.lastFailure)
            card.failure = source.lastFailure->message;
        places.insert(source.id, cards.size());
        cards.push_back(std::move(card));
    }
    for (const auto& view : snapshot.instances) {
        const auto place = places.constFind(view->source);
        if (place == places.constEnd() || view->instance.isArchived)
            continue;
        SourceCard& card = cards[*place];
        ++card.counts[static_cast<size_t>(shareOf(*view))];
        ++card.total;
    }
    for (const LatencySeries& series : snapshot.latencies)
        if (const auto place = places.constFind(series.source);
            place != places.constEnd() && series.foreign)
            ++cards[*place].series;
    std::stable_sort(cards.begin(), cards.end(), [](const SourceCard& a, const SourceCard& b) {
        const auto rank = [](const SourceCard& card) {
            return std::tuple(!card.stale, -card.counts[0], -card.counts[1]);
        };
        return rank(a) < rank(b);
    });
    return cards;
}

} // namespace vigie::panels::overview
