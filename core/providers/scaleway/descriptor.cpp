#include "core/providers/scaleway/scalewayprovider.h"
#include "core/providers/scaleway/scalewaysettings.h"

#include <QDir>

namespace vigie::providers::scaleway {

namespace {

Outcome<std::unique_ptr<Provider>> create(const ProviderContext& context) {
    auto options = scalewayOptions(context.settings);
    if (!options)
        return fail(options.error());
    if (!QDir().mkpath(context.stateDirectory))
        return fail(FailureKind::Storage,
                    QStringLiteral("%1: the directory can't be made").arg(context.stateDirectory));
    options->journalFile = context.stateDirectory + QStringLiteral("/scaleway-creates.json");
    auto provider = ScalewayProvider::open(context.clock, std::move(*options));
    if (!provider)
        return fail(provider.error());
    return std::unique_ptr<Provider>(std::move(*provider));
}

} // namespace

ProviderDescriptor descriptor() {
    return {QStringLiteral("scaleway"), QStringLiteral("servers of one Scaleway project"),
            scalewaySettings(), create};
}

} // namespace vigie::providers::scaleway
