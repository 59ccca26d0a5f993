#include "core/alerts/alertrule.h"

namespace vigie::rules::breakeropen {

namespace {

/// Half-open counts as open still: a trial is under way, nothing is healed yet. Otherwise the alert
/// would flap with every trial.
bool isOpen(const Breaker& breaker) {
    return breaker.effective == BreakerMode::Open || breaker.effective == BreakerMode::ForcedOpen ||
           breaker.effective == BreakerMode::HalfOpen;
}

WantedAlert wantedFor(const Breaker& breaker, const SourceStatus& source, bool own,
                      const AlertFacts& facts) {
    WantedAlert alert;
    alert.labels = {
        {QStringLiteral("source"), source.id.value()},
        {QStringLiteral("breaker"), breaker.name},
        {QStringLiteral("owner"), own ? QStringLiteral("dashboard") : source.kind},
    };
    alert.needsSight = !own; // the breaker around a source is ours, seen also while it is not
    const QString who = facts.nameOf(source.id);
    alert.summary = own ? QStringLiteral("The dashboard's circuit breaker for %1 is %2.")
                              .arg(who, toString(breaker.effective))
                        : QStringLiteral("Circuit breaker %1 of %2 is %3.")
                              .arg(breaker.name, who, toString(breaker.effective));
    if (breaker.override_ && breaker.effective == BreakerMode::ForcedOpen)
        alert.description = QStringLiteral("%1 forced it open: %2")
                                .arg(breaker.override_->actor, breaker.override_->reason);
    else if (own)
        alert.description =
            source.lastFailure
                ? source.lastFailure->message
                : QStringLiteral("Its last calls failed; it is tried again by itself.");
    else
        alert.description = QStringLiteral("Calls through it are refused until a trial succeeds "
                                           "(%1 refused so far).")
                                .arg(breaker.notPermitted);
    return alert;
}

std::vector<WantedAlert> evaluate(const AlertFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const SourceStatus& source : facts.sources) {
        if (isOpen(source.breaker))
            wanted.push_back(wantedFor(source.breaker, source, true, facts));
        for (const Breaker& breaker : source.remoteBreakers) {
            if (isOpen(breaker))
                wanted.push_back(wantedFor(breaker, source, false, facts));
        }
    }
    return wanted;
}

} // namespace

AlertRule descriptor() {
    return {QStringLiteral("BreakerOpen"), Severity::Warning, evaluate};
}

} // namespace vigie::rules::breakeropen
