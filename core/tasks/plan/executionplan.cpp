#include "core/tasks/plan/executionplan.h"

#include <algorithm>

namespace vigie {

QString toString(ExecutionStrategy strategy) {
    switch (strategy) {
    case ExecutionStrategy::Serial:
        return QStringLiteral("serial");
    case ExecutionStrategy::Parallel:
        return QStringLiteral("parallel");
    case ExecutionStrategy::ParallelLimited:
        break;
    }
    return QStringLiteral("parallel-limited");
}

int ExecutionPlan::width() const {
    const int all = std::max(static_cast<int>(tasks.size()), 1);
    switch (strategy) {
    case ExecutionStrategy::Serial:
        return 1;
    case ExecutionStrategy::Parallel:
        return all;
    case ExecutionStrategy::ParallelLimited:
        break;
    }
    return std::clamp(limit, 1, all);
}

const EngineConfig* ExecutionPlan::engine(const QString& called) const {
    const auto found = std::ranges::find(engines, called, &EngineConfig::name);
    return found == engines.end() ? nullptr : &*found;
}

QString idempotencyKey(const QString& runId, const QString& taskId) {
    return QStringLiteral("vigie:%1:%2").arg(runId, taskId);
}

} // namespace vigie
