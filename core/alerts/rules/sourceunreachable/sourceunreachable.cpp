#include "core/alerts/alertrule.h"
#include "core/base/timeformat.h"

namespace vigie::rules::sourceunreachable {

namespace {

std::vector<WantedAlert> evaluate(const AlertFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const SourceStatus& source : facts.sources) {
        if (source.freshness != Freshness::Unreachable)
            continue;
        WantedAlert alert;
        alert.labels = {{QStringLiteral("source"), source.id.value()}};
        alert.summary = QStringLiteral("%1 is unreachable%2.")
                            .arg(facts.nameOf(source.id),
                                 source.lastSuccess ? QStringLiteral("; its last answer came at ") +
                                                          toRfc3339(*source.lastSuccess)
                                                    : QStringLiteral("; it has never answered"));
        alert.description =
            QStringLiteral("What is shown of it is old and may be wrong.%1")
                .arg(source.lastFailure ? QLatin1Char(' ') + source.lastFailure->message
                                        : QString());
        alert.needsSight = false;
        wanted.push_back(std::move(alert));
    }
    return wanted;
}

} // namespace

AlertRule descriptor() {
    return {QStringLiteral("SourceUnreachable"), Severity::Critical, evaluate};
}

} // namespace vigie::rules::sourceunreachable
