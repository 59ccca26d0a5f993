#include "core/alerts/alertrule.h"

namespace vigie::rules::instancefailed {

namespace {

QString whatFailed(InstanceStatus status) {
    switch (status) {
    case InstanceStatus::ProvisioningFailed:
        return QStringLiteral("could not be created");
    case InstanceStatus::StartupFailed:
        return QStringLiteral("did not start");
    default:
        return QStringLiteral("has failed");
    }
}

std::vector<WantedAlert> evaluate(const AlertFacts& facts) {
    std::vector<WantedAlert> wanted;
    for (const auto& view : facts.instances) {
        const Instance& instance = view->instance;
        if (!isFailed(instance.status))
            continue;
        WantedAlert alert;
        alert.labels = labelsOf(*view);
        alert.labels.insert(QStringLiteral("status"), toString(instance.status));
        alert.summary =
            QStringLiteral("Instance %1 on %2 %3%4.")
                .arg(instance.id.value(), facts.nameOf(view->source), whatFailed(instance.status),
                     instance.errorCode.isEmpty()
                         ? QString()
                         : QStringLiteral(" (%1)").arg(instance.errorCode));
        alert.description =
            instance.errorMessage.isEmpty()
                ? QStringLiteral("Nothing more is tried by itself. Its machine, if it has one, is "
                                 "still paid for: terminate it, or reinstall it.")
                : instance.errorMessage;
        wanted.push_back(std::move(alert));
    }
    return wanted;
}

} // namespace

AlertRule descriptor() {
    return {QStringLiteral("InstanceFailed"), Severity::Warning, evaluate};
}

} // namespace vigie::rules::instancefailed
