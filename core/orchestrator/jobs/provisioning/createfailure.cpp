#include "core/orchestrator/jobs/provisioning/createfailure.h"

#include "core/model/action.h"
#include "core/orchestrator/backoff.h"

#include <algorithm>

namespace vigie::jobs::provisioning {

bool mayHaveHappened(const Failure& failure) {
    return failure.kind == FailureKind::OutcomeUnknown || failure.kind == FailureKind::Timeout ||
           failure.kind == FailureKind::Cancelled;
}

QString codeOf(const Failure& failure) {
    for (const auto* ours : {errorcode::missingZone, errorcode::providerStartFailed,
                             errorcode::providerStartTimeout}) {
        if (failure.code == QStringView(ours))
            return failure.code;
    }
    return QStringView(isOutOfStock(failure) ? errorcode::providerOutOfStock
                                             : errorcode::providerCreateFailed)
        .toString();
}

std::optional<Failure> whyNoZone(const Provider& provider, const Instance& instance) {
    const std::vector<ProviderZone> zones = provider.zones();
    const bool offered =
        std::ranges::any_of(zones, [&](const ProviderZone& z) { return z.zone == instance.zone; });
    if (offered || (zones.empty() && !instance.zone.isEmpty()))
        return std::nullopt;
    return Failure{FailureKind::Invalid,
                   QStringLiteral("The provider %1 does not offer the zone \"%2\".")
                       .arg(provider.code(), instance.zone),
                   0,
                   {},
                   QStringView(errorcode::missingZone).toString(),
                   {}};
}

} // namespace vigie::jobs::provisioning
