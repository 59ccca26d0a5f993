#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <QString>

#include <array>
#include <optional>

namespace vigie {

/// What the durable queue of the control plane can hold; the contract's commands.
enum class CommandKind { Provision, Terminate, SyncCatalog, Reconcile };
inline constexpr std::array allCommandKinds{CommandKind::Provision, CommandKind::Terminate,
                                            CommandKind::SyncCatalog, CommandKind::Reconcile};
QString toString(CommandKind kind); ///< "PROVISION", "SYNC_CATALOG"
std::optional<CommandKind> commandKindFromString(QStringView word);

/// An order that waits in the store until it has had its effect. There is one of each kind for an
/// instance, or for the fleet: asked again while it waits it is the same order, asked again while
/// it is carried out it is delivered once more.
struct QueuedCommand {
    CommandKind kind = CommandKind::Reconcile;
    InstanceId instanceId; ///< empty: of the whole fleet
    QString correlationId; ///< of who asked last
    WallTime askedAt{};    ///< first asked
    int generation = 1;    ///< how often it was asked since it is in the queue
    int attempts = 0;      ///< failed ones
    bool taken = false;    ///< by an orchestrator

    /// What makes it one order: "TERMINATE/<instance>", "RECONCILE".
    QString name() const;
};

} // namespace vigie
