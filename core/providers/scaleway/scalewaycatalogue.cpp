// The part of ScalewayProvider that knows what can be bought, where, and for how much.
#include "core/base/log.h"
#include "core/providers/scaleway/scalewayprovider.h"

#include <algorithm>

namespace vigie {

void ScalewayProvider::refreshCatalogueLater(Duration delay) {
    m_nextCatalogue =
        m_clock.schedule(delay, [this] { m_scope.spawn(refreshCatalogue(m_scope.token())); });
}

Task<> ScalewayProvider::refreshCatalogue(std::stop_token stop) {
    Outcome<std::vector<ProviderType>> types = co_await readCatalogue(stop);
    if (stop.stop_requested())
        co_return;
    take(std::move(types));
    refreshCatalogueLater(m_types.empty() ? m_options.catalogueRetry : m_options.catalogueInterval);
}

Outcome<void> ScalewayProvider::take(Outcome<std::vector<ProviderType>> types) {
    if (types) {
        m_types = std::move(*types);
        return {};
    }
    logWarning(
        QStringLiteral("providers.scaleway"),
        QStringLiteral("the catalogue was not read%1: %2")
            .arg(m_types.empty() ? QStringLiteral(", nothing can be deployed yet") : QString(),
                 types.error().message));
    return fail(types.error());
}

Task<Outcome<void>> ScalewayProvider::syncCatalog(CallToken stop) {
    Outcome<std::vector<ProviderType>> types = co_await readCatalogue(stop);
    if (stop.stop_requested())
        co_return fail(FailureKind::Cancelled, QStringLiteral("the daemon stops"));
    co_return take(std::move(types));
}

Task<Outcome<std::vector<ProviderType>>> ScalewayProvider::readCatalogue(CallToken stop) {
    std::vector<ProviderType> all;
    for (const QString& zone : m_options.zones) {
        const Outcome<std::vector<ScalewayType>> sold = co_await m_api.serverTypes(zone, stop);
        if (!sold)
            co_return fail(sold.error());
        const Outcome<QHash<QString, QString>> stock = co_await m_api.stock(zone, stop);
        if (!stock)
            co_return fail(stock.error());
        for (const ScalewayType& each : *sold) {
            if (!m_options.types.isEmpty() && !m_options.types.contains(each.name))
                continue;
            auto known = std::ranges::find(all, each.name, &ProviderType::name);
            if (known == all.end()) {
                all.push_back({each.name, each.hourlyPrice, each.cpus, each.ramGb, each.gpus,
                               each.gpuVramGb});
                known = std::prev(all.end());
            }
            // Zones differ in price: the dearest is the one nobody is surprised by.
            known->costPerHour = std::max(known->costPerHour, each.hourlyPrice);
            known->stock.insert(zone, stock->value(each.name));
        }
    }
    for (const QString& wanted : m_options.types) {
        if (std::ranges::find(all, wanted, &ProviderType::name) == all.end())
            logWarning(
                QStringLiteral("providers.scaleway"),
                QStringLiteral("no zone of providers.scaleway.zones sells \"%1\"").arg(wanted));
    }
    co_return all;
}

} // namespace vigie
