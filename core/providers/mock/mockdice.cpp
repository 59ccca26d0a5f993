#include "core/providers/mock/mockdice.h"

#include "core/base/timeformat.h"

#include <array>
#include <cmath>
#include <utility>

namespace vigie {

QString toString(MockFault fault) {
    switch (fault) {
    case MockFault::None:
        break;
    case MockFault::Crash:
        return QStringLiteral("crash");
    case MockFault::Silent:
        return QStringLiteral("silent");
    case MockFault::AgentDead:
        return QStringLiteral("agent_dead");
    case MockFault::Hung:
        return QStringLiteral("hung");
    case MockFault::Vanish:
        return QStringLiteral("vanish");
    }
    return QStringLiteral("none");
}

double MockDice::uniform() {
    return static_cast<double>(m_random()) / 4294967296.0;
}

std::size_t MockDice::below(std::size_t bound) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(bound));
}

Duration MockDice::exponential(Duration mean) {
    return fromSeconds(-toSeconds(mean) * std::log(1 - uniform()));
}

Duration MockDice::around(Duration mean, double share) {
    return fromSeconds(toSeconds(mean) * (1 - share + 2 * share * uniform()));
}

MockFault MockDice::fault(const MockFaults& weights) {
    const std::array<std::pair<MockFault, double>, 5> table{{
        {MockFault::Crash, weights.crash},
        {MockFault::Silent, weights.silent},
        {MockFault::AgentDead, weights.agentDead},
        {MockFault::Hung, weights.hung},
        {MockFault::Vanish, weights.vanish},
    }};
    double sum = 0;
    for (const auto& [fault, weight] : table)
        sum += weight;
    double rest = uniform() * sum;
    for (const auto& [fault, weight] : table) {
        if (rest < weight)
            return fault;
        rest -= weight;
    }
    return MockFault::None;
}

StartHang MockDice::startHang(const MockFaults& faults) {
    if (!happens(faults.hangAtStart))
        return StartHang::None;
    constexpr std::array stages{StartHang::Booting, StartHang::Installing, StartHang::Starting};
    return stages[below(stages.size())];
}

} // namespace vigie
