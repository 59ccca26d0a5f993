#include "core/alerts/alertrule.h"
#include "core/base/timeformat.h"

namespace vigie::rules::stuck {

namespace {

std::vector<WantedAlert> evaluate(const AlertFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const auto& view : facts.instances) {
        if (!view->timeInState || !view->stateLimit || *view->timeInState <= *view->stateLimit)
            continue;
        const Instance& instance = view->instance;
        WantedAlert alert;
        alert.labels = labelsOf(*view);
        alert.labels.insert(QStringLiteral("status"), toString(instance.status));
        alert.summary =
            QStringLiteral("Instance %1 on %2 has been %3 for %4; the limit is %5.")
                .arg(instance.id.value(), facts.nameOf(view->source), toString(instance.status),
                     humanDuration(*view->timeInState), humanDuration(*view->stateLimit));
        alert.description =
            instance.errorMessage.isEmpty()
                ? QStringLiteral("It does not get on by itself. Its action log shows the last step "
                                 "that worked; reinstalling or terminating it are the ways out.")
                : QStringLiteral("Its last error: %1").arg(instance.errorMessage);
        wanted.push_back(std::move(alert));
    }
    return wanted;
}

} // namespace

AlertRule descriptor() {
    return {QStringLiteral("InstanceStuck"), Severity::Warning, evaluate};
}

} // namespace vigie::rules::stuck
