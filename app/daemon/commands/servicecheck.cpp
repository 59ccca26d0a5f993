#include "core/services/servicecheck.h"

#include "app/daemon/commands/command.h"
#include "core/calls/profiles.h"
#include "core/errors/errorpolicy.h"
#include "core/services/servicecheckcodec.h"
#include "core/services/servicesettings.h"

#include <QRandomGenerator>

#include <algorithm>

namespace vigie::commands {

namespace {

Task<int> check(ServiceDescriptor descriptor, Context context) {
    const Settings& settings = context.line.settings();
    const auto classifier = errorClassifierFrom(settings);
    if (!classifier)
        co_return complain(classifier.error());
    const auto profiles = loadProfiles(settings.text(QStringLiteral("resilience.profiles")));
    if (!profiles)
        co_return complain(profiles.error());
    const QString faultsFile = settings.text(QStringLiteral("resilience.faults"));
    auto rules = loadFaultRules(faultsFile);
    if (!rules)
        co_return complain(rules.error());
    FaultInjection faults(QRandomGenerator::global()->generate64());
    if (!rules->empty())
        warnOfFaults(faultsFile);
    faults.set(std::move(*rules), context.clock.now());
    SharedCalls shared;
    shared.faults = &faults;
    const auto client = serviceHttpClient(descriptor.name, context.clock, settings);
    if (!client)
        co_return complain(client.error());
    const ServiceContext parts{context.clock,
                               **client,
                               settings,
                               *classifier,
                               settings.boolean(QStringLiteral("resilience.enabled")),
                               std::make_shared<const ProfileSet>(*profiles),
                               settings.boolean(QStringLiteral("circuit_breaker.enabled")),
                               shared};
    const auto service = descriptor.create(parts);
    if (!service)
        co_return complain(service.error());
    const QString address = settings.text(servicePath(descriptor.name, "url"));
    Task<ServiceCheck> checking =
        checkService(**service, descriptor.name, address, context.clock, *classifier, context.stop);
    const ServiceCheck result = co_await checking;
    if (context.line.has(QStringLiteral("json")))
        say(encodeServiceCheck(result) + '\n');
    else
        say(toLine(result).toUtf8() + '\n');
    co_return result.healthy ? success : runTimeFailure;
}

} // namespace

std::vector<Command> serviceChecks() {
    std::vector<Command> commands;
    for (ServiceDescriptor& service : services::registry()) {
        Command command;
        command.words = {QStringLiteral("service"), QStringLiteral("check"), service.name};
        command.summary = QStringLiteral("Check a service with one real call. %1. Ends with 0 when "
                                         "it is healthy, 1 when not")
                              .arg(service.summary);
        command.switches = {{QStringLiteral("json"),
                             {},
                             QStringLiteral("Print the result as one JSON object"),
                             false,
                             {}}};
        command.settings = service.settings;
        for (SettingSpec& spec : profileSettings())
            command.settings.push_back(std::move(spec));
        command.run = [service](Context context) { return check(service, std::move(context)); };
        commands.push_back(std::move(command));
    }
    return commands;
}

} // namespace vigie::commands
