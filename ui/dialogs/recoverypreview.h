#pragma once

#include "core/model/command.h"
#include "core/model/fleetsnapshot.h"
#include "ui/models/cell.h"

namespace vigie {

/// What an action would do to one instance.
struct RecoveryItem {
    QString key;
    command::Act::Target target;
    QString source, zone, pool;
    InstanceStatus status = InstanceStatus::Unknown;
    Verdict verdict = Verdict::Unknown;
    QString effect; ///< what will happen
    QString whyNot; ///< why it is left out; empty when it is allowed
    // while and after it is carried out
    std::optional<ItemState> result;
    QString message;
};

/// Instances that serve in one pool, before and after.
struct PoolCapacity {
    QString pool;
    int total = 0;
    int before = 0;
    int after = 0;
};

struct RecoveryPreview {
    Action action = Action::Terminate;
    std::vector<RecoveryItem> items; ///< those that are allowed first
    std::vector<PoolCapacity> pools; ///< of the allowed items
    int allowed = 0;
};

/// Everything the recovery dialog says before anything is sent. Pure.
RecoveryPreview previewRecovery(const FleetSnapshot& snapshot, Action action,
                                const std::vector<command::Act::Target>& targets);

std::vector<Column<RecoveryItem>> recoveryColumns();

} // namespace vigie
