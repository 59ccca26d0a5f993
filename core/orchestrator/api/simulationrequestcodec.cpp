#include "core/orchestrator/api/requestcodec.h"
#include "core/orchestrator/api/simulationrequest.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace vigie {

namespace {

Failure badSimulation(const QString& message) {
    return {FailureKind::Invalid, message, 0, {}, QStringLiteral("invalid_request"), {}};
}

bool isWholeWithin(const QJsonValue& value, double least, double most) {
    const double number = value.toDouble(-1);
    return number >= least && number <= most && std::floor(number) == number;
}

} // namespace

Outcome<SimulationOrder> decodeSimulation(const QByteArray& body) {
    if (auto wrong = whyNoJsonObject(body))
        return fail(std::move(*wrong));
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    SimulationOrder order;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QJsonValue& value = it.value();
        if (it.key() == u"scenario" && value.isString()) {
            if (value.toString() == u"all") {
                for (const auto& [name, file] : builtInScenarios())
                    order.scenarios.append(name);
            } else {
                order.scenarios = {value.toString()};
            }
        } else if (it.key() == u"seed" && isWholeWithin(value, 0, 4294960000.0)) {
            order.firstSeed = static_cast<quint32>(value.toInteger());
        } else if (it.key() == u"seeds" && isWholeWithin(value, 1, SimulationDesk::mostSeeds)) {
            order.seeds = value.toInt();
        } else {
            return fail(badSimulation(
                QStringLiteral("field \"%1\" is none of: scenario (a name of GET /scenarios, or "
                               "\"all\"), seed (the first, 0 to 4294960000), seeds (1 to %2)")
                    .arg(it.key().left(50))
                    .arg(SimulationDesk::mostSeeds)));
        }
    }
    if (order.scenarios.isEmpty())
        return fail(badSimulation(QStringLiteral("field \"scenario\" is missing: a name of GET "
                                                 "/scenarios, or \"all\"")));
    return order;
}

} // namespace vigie
