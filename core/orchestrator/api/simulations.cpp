#include "core/orchestrator/api/answer.h"
#include "core/orchestrator/api/context.h"
#include "core/orchestrator/api/handlers.h"
#include "core/orchestrator/api/requestcodec.h"
#include "core/orchestrator/api/simulationrequest.h"

#include <algorithm>

namespace vigie::simulations {

namespace {

ServerResponse unknownSimulation(const Call& call) {
    return answer::error(404, QStringLiteral("simulation_not_found"),
                         QStringLiteral("there is no simulation \"%1\" here; the newest %2 of this "
                                        "daemon are kept until it ends")
                             .arg(call.parameters.value(QStringLiteral("id")).left(64))
                             .arg(SimulationDesk::kept));
}

} // namespace

Task<ServerResponse> scenarios(ApiContext& context, Call call) {
    Q_UNUSED(context);
    Q_UNUSED(call);
    std::vector<Scenario> all;
    for (const auto& [name, file] : builtInScenarios()) {
        auto scenario = readScenario(file);
        if (!scenario)
            co_return answer::failed(scenario.error());
        all.push_back(std::move(*scenario));
    }
    co_return answer::json(encodeScenarios(all));
}

Task<ServerResponse> begin(ApiContext& context, Call call) {
    auto order = decodeSimulation(call.request.body);
    if (!order)
        co_return answer::failed(order.error());
    order->actor = call.caller.name;
    const Outcome<QString> id = context.simulations->begin(std::move(*order));
    if (!id)
        co_return answer::failed(id.error());
    co_return answer::json(encodeSimulation(*context.simulations->find(*id), false), 202);
}

Task<ServerResponse> list(ApiContext& context, Call call) {
    Q_UNUSED(call);
    QByteArray all("[");
    for (const SimulationReport& each : context.simulations->reports()) {
        if (all.size() > 1)
            all += ',';
        all += encodeSimulation(each, false);
    }
    co_return answer::json(all + ']');
}

Task<ServerResponse> one(ApiContext& context, Call call) {
    const SimulationReport* report =
        context.simulations->find(call.parameters.value(QStringLiteral("id")));
    if (!report)
        co_return unknownSimulation(call);
    co_return answer::json(encodeSimulation(*report, true));
}

Task<ServerResponse> abort(ApiContext& context, Call call) {
    if (const auto more = whyMoreThanReason(call.request.body))
        co_return answer::failed(*more);
    const QString id = call.parameters.value(QStringLiteral("id"));
    if (!context.simulations->abort(id))
        co_return unknownSimulation(call);
    co_return answer::json(encodeSimulation(*context.simulations->find(id), false));
}

} // namespace vigie::simulations
