#include "core/runtime/statelimits.h"

namespace vigie {

using namespace std::chrono_literals;

std::optional<Duration> stateLimit(InstanceStatus status, const EngineOptions& options) {
    switch (status) {
    case InstanceStatus::Provisioning:
        return 30min;
    case InstanceStatus::Booting:
        return options.bootingLimit;
    case InstanceStatus::Installing:
        return options.installingLimit;
    case InstanceStatus::Starting:
        return options.startingLimit;
    case InstanceStatus::Draining:
        return 1h;
    case InstanceStatus::Terminating:
        return 10min;
    case InstanceStatus::Ready:
    case InstanceStatus::Unavailable:
    case InstanceStatus::WorkerDead:
    case InstanceStatus::Terminated:
    case InstanceStatus::Archived:
    case InstanceStatus::Failed:
    case InstanceStatus::ProvisioningFailed:
    case InstanceStatus::StartupFailed:
    case InstanceStatus::Unknown:
        break;
    }
    return std::nullopt;
}

std::optional<WallTime> stateSince(const Instance& instance) {
    if (instance.stateSince)
        return instance.stateSince;
    if (instance.status == InstanceStatus::Provisioning)
        return instance.createdAt; // it starts out in this state
    if (instance.status == InstanceStatus::Terminated)
        return instance.terminatedAt;
    return std::nullopt;
}

} // namespace vigie
