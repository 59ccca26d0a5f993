#include "ui/panels/breakers/breakerrows.h"

#include "ui/models/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace vigie::panels::breakers {

namespace {

struct B {
    Q_DECLARE_TR_FUNCTIONS(Breakers)
};

std::optional<double> share(std::optional<double> value, std::optional<double> limit) {
    return value && limit && *limit > 0 ? std::optional(*value / *limit) : std::nullopt;
}

std::optional<double> consecutiveShare(const Breaker& breaker) {
    return share(breaker.consecutiveFailures, breaker.failureThreshold
                                                  ? std::optional<double>(*breaker.failureThreshold)
                                                  : std::nullopt);
}

} // namespace

std::vector<BreakerRow> rows(const FleetSnapshot& snapshot) {
    std::vector<BreakerRow> rows;
    for (const SourceStatus& source : snapshot.sources) {
        const QString id = source.id.value();
        rows.push_back({QStringLiteral("own/") + id, source.breaker, source.name, true, false,
                        snapshot.takenAt});
        const bool stale =
            source.freshness != Freshness::Live && source.freshness != Freshness::Late;
        for (const Breaker& breaker : source.remoteBreakers)
            rows.push_back({QStringLiteral("remote/%1/%2").arg(id, breaker.name), breaker,
                            source.name, false, stale, snapshot.takenAt});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const BreakerRow& a, const BreakerRow& b) {
        const auto rank = [](const BreakerRow& row) {
            return std::tuple(urgency(row.breaker), !row.own, -nearness(row.breaker).value_or(0));
        };
        return rank(a) < rank(b);
    });
    return rows;
}

int urgency(const Breaker& breaker) {
    switch (breaker.effective) {
    case BreakerMode::Open:
        return 0;
    case BreakerMode::ForcedOpen:
        return 1;
    case BreakerMode::HalfOpen:
        return 2;
    case BreakerMode::ForcedClosed:
    case BreakerMode::Disabled:
    case BreakerMode::MetricsOnly:
        return 3;
    case BreakerMode::Closed:
        break;
    }
    return 4;
}

std::optional<double> nearness(const Breaker& breaker) {
    std::optional<double> nearest;
    for (const auto& each :
         {consecutiveShare(breaker), share(breaker.failureRate, breaker.failureRateThreshold),
          share(breaker.slowRate, breaker.slowCallRateThreshold)})
        if (each && (!nearest || *each > *nearest))
            nearest = each;
    return nearest ? std::optional(std::clamp(*nearest, 0.0, 1.0)) : std::nullopt;
}

namespace {

/// The nearest of its thresholds in words.
QString nearestText(const Breaker& breaker) {
    const auto nearest = nearness(breaker);
    if (!nearest)
        return QStringLiteral("–");
    if (consecutiveShare(breaker) && *consecutiveShare(breaker) >= *nearest)
        return B::tr("%1 of %2 in a row")
            .arg(breaker.consecutiveFailures)
            .arg(*breaker.failureThreshold);
    const auto percent = [](double value) { return numberText(100 * value, 0); };
    const auto failing = share(breaker.failureRate, breaker.failureRateThreshold);
    if (failing && *failing >= *nearest)
        return B::tr("%1 % of %2 % failing")
            .arg(percent(*breaker.failureRate), percent(*breaker.failureRateThreshold));
    return B::tr("%1 % of %2 % slow")
        .arg(percent(*breaker.slowRate), percent(*breaker.slowCallRateThreshold));
}

} // namespace

QString nearnessText(const Breaker& breaker) {
    const QString text = nearestText(breaker);
    return breaker.failuresToOpen ? B::tr("%1, %2 to go").arg(text).arg(*breaker.failuresToOpen)
                                  : text;
}

QString windowText(const Breaker& breaker) {
    if (!breaker.windowSize || !breaker.timeBasedWindow)
        return QStringLiteral("–");
    return *breaker.timeBasedWindow
               ? B::tr("last %1").arg(shortDuration(std::chrono::seconds(*breaker.windowSize)))
               : B::tr("last %1 calls").arg(*breaker.windowSize);
}

QString factsText(const Breaker& breaker) {
    QStringList facts;
    if (breaker.opens && breaker.resets)
        facts << B::tr("opened %1 times, closed again %2 times")
                     .arg(*breaker.opens)
                     .arg(*breaker.resets);
    if (breaker.windowSize && breaker.minimumCalls)
        facts << B::tr("%1, rates from %2 on").arg(windowText(breaker)).arg(*breaker.minimumCalls);
    if (breaker.slowCallDurationThreshold)
        facts << B::tr("slow from %1").arg(shortDuration(*breaker.slowCallDurationThreshold));
    return facts.join(QStringLiteral(" · "));
}

QString countdownText(const Breaker& breaker, WallTime now) {
    const auto left = [now](WallTime until) {
        return until > now ? shortDuration(until - now) : shortDuration(Duration::zero());
    };
    if (breaker.override_)
        return breaker.override_->until ? B::tr("%1 more").arg(left(*breaker.override_->until))
                                        : B::tr("until lifted");
    if (breaker.effective == BreakerMode::Open && breaker.nextAttemptAt)
        return *breaker.nextAttemptAt > now ? B::tr("in %1").arg(left(*breaker.nextAttemptAt))
                                            : B::tr("with the next call");
    return {};
}

std::vector<TransitionRow> transitionRows(const BreakerRow& row) {
    std::vector<TransitionRow> rows;
    int number = 0;
    for (const BreakerTransition& transition : row.breaker.transitions)
        rows.push_back(
            {QStringLiteral("%1/%2").arg(transition.at.time_since_epoch().count()).arg(number++),
             transition, row.now});
    std::reverse(rows.begin(), rows.end());
    return rows;
}

} // namespace vigie::panels::breakers
