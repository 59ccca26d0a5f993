#pragma once

#include <QString>

#include <array>
#include <optional>

namespace vigie {

/// The states of an instance (orchestrator contract, part A; WorkerDead is ours).
enum class InstanceStatus {
    Provisioning,
    Booting,
    Installing,
    Starting,
    Ready,
    Unavailable,
    Draining,
    WorkerDead,
    Terminating,
    Terminated,
    Archived,
    Failed,
    ProvisioningFailed,
    StartupFailed,
    Unknown, ///< a word this version does not know; shown as it came, never judged
};

/// Every status a control plane can be in, in the order of an instance's life (not Unknown).
inline constexpr std::array allInstanceStatuses{
    InstanceStatus::Provisioning,       InstanceStatus::Booting,       InstanceStatus::Installing,
    InstanceStatus::Starting,           InstanceStatus::Ready,         InstanceStatus::Unavailable,
    InstanceStatus::Draining,           InstanceStatus::WorkerDead,    InstanceStatus::Terminating,
    InstanceStatus::Terminated,         InstanceStatus::Archived,      InstanceStatus::Failed,
    InstanceStatus::ProvisioningFailed, InstanceStatus::StartupFailed,
};

/// The word on the wire: "worker_dead".
QString toString(InstanceStatus status);
/// Unknown for a word that is not in the contract.
InstanceStatus instanceStatusFromString(QStringView word);

/// Terminated or archived: nothing more will happen by itself, nothing is billed.
constexpr bool isOver(InstanceStatus s) {
    return s == InstanceStatus::Terminated || s == InstanceStatus::Archived;
}
/// It went wrong and nothing more is tried by itself.
constexpr bool isFailed(InstanceStatus s) {
    return s == InstanceStatus::Failed || s == InstanceStatus::ProvisioningFailed ||
           s == InstanceStatus::StartupFailed;
}
/// On its way to ready: booting, installing or starting.
constexpr bool isStarting(InstanceStatus s) {
    return s == InstanceStatus::Booting || s == InstanceStatus::Installing ||
           s == InstanceStatus::Starting;
}

} // namespace vigie
