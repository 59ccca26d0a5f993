#pragma once

#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/config/settings.h"
#include "core/errors/classify.h"
#include "core/http/endpoint.h"
#include "core/resilience/profileset.h"

#include <functional>
#include <memory>
#include <vector>

namespace vigie {

/// What a check of a service found.
struct ServiceFinding {
    QString version; ///< as the service tells it; may be empty
    QString summary; ///< one clause: "3 models, llama3:8b among them"
};

/// Something a fleet leans on, as far as its health goes. Its client, beside it, is what calls it.
class Service {
public:
    virtual ~Service() = default;
    /// One real and cheap call, or two; an answer that says it does not work is a failure. This
    /// object must outlive the task.
    virtual Task<Outcome<ServiceFinding>> check(std::stop_token stop) = 0;
    virtual const Endpoint& endpoint() const = 0;
};

/// What a service is built from; all outlive it.
struct ServiceContext {
    Clock& clock;
    HttpClient& client;
    const Settings& settings; ///< holds the descriptor's settings
    std::shared_ptr<const ErrorClassifier> classifier = std::make_shared<ErrorClassifier>();
    bool resilienceEnabled = true;                ///< RESILIENCE_ENABLED
    std::shared_ptr<const ProfileSet> profiles{}; ///< null: those that are built in
    bool breakerEnabled = true;                   ///< CIRCUIT_BREAKER_ENABLED
    SharedCalls shared{};                         ///< with the other calls of the program
};

struct ServiceDescriptor {
    QString name; ///< "ollama"
    QString summary;
    /// Section "services.<name>": `url`, what proves who calls, and the service's own keys. Their
    /// flags are for `vigied service check <name>`; a daemon that reads several services' settings
    /// takes them without (serviceSettings()).
    std::vector<SettingSpec> settings;
    /// Invalid when a setting is missing or wrong, or a key file can't be read.
    std::function<Outcome<std::unique_ptr<Service>>(const ServiceContext&)> create;
};

namespace services {
/// All services of this build; generated from the sub-folders.
std::vector<ServiceDescriptor> registry();
} // namespace services

/// The settings of all services, without flags, for a program that serves several.
inline std::vector<SettingSpec> serviceSettings() {
    std::vector<SettingSpec> all;
    for (ServiceDescriptor& each : services::registry()) {
        for (SettingSpec& spec : each.settings) {
            spec.flag.clear();
            all.push_back(std::move(spec));
        }
    }
    return all;
}

} // namespace vigie
