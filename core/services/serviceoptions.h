#pragma once

#include "core/services/service.h"
#include "core/services/servicesettings.h"

namespace vigie {

/// What the options of every service have in common, from its settings: address, key, time-out and
/// the engine it calls through. Invalid as serviceUrl() and serviceKey() say.
template <typename Options>
Outcome<Options> commonServiceOptions(const QString& service, const ServiceContext& context) {
    const auto url = serviceUrl(service, context.settings);
    if (!url)
        return fail(url.error());
    const auto key = serviceKey(service, context.settings);
    if (!key)
        return fail(key.error());
    Options options;
    options.url = *url;
    options.key = *key;
    options.callTimeout = context.settings.seconds(servicePath(service, "timeout_seconds"));
    options.classifier = context.classifier;
    options.resilienceEnabled = context.resilienceEnabled;
    options.breakerEnabled = context.breakerEnabled;
    options.shared = context.shared;
    options.profiles = context.profiles;
    return options;
}

} // namespace vigie
